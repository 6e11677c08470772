// hyperbolic_tangent(x) = tanh(x), accurate to 6 ulp: x P(x^2) / Q(x^2) for |x| <= 9, beyond which it is 1 in float32.
// WGSL's tanh is only accurate to 1e-5 absolute, so it may have no correct digit near 0, and it may be NaN beyond 88.
// scripts/generate/fitTanhExp.py fits the polynomials.
fn hyperbolic_tangent(x: f32) -> f32 {
  let held = clamp(x, -9.0, 9.0);
  let z = held * held;
  var p = -8.4894013e-14;
  p = fma(p, z, 5.2782476e-11);
  p = fma(p, z, -2.0225908e-8);
  p = fma(p, z, 1.11544887e-5);
  p = fma(p, z, 0.0031039743);
  p = fma(p, z, 0.13084027);
  p = fma(p, z, 1.0);
  var q = 0.0002546171;
  q = fma(q, z, 0.024495251);
  q = fma(q, z, 0.46417353);
  q = fma(q, z, 1.0);
  return select(clamp(held * p / q, -1.0, 1.0), x, is_nan(x));
}

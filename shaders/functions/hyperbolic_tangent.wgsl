// hyperbolic_tangent(x) = tanh(x). Held to |x| <= 15, where it is 1 in float32: beyond 88 WGSL's may be NaN.
fn hyperbolic_tangent(x: f32) -> f32 {
  return select(tanh(clamp(x, -15.0, 15.0)), x, is_nan(x));
}

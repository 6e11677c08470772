// normal_quantile(u): the z that a standard normal variable stays below with probability u, 0 < u < 1. x = 2u - 1, w =
// -log(4u (1 - u)); z = x P(w - 2.5) for w < 5, else x Q(sqrt(w) - 3). scripts/generate/fitNormal.py fits the polynomials
// (relative error 3e-7), in the variables of Giles, "Approximating the erfinv function", 2011.
// src/tensor/define/normalQuantile.ts implements the same arithmetic.
fn normal_quantile(u: f32) -> f32 {
  let x = 2.0 * u - 1.0;
  let w = -logarithm(4.0 * u * (1.0 - u));
  if (w < 5.0) {
    let v = w - 2.5;
    var p = 3.293115113933709e-8;
    p = p * v + 4.844033014705929e-7;
    p = p * v - 4.897925009572646e-6;
    p = p * v - 6.199391464178916e-6;
    p = p * v + 0.0003087891673203558;
    p = p * v - 0.0017730683321133256;
    p = p * v - 0.005907721351832151;
    p = p * v + 0.34880271553993225;
    return x * (p * v + 2.1233134269714355);
  }
  let v = square_root(w) - 3.0;
  var q = -0.00020093447528779507;
  q = q * v + 8.251688996097073e-5;
  q = q * v + 0.0018026864854618907;
  q = q * v - 0.005132592748850584;
  q = q * v + 0.008161583915352821;
  q = q * v - 0.010797751136124134;
  q = q * v + 0.013342167250812054;
  q = q * v + 1.4165823459625244;
  return x * (q * v + 4.006434440612793);
}

// error_function(x) = 2 / sqrt(pi) * integral of e^(-t^2) from 0 to x; NaN for NaN. x P(x^2) for |x| < 1, else 1 -
// R(|x| - 2.5)^4 with the sign of x. scripts/generate/fitErf.py fits the polynomials.
fn error_function(x: f32) -> f32 {
  if (abs(x) < 1.0) {
    let z = x * x;
    var p = 7.8824974e-5;
    p = fma(p, z, -0.00080188555);
    p = fma(p, z, 0.0051893122);
    p = fma(p, z, -0.026854328);
    p = fma(p, z, 0.11283597);
    p = fma(p, z, -0.37612626);
    return x * fma(p, z, 1.1283791);
  }
  // From 4 on, the result is 1 in float32.
  let v = min(abs(x), 4.0) - 2.5;
  var r = -2.2055998e-5;
  r = fma(r, v, -0.00026633398);
  r = fma(r, v, -5.116604e-6);
  r = fma(r, v, 0.0027602701);
  r = fma(r, v, -0.006397957);
  r = fma(r, v, -0.0122636035);
  r = fma(r, v, 0.09363098);
  r = fma(r, v, -0.19006778);
  r = fma(r, v, 0.14203195);
  let square = r * r;
  let size = 1.0 - square * square;
  let signed = bitcast<f32>(bitcast<u32>(size) | (bitcast<u32>(x) & 0x80000000u));
  return select(signed, x, is_nan(x));
}

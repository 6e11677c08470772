// error_function(x) = 2 / sqrt(pi) * integral of e^(-t^2) from 0 to x; NaN for NaN.
// x P(x^2) for |x| < 1, else 1 - e^Q(|x| - 2.5) with x's sign; the polynomials are fitted by scripts/fitErf.py.
fn error_function(x: f32) -> f32 {
  if (abs(x) < 1.0) {
    let z = x * x;
    var p = 7.8824974e-5;
    p = p * z - 0.00080188555;
    p = p * z + 0.0051893122;
    p = p * z - 0.026854328;
    p = p * z + 0.11283597;
    p = p * z - 0.37612626;
    return x * (p * z + 1.1283791);
  }
  // At 4 it is 1 in float32.
  let v = min(abs(x), 4.0) - 2.5;
  var q = -1.3309390e-5;
  q = q * v + 8.4657702e-5;
  q = q * v - 0.00042014456;
  q = q * v + 0.0021549463;
  q = q * v - 0.010858517;
  q = q * v - 0.94388902;
  q = q * v - 5.3526807;
  return select(sign(x) * (1.0 - exp(q * v - 7.8068156)), x, is_nan(x));
}

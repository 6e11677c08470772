// exponential(x) = e^x; Infinity above ln(2^128), NaN for NaN, where WGSL's exp(NaN) may be Infinity.
fn exponential(x: f32) -> f32 {
  if (is_nan(x)) {
    return x;
  }
  return select(exp(max(x, -104.0)), infinity(x), x > 88.722839);
}

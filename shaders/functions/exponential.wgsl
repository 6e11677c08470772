// exponential(x) = e^x; Infinity above ln(2^128); NaN for NaN, where WGSL's exp may return Infinity.
fn exponential(x: f32) -> f32 {
  return select(select(exp(max(x, -104.0)), infinity(x), x > 88.722839), x, is_nan(x));
}

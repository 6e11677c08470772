// power(x, y) = x^y by the rules of IEEE 754 (a negative base takes whole exponents, x^0 and 1^y are 1), except that
// NaN always yields NaN. Whole exponents up to 32 are computed by multiplication, all others as e^(y log |x|), whose
// error grows with |y log x|.
fn power(x: f32, y: f32) -> f32 {
  if (is_nan(x) || is_nan(y)) {
    return quiet_nan(x);
  }
  let whole = floor(y) == y;
  let steps = abs(y);
  if (whole && steps <= 32.0) {
    var product = 1.0;
    var factor = x;
    for (var n = u32(steps); n > 0u; n >>= 1u) {
      if ((n & 1u) == 1u) {
        product *= factor;
      }
      factor *= factor;
    }
    return select(product, 1.0 / product, y < 0.0);
  }
  let base = abs(x);
  if (x < 0.0 && !whole && base < infinity(base)) {
    return quiet_nan(x);
  }
  let magnitude = select(exponential(y * logarithm(base)), 1.0, base == 1.0);
  // From 2^24 on, every float is even.
  let odd = whole && steps < 16777216.0 && (u32(steps) & 1u) == 1u;
  return select(magnitude, -magnitude, x < 0.0 && odd);
}

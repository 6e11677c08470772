// softplus(x) = log(1 + e^x) = max(x, 0) + log(1 + e^-|x|)
fn softplus(x: f32) -> f32 {
  let e = exponential(-abs(x));
  // For small e, log(1 + e) would lose the digits that 1 + e rounds away, so the series replaces it.
  let tail = select(logarithm(1.0 + e), e * (1.0 - 0.5 * e), e < 1e-3);
  return select(max(x, 0.0) + tail, x, is_nan(x));
}

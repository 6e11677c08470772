// sign_of(x): -1, 0 or 1, and NaN for NaN.
fn sign_of(x: T) -> T {
  return select(sign(x), x, is_nan(f32(x)));
}

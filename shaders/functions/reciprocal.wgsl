// reciprocal(x) = 1 / x, infinite with the sign of x at zero.
fn reciprocal(x: f32) -> f32 {
  return 1.0 / x;
}

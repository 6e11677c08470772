// reciprocal(x) = 1 / x; at zero, Infinity with the sign of x.
fn reciprocal(x: f32) -> f32 {
  return 1.0 / x;
}

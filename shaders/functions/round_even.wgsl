// round_even(x): the nearest whole number, of two equally near the even one.
fn round_even(x: f32) -> f32 {
  return select(round(x), x, is_nan(x));
}

// round_even(x): the nearest integer; ties round to even.
fn round_even(x: f32) -> f32 {
  return select(round(x), x, is_nan(x));
}

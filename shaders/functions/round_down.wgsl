// round_down(x): the greatest integer that is at most x.
fn round_down(x: f32) -> f32 {
  return select(floor(x), x, is_nan(x));
}

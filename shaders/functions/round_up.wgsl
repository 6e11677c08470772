// round_up(x): the least integer that is at least x.
fn round_up(x: f32) -> f32 {
  return select(ceil(x), x, is_nan(x));
}

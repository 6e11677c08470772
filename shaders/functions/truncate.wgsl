// truncate(x): toward zero, held within i32; NaN gives 0, where a plain conversion leaves it open.
fn truncate(x: f32) -> i32 {
  return select(i32(clamp(x, -2147483648.0, 2147483520.0)), 0, is_nan(x));
}

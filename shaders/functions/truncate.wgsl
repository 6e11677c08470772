// truncate(x): rounds toward zero and clamps to i32. NaN yields 0, where a plain conversion is undefined.
fn truncate(x: f32) -> i32 {
  return select(i32(clamp(x, -2147483648.0, 2147483520.0)), 0, is_nan(x));
}

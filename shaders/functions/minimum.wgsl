// minimum(a, b): the smaller, and NaN if either is NaN.
fn minimum(a: T, b: T) -> T {
  return select(select(min(a, b), b, is_nan(f32(b))), a, is_nan(f32(a)));
}

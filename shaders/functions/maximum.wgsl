// maximum(a, b): the greater, and NaN if either is NaN.
fn maximum(a: T, b: T) -> T {
  return select(select(max(a, b), b, is_nan(f32(b))), a, is_nan(f32(a)));
}

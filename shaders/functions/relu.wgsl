// relu(x) = max(x, 0), and NaN for NaN: max(NaN, 0) may be 0 in WGSL.
fn relu(x: T) -> T {
  return select(max(x, T(0)), x, is_nan(f32(x)));
}

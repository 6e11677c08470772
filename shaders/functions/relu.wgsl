// relu(x) = max(x, 0), and NaN for NaN: max(NaN, 0) may be 0 in WGSL.
fn relu(x: f32) -> f32 {
  return select(max(x, 0.0), x, is_nan(x));
}

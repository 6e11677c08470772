// square_root(x) = sqrt(x); NaN below zero, Infinity for Infinity.
// WGSL defines sqrt(x) as 1 / inverseSqrt(x), which leaves both ends open.
fn square_root(x: f32) -> f32 {
  if (is_nan(x) || x < 0.0) {
    return quiet_nan(x);
  }
  return select(sqrt(x), x, x == 0.0 || x > 3.4028234e38);
}

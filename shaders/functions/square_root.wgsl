// square_root(x) = sqrt(x); NaN below zero, Infinity for Infinity. WGSL defines sqrt(x) as 1 / inverseSqrt(x), which
// leaves 0 and Infinity open. So it is used only between them, for bits from 1 to 0x7f7fffff. Values whose bits are
// beyond those of -0 are negative or NaN, and yield NaN.
fn square_root(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  let end = select(x, quiet_nan(x), bits > 0x80000000u);
  return select(end, sqrt(x), bits - 1u < 0x7f7fffffu);
}

// square_root(x) = sqrt(x); NaN below zero, Infinity for Infinity.
// WGSL defines sqrt(x) as 1 / inverseSqrt(x), which leaves both ends open: it is only asked between them, 1 to 0x7f7fffff in
// bits. All that is beyond -0 has no root.
fn square_root(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  let end = select(x, quiet_nan(x), bits > 0x80000000u);
  return select(end, sqrt(x), bits - 1u < 0x7f7fffffu);
}

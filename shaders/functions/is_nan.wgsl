// is_nan(x): true for NaN. It tests the bits, because compilers may assume `x != x` to be false.
fn is_nan(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}

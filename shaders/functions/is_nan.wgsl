// is_nan(x): true for NaN. A test of the bits, because compilers may take `x != x` to be false.
fn is_nan(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}

// infinity(x): Infinity with the sign of x, computed at run time because WGSL rejects it as a constant.
fn infinity(x: f32) -> f32 {
  return bitcast<f32>((bitcast<u32>(x) & 0x80000000u) | 0x7f800000u);
}

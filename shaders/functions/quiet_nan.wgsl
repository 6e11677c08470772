// quiet_nan(x): NaN, computed from the bits of x at run time because WGSL rejects it as a constant.
fn quiet_nan(x: f32) -> f32 {
  return bitcast<f32>(bitcast<u32>(x) | 0x7fc00000u);
}

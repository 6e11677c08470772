// quiet_nan(x): NaN, made of x's bits at run time: WGSL refuses it as a constant.
fn quiet_nan(x: f32) -> f32 {
  return bitcast<f32>(bitcast<u32>(x) | 0x7fc00000u);
}

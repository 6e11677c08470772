// unit_interval(bits): uniform in [0, 1), a multiple of 2^-24.
fn unit_interval(bits: u32) -> f32 {
  return f32(bits >> 8u) * 5.9604644775390625e-8;
}

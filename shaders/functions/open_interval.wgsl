// open_interval(bits): uniform in (0, 1). It is an odd multiple of 2^-24, so that neither end is drawn.
fn open_interval(bits: u32) -> f32 {
  return f32(2u * (bits >> 9u) + 1u) * 5.9604644775390625e-8;
}

// sigmoid(x) = 1 / (1 + e^-x), computed from e^-|x|, which cannot overflow.
fn sigmoid(x: f32) -> f32 {
  let e = exponential(-abs(x));
  return select(e, 1.0, x >= 0.0) / (1.0 + e);
}

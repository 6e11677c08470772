// exponential_less_one(x) = e^x - 1, with the digits that the difference loses near 0.
// Below 1/2 x P(x); the polynomial is fitted by scripts/fitErf.py.
fn exponential_less_one(x: f32) -> f32 {
  var p = 0.00019979497;
  p = p * x + 0.0013997784;
  p = p * x + 0.0083331168;
  p = p * x + 0.041665304;
  p = p * x + 0.16666667;
  p = p * x + 0.5;
  return select(exponential(x) - 1.0, x * (p * x + 1.0), abs(x) < 0.5);
}

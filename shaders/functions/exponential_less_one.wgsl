// exponential_less_one(x) = e^x - 1, without the cancellation of that difference near 0. For |x| < 1/2, it is x P(x).
// scripts/generate/fitErf.py fits the polynomial.
fn exponential_less_one(x: f32) -> f32 {
  var p = 0.00019979497;
  p = p * x + 0.0013997784;
  p = p * x + 0.0083331168;
  p = p * x + 0.041665304;
  p = p * x + 0.16666667;
  p = p * x + 0.5;
  return select(exponential(x) - 1.0, x * (p * x + 1.0), abs(x) < 0.5);
}

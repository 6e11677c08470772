// mul(a, b) = a * b
fn mul(a: T, b: T) -> T {
  return a * b;
}

// add(a, b) = a + b
fn add(a: T, b: T) -> T {
  return a + b;
}

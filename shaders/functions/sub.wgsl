// sub(a, b) = a - b
fn sub(a: T, b: T) -> T {
  return a - b;
}

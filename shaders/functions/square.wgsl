// square(x) = x * x
fn square(x: T) -> T {
  return x * x;
}

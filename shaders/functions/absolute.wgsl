// absolute(x) = |x|
fn absolute(x: T) -> T {
  return abs(x);
}

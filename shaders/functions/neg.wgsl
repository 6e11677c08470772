// neg(x) = -x
fn neg(x: T) -> T {
  return -x;
}

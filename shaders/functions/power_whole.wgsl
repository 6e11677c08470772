// power_whole(x, y) = x^y for integers, wrapping; for y < 0 it is 1 / x^-y, truncated.
fn power_whole(x: i32, y: i32) -> i32 {
  if (y < 0) {
    let odd = (y & 1) == 1;
    return select(0, select(1, x, odd), x == 1 || x == -1);
  }
  var product = 1;
  var factor = x;
  for (var n = y; n > 0; n >>= 1u) {
    if ((n & 1) == 1) {
      product *= factor;
    }
    factor *= factor;
  }
  return product;
}

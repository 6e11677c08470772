// relu(x) = max(x, 0), and NaN for NaN, where WGSL's max(NaN, 0) may be 0. It takes one comparison: as signed integers,
// the bits of all numbers below zero are at most those of -Infinity, and the bits of every NaN are greater.
fn relu(x: T) -> T {
  return select(x, T(0), bitcast<i32>(f32(x)) <= -8388608);
}

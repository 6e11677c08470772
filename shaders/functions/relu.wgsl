// relu(x) = max(x, 0), and NaN for NaN, by one comparison: as whole numbers the bits of what is below zero, down to
// -Infinity's, are at most -Infinity's, and those of every NaN are greater. max(NaN, 0) may be 0 in WGSL.
fn relu(x: T) -> T {
  return select(x, T(0), bitcast<i32>(f32(x)) <= -8388608);
}

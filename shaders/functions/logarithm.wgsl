// logarithm(x): natural logarithm, accurate to 1 ulp; -Infinity at zero, NaN below it. WGSL's log is finite at zero,
// only accurate to 2^-21 near 1, and may treat NaN as a number. x = m 2^e with m in [sqrt(1/2), sqrt(2)); f = m - 1, s
// = f / (2 + f), and log(m) = 2 atanh(s) = f - s (f - R(s^2)), R fitted to 2 s^2/3 + 2 s^4/5 + ...
// (scripts/generate/fitNormal.py).
fn logarithm(x: f32) -> f32 {
  let given = bitcast<u32>(x) & 0x7fffffffu;
  // Arithmetic may flush a subnormal to zero, but its bits count multiples of 2^-149.
  let small = given < 0x00800000u;
  // Adding the distance from sqrt(1/2) to 1 carries into the exponent exactly when m would reach sqrt(2).
  let bits = select(given, bitcast<u32>(f32(given)), small) + (0x3f800000u - 0x3f3504f3u);
  let e = f32(i32(bits >> 23u) - select(127, 276, small));
  let m = bitcast<f32>((bits & 0x007fffffu) + 0x3f3504f3u);
  let f = m - 1.0;
  let s = f / (2.0 + f);
  let z = s * s;
  let tail = z * (0.66666669 + z * (0.40000123 + z * (0.2855078 + z * 0.23331368)));
  // ln(2) is split into two parts, so that e times the first is exact.
  let inside = e * 0.693145751953125 + (f - (s * (f - tail) - e * 1.4286068e-6));
  let ends = select(select(inside, x, given == 0x7f800000u), -infinity(abs(x)), given == 0u);
  return select(ends, quiet_nan(x), is_nan(x) | (bitcast<u32>(x) > 0x80000000u));
}

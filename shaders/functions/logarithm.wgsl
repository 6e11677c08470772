// logarithm(x): natural, good to 1 ulp; -Infinity at zero, NaN below it. WGSL's own is finite at zero, only
// good to 2^-21 near 1, and takes NaN for a number.
// x = m 2^e with m in [sqrt(1/2), sqrt(2)); f = m - 1, s = f / (2 + f), and
// log(m) = 2 atanh(s) = f - s (f - R(s^2)), R fitted to 2 s^2/3 + 2 s^4/5 + ... (scripts/fitNormal.py).
fn logarithm(x: f32) -> f32 {
  if (is_nan(x) || x < 0.0) {
    return quiet_nan(x);
  }
  var bits = bitcast<u32>(x) & 0x7fffffffu;
  if (bits == 0u) {
    return -infinity(abs(x));
  }
  if (bits == 0x7f800000u) {
    return x;
  }
  var exponent = 0;
  if (bits < 0x00800000u) {
    // A subnormal, which arithmetic may flush to zero: its bits count steps of 2^-149.
    bits = bitcast<u32>(f32(bits));
    exponent = -149;
  }
  // Adding the distance from sqrt(1/2) to 1 carries into the exponent just where m would reach sqrt(2).
  bits += 0x3f800000u - 0x3f3504f3u;
  exponent += i32(bits >> 23u) - 127;
  let m = bitcast<f32>((bits & 0x007fffffu) + 0x3f3504f3u);
  let f = m - 1.0;
  let s = f / (2.0 + f);
  let z = s * s;
  let tail = z * (0.66666669 + z * (0.40000123 + z * (0.2855078 + z * 0.23331368)));
  let e = f32(exponent);
  // ln(2) in two parts: e times the first is exact.
  return e * 0.693145751953125 + (f - (s * (f - tail) - e * 1.4286068e-6));
}

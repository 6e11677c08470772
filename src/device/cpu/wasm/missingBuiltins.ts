/** Functions that WGSL has and WebAssembly lacks, in WGSL. Their polynomials are fitted by scripts/fitWasm.py. */
import { readWgsl, type WgslFunction } from "./wgslReader";

const texts: Record<string, string> = {
  // e^x = 2^n e^r with n = round(x / ln 2), |r| <= ln(2) / 2: 1 ulp. 2^n in two factors, so that subnormals are rounded
  // once. ln(2) in two parts: n times the first is exact.
  exp: `fn exp(x: f32) -> f32 {
  let held = clamp(x, -104.0, 89.0);
  let n = round(held * 1.442695);
  let r = fma(n, -1.4286068e-6, fma(n, -0.693145751953125, held));
  var p = 0.0013946446;
  p = fma(p, r, 0.0083691515);
  p = fma(p, r, 0.041666262);
  p = fma(p, r, 0.16666517);
  p = fma(p, r, 0.5);
  let y = 1.0 + fma(r * r, p, r);
  let half = i32(n) >> 1u;
  return y * bitcast<f32>((half + 127) << 23u) * bitcast<f32>((i32(n) - half + 127) << 23u);
}`,
  // tanh(x) = x P(x^2) / Q(x^2) for |x| <= 9, beyond which it is 1 in float32: 6 ulp.
  tanh: `fn tanh(x: f32) -> f32 {
  let held = clamp(x, -9.0, 9.0);
  let z = held * held;
  var p = -8.4894013e-14;
  p = fma(p, z, 5.2782476e-11);
  p = fma(p, z, -2.0225908e-8);
  p = fma(p, z, 1.11544887e-5);
  p = fma(p, z, 0.0031039743);
  p = fma(p, z, 0.13084027);
  p = fma(p, z, 1.0);
  var q = 0.0002546171;
  q = fma(q, z, 0.024495251);
  q = fma(q, z, 0.46417353);
  q = fma(q, z, 1.0);
  return clamp(held * p / q, -1.0, 1.0);
}`,
};

/** The function of a name, if WebAssembly lacks it. */
export function missingBuiltin(name: string): WgslFunction | undefined {
  return Object.hasOwn(texts, name) ? readWgsl(texts[name]!)[0] : undefined;
}

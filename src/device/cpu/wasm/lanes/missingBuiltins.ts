/** WGSL functions that WebAssembly lacks, in WGSL. scripts/generate/fitTanhExp.py fits their polynomials. */
import { readWgsl, type WgslFunction } from "../../../wgsl/wgslReader";

const sources: Record<string, string> = {
  // e^x = 2^n e^r with n = round(x / ln 2), |r| <= ln(2) / 2; error 1 ulp. 2^n is split into two factors, so that
  // subnormal results are rounded once. ln(2) is split into two parts, so that n times the first is exact.
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
};

/** Returns the function of this name if WebAssembly lacks it. */
export function missingBuiltin(name: string): WgslFunction | undefined {
  return Object.hasOwn(sources, name) ? readWgsl(sources[name]!)[0] : undefined;
}

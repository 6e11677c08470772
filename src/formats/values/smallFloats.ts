/**
 * Returns the value of a floating-point number of `1 + exponentBits + mantissaBits` bits: (-1)^s * 2^(e - bias) * 1.m,
 * or 2^(1 - bias) * 0.m for e = 0 (subnormal).
 *
 * With `finite`, as in F8_E4M3, there is no infinity, and NaN is the pattern with all exponent and mantissa bits set.
 */
export function decodeFloat(bits: number, exponentBits: number, mantissaBits: number, finite = false): number {
  const mantissa = bits & (2 ** mantissaBits - 1);
  const top = 2 ** exponentBits - 1;
  const exponent = (bits >> mantissaBits) & top;
  const sign = (bits >> (exponentBits + mantissaBits)) & 1 ? -1 : 1;
  const bias = 2 ** (exponentBits - 1) - 1;
  if (exponent === top && finite && mantissa === 2 ** mantissaBits - 1) return NaN;
  if (exponent === top && !finite) return mantissa === 0 ? sign * Infinity : NaN;
  const unit = 2 ** -mantissaBits;
  if (exponent === 0) return sign * 2 ** (1 - bias) * mantissa * unit;
  return sign * 2 ** (exponent - bias) * (1 + mantissa * unit);
}

const word = new Uint32Array(1);
const wordAsFloat = new Float32Array(word.buffer);

/** Returns the value of a bfloat16, the upper half of a float32. */
export function decodeBFloat16(bits: number): number {
  word[0] = bits << 16;
  return wordAsFloat[0]!;
}

/** Decoders of the dtypes that files store as bit patterns. */
export const smallFloats: ReadonlyMap<string, (bits: number) => number> = new Map([
  ["F16", (bits) => decodeFloat(bits, 5, 10)],
  ["BF16", decodeBFloat16],
  ["F8_E5M2", (bits) => decodeFloat(bits, 5, 2)],
  ["F8_E4M3", (bits) => decodeFloat(bits, 4, 3, true)],
]);

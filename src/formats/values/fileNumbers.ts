import type { FileArray, FileTensor } from "../fileFormat";
import { fileDTypes } from "./fileDTypes";
import { smallFloats } from "./smallFloats";

export type NumberArray = Exclude<FileArray, BigInt64Array | BigUint64Array>;

/** Dtypes whose elements are pairs or have no decoder here. */
const withoutNumbers = new Set(["C64", "F4", "F6_E2M3", "F6_E3M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"]);

/**
 * Returns the values of a tensor in the file's own precision: float64 stays float64, and integers beyond int32 keep
 * their value (beyond 2^53, the nearest double). Returns undefined for complex numbers and the rarer small floats.
 */
export function numbersOf({ dtype, data }: FileTensor): NumberArray | undefined {
  if (withoutNumbers.has(dtype)) return undefined;
  const decode = smallFloats.get(dtype);
  if (decode) return Float32Array.from(data as Uint16Array, decode);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float64Array.from(data, Number);
  return data;
}

const prefixes: readonly (readonly [RegExp, string])[] = [
  [/^BOOL$/, "bool"],
  [/^BF/, "bfloat"],
  [/^F/, "float"],
  [/^I/, "int"],
  [/^U/, "uint"],
  [/^C/, "complex"],
];

/** Returns NumPy's name of a dtype: float64 for `F64`, uint8 for `U8`, float8_e4m3 for `F8_E4M3`. */
export function dtypeTitle(dtype: string): string {
  const [prefix, title] = prefixes.find(([start]) => fileDTypes.has(dtype) && start.test(dtype)) ?? [/^/, ""];
  return dtype.replace(prefix, title).toLowerCase();
}

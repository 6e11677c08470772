/** The element types of tensors. `float32` is the default for numbers, `bool` for comparisons. */
export type DType = "float32" | "int32" | "bool";

/** The typed array that `data()` resolves to, by dtype. */
export interface DTypeArrays {
  float32: Float32Array;
  int32: Int32Array;
  bool: Uint8Array;
}

export type DataArray = DTypeArrays[DType];

/** Bytes of one element on a device. A bool takes 4, because WGSL has no smaller storable type; in files it takes 1. */
export const bytesPerElement = 4;

const ranks: Record<DType, number> = { bool: 0, int32: 1, float32: 2 };

export const dtypes = Object.keys(ranks) as DType[];

/** Returns the dtype of an op on operands of two dtypes: bool < int32 < float32. */
export function promote(a: DType, b: DType): DType {
  return ranks[a] >= ranks[b] ? a : b;
}

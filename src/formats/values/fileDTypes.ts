import { FormatError } from "../../base/errors";
import type { FileArray } from "../fileFormat";

interface ArrayType {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): FileArray;
}

/** Element type of a file. */
export interface FileDType {
  bitsPerElement: number;
  /** Array type of the elements: numbers if JavaScript has a matching array, else bit patterns. */
  arrayType: ArrayType;
}

/** Largest number of elements: the number of bytes stays an exact double for every dtype. */
export const maxElements = 2 ** 49;

/** The element types by their names in the safetensors format. Types of other formats are mapped to these names. */
export const fileDTypes: ReadonlyMap<string, FileDType> = new Map<string, FileDType>([
  ["BOOL", { bitsPerElement: 8, arrayType: Uint8Array }],
  ["F4", { bitsPerElement: 4, arrayType: Uint8Array }],
  ["F6_E2M3", { bitsPerElement: 6, arrayType: Uint8Array }],
  ["F6_E3M2", { bitsPerElement: 6, arrayType: Uint8Array }],
  ["U8", { bitsPerElement: 8, arrayType: Uint8Array }],
  ["I8", { bitsPerElement: 8, arrayType: Int8Array }],
  ["F8_E5M2", { bitsPerElement: 8, arrayType: Uint8Array }],
  ["F8_E4M3", { bitsPerElement: 8, arrayType: Uint8Array }],
  ["F8_E8M0", { bitsPerElement: 8, arrayType: Uint8Array }],
  ["F8_E4M3FNUZ", { bitsPerElement: 8, arrayType: Uint8Array }],
  ["F8_E5M2FNUZ", { bitsPerElement: 8, arrayType: Uint8Array }],
  ["I16", { bitsPerElement: 16, arrayType: Int16Array }],
  ["U16", { bitsPerElement: 16, arrayType: Uint16Array }],
  ["F16", { bitsPerElement: 16, arrayType: Uint16Array }],
  ["BF16", { bitsPerElement: 16, arrayType: Uint16Array }],
  ["I32", { bitsPerElement: 32, arrayType: Int32Array }],
  ["U32", { bitsPerElement: 32, arrayType: Uint32Array }],
  ["F32", { bitsPerElement: 32, arrayType: Float32Array }],
  ["C64", { bitsPerElement: 64, arrayType: Float32Array }],
  ["F64", { bitsPerElement: 64, arrayType: Float64Array }],
  ["I64", { bitsPerElement: 64, arrayType: BigInt64Array }],
  ["U64", { bitsPerElement: 64, arrayType: BigUint64Array }],
]);

/** Returns the elements in `bytes`: a view if they are aligned, else a copy. */
export function elementsOf({ arrayType }: FileDType, bytes: Uint8Array): FileArray {
  const width = arrayType.BYTES_PER_ELEMENT;
  const aligned = bytes.byteOffset % width === 0 ? bytes : bytes.slice();
  return new arrayType(aligned.buffer, aligned.byteOffset, bytes.length / width);
}

/** Returns the elements in big-endian `bytes`: a byte-swapped copy, or a view if an element is a single byte. */
export function elementsOfBigEndian(type: FileDType, bytes: Uint8Array): FileArray {
  const width = type.arrayType.BYTES_PER_ELEMENT;
  if (width === 1) return elementsOf(type, bytes);
  const turned = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at += width) {
    for (let byte = 0; byte < width; byte++) turned[at + byte] = bytes[at + width - 1 - byte]!;
  }
  return elementsOf(type, turned);
}

/**
 * Checks that bools are 0 or 1.
 * @param title name of the tensor in the error
 * @param start offset of `bytes` in the file
 * @throws FormatError E_DTYPE at the first byte that is neither 0 nor 1.
 */
export function checkBools(title: string, bytes: Uint8Array, start: number): void {
  const at = bytes.findIndex((byte) => byte > 1);
  if (at < 0) return;
  throw new FormatError("E_DTYPE", start + at, `${title} contains the byte ${bytes[at]}; bools are 0 or 1.`);
}

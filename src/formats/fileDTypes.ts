import { FormatError } from "../base/errors";
import type { FileArray } from "./fileFormat";

interface ArrayType {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): FileArray;
}

export interface FileDType {
  bitsPerElement: number;
  /** What holds the elements: numbers where JavaScript has such an array, else their bits. */
  arrayType: ArrayType;
}

/** Keeps the count of a tensor's bytes exact in a double, whatever the dtype. */
export const maxElements = 2 ** 49;

/**
 * The element types of the safetensors format, by the names it gives them. Other
 * formats' types are named by these.
 */
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

/** The elements in `bytes`: a view where they lie aligned, else a copy. */
export function elementsOf({ arrayType }: FileDType, bytes: Uint8Array): FileArray {
  const width = arrayType.BYTES_PER_ELEMENT;
  const aligned = bytes.byteOffset % width === 0 ? bytes : bytes.slice();
  return new arrayType(aligned.buffer, aligned.byteOffset, bytes.length / width);
}

/** The elements in big-endian `bytes`: a copy with each element's bytes turned around, or a view of single bytes. */
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
 * @param title the tensor, as the sentence names it
 * @param start where `bytes` begin in the file
 * @throws FormatError E_DTYPE at the first byte that is neither 0 nor 1.
 */
export function checkBools(title: string, bytes: Uint8Array, start: number): void {
  const at = bytes.findIndex((byte) => byte > 1);
  if (at < 0) return;
  throw new FormatError("E_DTYPE", start + at, `${title} holds a byte ${bytes[at]}; only 0 and 1 are bools.`);
}

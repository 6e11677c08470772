/** NumPy's memory layout of arrays, in `.npy` files and in pickles. */
import { FormatError } from "../../base/errors";
import { formatShape, maxRank, type Shape, stridesOf } from "../../base/shape";
import type { FileArray, FileTensor } from "../fileFormat";
import { checkBools, elementsOf, elementsOfBigEndian, fileDTypes, maxElements } from "../values/fileDTypes";

/** Element types by NumPy's code of kind and bytes. */
export const numpyDTypes: ReadonlyMap<string, string> = new Map([
  ["b1", "BOOL"],
  ["i1", "I8"],
  ["u1", "U8"],
  ["i2", "I16"],
  ["u2", "U16"],
  ["i4", "I32"],
  ["u4", "U32"],
  ["i8", "I64"],
  ["u8", "U64"],
  ["f2", "F16"],
  ["f4", "F32"],
  ["f8", "F64"],
]);

/** NumPy's other kinds of dtypes by their letter, with what to do about them. */
const otherKinds = new Map([
  ["c", "complex; save the real and the imaginary part as two arrays"],
  ["f", "a float that is not 2, 4 or 8 bytes wide; convert it with astype('<f8')"],
  ["U", "text, which is not a tensor"],
  ["S", "text, which is not a tensor"],
  ["M", "a date; convert it with astype('<i8')"],
  ["m", "a time span; convert it with astype('<i8')"],
  ["V", "a record; save each field as a separate array"],
]);

/** Description of a NumPy array in a file. */
export interface NumpyArray {
  /** Byte order and code: `<f4`, `>i8`, `|b1`. */
  descr: string;
  shape: Shape;
  /** True if the first axis varies fastest. */
  fortranOrder: boolean;
  bytes: Uint8Array;
  /** Offset of `bytes` in the file, and those of the dtype and the shape. */
  dataOffset: number;
  descrOffset: number;
  shapeOffset: number;
}

/**
 * Converts an array to a tensor in row-major, little-endian order.
 *
 * @throws FormatError E_DTYPE E_SHAPE E_SIZE
 * @see https://numpy.org/doc/stable/reference/arrays.interface.html
 */
export function tensorOfNumpy(array: NumpyArray): FileTensor {
  const { descr, shape, bytes, dataOffset } = array;
  const dtype = dtypeOf(descr, array.descrOffset);
  const type = fileDTypes.get(dtype)!;
  checkFileShape(shape, array.shapeOffset);
  const needed = shape.reduce((product, length) => product * length, type.bitsPerElement / 8);
  if (needed !== bytes.length) {
    const offset = dataOffset + Math.min(needed, bytes.length);
    const sentence = `${formatShape(shape)} of ${descr} takes ${needed} bytes, ${bytes.length} are there.`;
    throw new FormatError("E_SIZE", offset, sentence);
  }
  if (dtype === "BOOL") checkBools("An array of bools", bytes, dataOffset);
  const data = descr.startsWith(">") ? elementsOfBigEndian(type, bytes) : elementsOf(type, bytes);
  return { dtype, shape, data: array.fortranOrder ? toRowMajor(data, shape) : data };
}

function dtypeOf(descr: string, offset: number): string {
  const [order, code] = [descr.slice(0, 1), descr.slice(1)];
  const dtype = numpyDTypes.get(code);
  // Without a byte order ("|"), or with that of the writing machine ("="), several bytes have no defined meaning.
  if (dtype !== undefined && (code.endsWith("1") ? "<>|" : "<>").includes(order)) return dtype;
  const other = dtype === undefined ? otherKinds.get(descr.replace(/^[<>|=]/, "").slice(0, 1)) : undefined;
  const known = `${[...numpyDTypes.keys()].join(" ")}, each after < or >`;
  const kind = JSON.stringify(descr.slice(0, 30));
  throw new FormatError(
    "E_DTYPE",
    offset,
    `The dtype ${kind} is ${other ?? `not one of those that are read: ${known}`}.`,
  );
}

/**
 * Checks rank and number of elements. Lengths of 0 count as 1: being empty does not make an absurd shape acceptable.
 */
function checkFileShape(shape: Shape, offset: number): void {
  if (shape.length > maxRank)
    throw new FormatError("E_SHAPE", offset, `The array has ${shape.length} axes; at most ${maxRank} are read.`);
  const elements = shape.reduce((product, length) => product * (length || 1), 1);
  if (elements > maxElements)
    throw new FormatError("E_SHAPE", offset, `${formatShape(shape)} has more elements than can be counted.`);
}

/** Converts from column-major to row-major order. */
function toRowMajor(data: FileArray, shape: Shape): FileArray {
  if (shape.length < 2) return data;
  const strides = stridesOf(shape.toReversed()).reverse();
  const result = data.slice();
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    result[to] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}

import { FormatError } from "../base/errors";
import { formatShape, maxRank } from "../base/shape";
import type { FileContents, FileFormat, FileTensor } from "./fileFormat";
import { elementsOfBigEndian, fileDTypes } from "./values/fileDTypes";

/** Dtypes by the third byte of the file. */
const dtypeCodes = new Map([
  [0x08, "U8"],
  [0x09, "I8"],
  [0x0b, "I16"],
  [0x0c, "I32"],
  [0x0d, "F32"],
  [0x0e, "F64"],
]);

/**
 * Reads an IDX file, the format of MNIST: two zero bytes, the element type, the rank, the length of each axis in 4
 * bytes, then the elements. Everything is big-endian.
 *
 * @throws FormatError with one of the codes E_MAGIC E_DTYPE E_SHAPE E_TRUNC E_COVERAGE.
 * @see LeCun, Cortes and Burges, "The MNIST database of handwritten digits"
 */
export function readIdx(bytes: Uint8Array): FileTensor {
  const dtype = readDType(bytes);
  const shape = readShape(bytes);
  const dataStart = 4 + 4 * shape.length;
  const type = fileDTypes.get(dtype)!;
  // May round for absurd shapes, which exceed the file in any case.
  const needed = shape.reduce((product, length) => product * length, type.bitsPerElement / 8);
  const present = bytes.length - dataStart;
  if (needed > present) {
    throw new FormatError(
      "E_TRUNC",
      bytes.length,
      `${formatShape(shape)} of ${dtype} takes ${needed} bytes, ${present} are there.`,
    );
  }
  if (needed < present) {
    throw new FormatError("E_COVERAGE", dataStart + needed, `${present - needed} bytes follow after the last element.`);
  }
  return { dtype, shape, data: elementsOfBigEndian(type, bytes.subarray(dataStart)) };
}

function readDType(bytes: Uint8Array): string {
  if (bytes.length < 4)
    throw new FormatError("E_TRUNC", bytes.length, `The file has ${bytes.length} bytes; an IDX file has at least 4.`);
  if (bytes[0] !== 0 || bytes[1] !== 0) throw new FormatError("E_MAGIC", 0, "An IDX file begins with two zero bytes.");
  const dtype = dtypeCodes.get(bytes[2]!);
  if (dtype === undefined) throw new FormatError("E_DTYPE", 2, `IDX has no element type ${bytes[2]}.`);
  return dtype;
}

function readShape(bytes: Uint8Array): number[] {
  const rank = bytes[3]!;
  if (rank > maxRank) throw new FormatError("E_SHAPE", 3, `The file has ${rank} axes; at most ${maxRank} are read.`);
  if (bytes.length < 4 + 4 * rank)
    throw new FormatError("E_TRUNC", bytes.length, "The file ends within its list of lengths.");
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
}

export const idx: FileFormat = {
  kind: "idx",
  title: { en: "IDX", zh: "IDX" },
  description: {
    en: "One array of numbers: the format of MNIST and its successors.",
    zh: "单个数值数组，MNIST 及其后继数据集所用的格式。",
  },
  extensions: [".idx", "-ubyte"],
  holds: "one tensor",
  read(bytes): FileContents {
    return { tensors: new Map([["data", readIdx(bytes)]]), metadata: new Map(), structure: "tensor" };
  },
};

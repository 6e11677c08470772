import { ArgumentError, FormatError } from "../base/errors";
import { checkShape, formatShape, sizeOf } from "../base/shape";
import type { FileContents, FileFormat, FileTensor } from "./fileFormat";
import { type NpyHeader, npyMagic, readNpyHeader } from "./numpy/npyHeader";
import { numpyDTypes, tensorOfNumpy } from "./numpy/numpyArray";
import { readPickledTensors } from "./pickle/pickledTensors";
import { fileDTypes } from "./values/fileDTypes";

/** Alignment of the elements in NumPy's files. */
const alignment = 64;
/** Digits of 2^64: NumPy reserves space for the first axis to grow to that length. */
const growthDigits = 21;

/** True for NumPy's dtype `|O`: the elements are pickled Python objects. */
function holdsObjects({ descr }: NpyHeader): boolean {
  return /^[<>|=]?O/.test(descr);
}

/**
 * Reads a `.npy` file of numbers: versions 1 to 3, either byte order, either order of axes.
 *
 * The elements are a view of `bytes` if they are aligned and in row-major order.
 *
 * @throws FormatError with one of the codes E_MAGIC E_VERSION E_HEADER E_OBJECT E_DTYPE E_SHAPE E_SIZE.
 */
export function readNpy(bytes: Uint8Array): FileTensor {
  const header = readNpyHeader(bytes);
  if (holdsObjects(header)) {
    const sentence =
      "The array contains pickled Python objects, which can run code. Save with np.savez or safetensors.";
    throw new FormatError("E_OBJECT", header.descrOffset, sentence);
  }
  return tensorOfNumpy({ ...header, bytes: bytes.subarray(header.dataStart), dataOffset: header.dataStart });
}

/** Reads a file of `np.save`: an array of numbers, or a pickled list or dictionary of such arrays. */
export function readNpyFile(bytes: Uint8Array): FileContents {
  const header = readNpyHeader(bytes);
  if (holdsObjects(header)) return readPickledTensors(bytes, header);
  return { tensors: new Map([["data", readNpy(bytes)]]), metadata: new Map(), structure: "tensor" };
}

/**
 * Writes the same bytes as `np.save` of NumPy 1.23 and later: version 1.0, little-endian, row-major.
 *
 * @param at the location for errors
 * @throws ArgumentError for a dtype that NumPy lacks, or for data of the wrong size.
 */
export function writeNpy({ dtype, shape, data }: FileTensor, at = ".npy"): Uint8Array<ArrayBuffer> {
  const head = headerText(descrOf(dtype, at), shape);
  checkShape(shape, at);
  const size = (sizeOf(shape) * fileDTypes.get(dtype)!.bitsPerElement) / 8;
  if (data.byteLength !== size) {
    const expected = `${size} bytes for ${dtype} ${formatShape(shape)}`;
    throw new ArgumentError({ at, expected, got: `${data.byteLength} bytes` });
  }
  const file = new Uint8Array(10 + head.length + size);
  file.set(new TextEncoder().encode(`.NUMPY\u0001\u0000..${head}`));
  file[0] = 0x93;
  new DataView(file.buffer).setUint16(8, head.length, true);
  file.set(new Uint8Array(data.buffer, data.byteOffset, size), 10 + head.length);
  return file;
}

function descrOf(dtype: string, at: string): string {
  const code = [...numpyDTypes].find(([, name]) => name === dtype)?.[0];
  if (code) return (code.endsWith("1") ? "|" : "<") + code;
  throw new ArgumentError({
    at,
    expected: `a dtype of ${[...numpyDTypes.values()].join(" ")}`,
    got: dtype,
    remedy: "Use .safetensors.",
  });
}

function headerText(descr: string, shape: readonly number[]): string {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const growth = shape.length > 0 ? " ".repeat(Math.max(0, growthDigits - String(shape[0]).length)) : "";
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }${growth}`;
  const padding = alignment - ((10 + text.length + 1) % alignment);
  return `${text}${" ".repeat(padding)}\n`;
}

export const npy: FileFormat = {
  kind: "npy",
  title: { en: "NumPy array", zh: "NumPy 数组" },
  description: {
    en: "One tensor, as written by np.save. Pickled lists and dictionaries of arrays are read without running any code.",
    zh: "单个张量，即 np.save 写出的文件。也能读取被 pickle 的数组列表和字典，读取时不执行任何代码。",
  },
  extensions: [".npy"],
  signatures: [npyMagic],
  holds: "one tensor",
  read: readNpyFile,
  write(tensors) {
    const [first, ...others] = tensors;
    if (first && others.length === 0) return writeNpy(first[1]);
    throw new ArgumentError({
      at: ".npy",
      expected: "one tensor",
      got: String(tensors.size),
      remedy: "Use .npz or .safetensors for several.",
    });
  },
};

import type { Localized } from "../base/info";
import type { Shape } from "../base/shape";

export type FileArray =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/** A tensor as stored in a file. `convertToDType` converts it for devices. */
export interface FileTensor {
  /** A key of `fileDTypes`. */
  dtype: string;
  shape: Shape;
  /**
   * Elements in row-major order. A view if the bytes are aligned in the file, else a copy. F16 and BF16 are bit
   * patterns; elements smaller than a byte are raw bytes.
   */
  data: FileArray;
}

/**
 * Contents of a file. Names are untrusted text, `__proto__` included, so they are keys of Maps and never of objects.
 */
export interface FileContents {
  tensors: ReadonlyMap<string, FileTensor>;
  metadata: ReadonlyMap<string, string>;
  /**
   * Declared by some formats and absent for those with names only. The name of a single `tensor` has no meaning; those
   * of a `list` are arr_0, arr_1, and so on.
   */
  structure?: "tensor" | "list" | "dictionary";
}

/** Declaration of a file format. */
export interface FileFormat {
  kind: string;
  title: Localized;
  /** One sentence. */
  description: Localized;
  /** With the leading dot. New files get the first one. */
  extensions: readonly [string, ...string[]];
  /** First bytes of such files, if they distinguish the format from all others. */
  signatures?: readonly (readonly number[])[];
  /** Whether a file contains one tensor without a name or any number of named tensors. */
  holds: "one tensor" | "named tensors";
  /**
   * Reads a file.
   * @throws FormatError with a stable code and the offset of the byte that violates the format.
   */
  read(bytes: Uint8Array): FileContents | Promise<FileContents>;
  /**
   * Writes a file. Absent for formats that are only read. Equal contents produce identical bytes. A format without a place
   * for metadata omits them.
   *
   * @throws ArgumentError for contents that the format cannot represent.
   */
  write?(tensors: ReadonlyMap<string, FileTensor>, metadata?: ReadonlyMap<string, string>): Uint8Array<ArrayBuffer>;
}

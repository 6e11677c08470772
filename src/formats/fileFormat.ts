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

/** A tensor as a file holds it; `convertToDType` makes of it what a device computes with. */
export interface FileTensor {
  /** A key of `fileDTypes`. */
  dtype: string;
  shape: Shape;
  /**
   * Row-major. Where the bytes lie aligned in the file, a view of them and no
   * copy. F16 and BF16 come as their bits; what is smaller than a byte, as bytes.
   */
  data: FileArray;
}

/** Names are data: any text, also `__proto__`, so they never become keys of an object. */
export interface FileContents {
  tensors: ReadonlyMap<string, FileTensor>;
  metadata: ReadonlyMap<string, string>;
  /**
   * What the file says of itself; absent where it only has names. The name of a
   * lone `tensor` means nothing, and those of a `list` are arr_0, arr_1, ...
   */
  structure?: "tensor" | "list" | "dictionary";
}

/** What a file format declares about itself. */
export interface FileFormat {
  kind: string;
  title: Localized;
  /** One sentence. */
  description: Localized;
  /** With the point; the first is the one for new files. */
  extensions: readonly [string, ...string[]];
  /** The bytes that such files begin with, where those tell them from files of every other format. */
  signatures?: readonly (readonly number[])[];
  /** Whether a file is one tensor without a name, or any number of them with names. */
  holds: "one tensor" | "named tensors";
  /** @throws FormatError with a stable code and the offset of the byte where the file breaks a rule. */
  read(bytes: Uint8Array): FileContents | Promise<FileContents>;
  /**
   * Absent where the format is only read. The same contents always give the same
   * bytes. Metadata are left out by a format that has no place for them.
   *
   * @throws ArgumentError for contents that the format cannot hold.
   */
  write?(tensors: ReadonlyMap<string, FileTensor>, metadata?: ReadonlyMap<string, string>): Uint8Array<ArrayBuffer>;
}

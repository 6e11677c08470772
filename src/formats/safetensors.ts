import { ArgumentError } from "../base/errors";
import { checkShape, formatShape, sizeOf } from "../base/shape";
import type { FileContents, FileFormat, FileTensor } from "./fileFormat";
import { checkLayout, readHeader } from "./text/safetensorsHeader";
import { hasLoneSurrogate } from "./text/utf8";
import { checkBools, elementsOf, fileDTypes } from "./values/fileDTypes";

/**
 * Reads a safetensors file strictly: a file that violates the format is refused as a whole, so that no two readers see
 * different tensors in it.
 *
 * The tensors are views of `bytes` if they are aligned.
 *
 * @throws FormatError with one of the codes E_TRUNC E_UTF8 E_JSON E_DUP E_META E_OFFSET E_COVERAGE E_SIZE E_SHAPE
 * E_DTYPE E_FIELD.
 * @see https://github.com/huggingface/safetensors#format
 */
export function readSafetensors(bytes: Uint8Array): FileContents {
  const header = readHeader(bytes);
  checkLayout(header, bytes.length);
  const tensors = new Map<string, FileTensor>();
  for (const [name, { dtype, shape, begin, end }] of header.entries) {
    const own = bytes.subarray(header.dataStart + begin, header.dataStart + end);
    if (dtype === "BOOL") checkBools(`The tensor ${JSON.stringify(name)} of BOOL`, own, header.dataStart + begin);
    tensors.set(name, { dtype, shape, data: elementsOf(fileDTypes.get(dtype)!, own) });
  }
  return { tensors, metadata: header.metadata };
}

/**
 * Writes a safetensors file in a canonical form: tensors sorted by element width, the widest first, so that all are
 * aligned, then by name; metadata sorted by key; no white space except the spaces that pad the header to a multiple of
 * 8 bytes.
 *
 * @throws ArgumentError for contents that the format cannot represent.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, FileTensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array<ArrayBuffer> {
  const inOrder = [...tensors].sort(([a, { dtype: one }], [b, { dtype: other }]) => {
    return bitsOf(b, other) - bitsOf(a, one) || compareUtf8(a, b);
  });
  let end = 0;
  const fields = inOrder.map(([name, tensor]) => {
    checkTensor(name, tensor);
    const { dtype, shape, data } = tensor;
    const entry = { dtype, shape, data_offsets: [end, (end += data.byteLength)] };
    return `${nameText(name)}:${JSON.stringify(entry)}`;
  });
  const head = encodeHeader(metadata.size > 0 ? [metadataField(metadata), ...fields] : fields);

  const file = new Uint8Array(8 + head.length + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(head.length), true);
  file.set(head, 8);
  let at = 8 + head.length;
  for (const [, { data }] of inOrder) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

function encodeHeader(fields: readonly string[]): Uint8Array {
  const head = new TextEncoder().encode(`{${fields.join(",")}}`);
  const padded = new Uint8Array(Math.ceil(head.length / 8) * 8).fill(0x20);
  padded.set(head);
  return padded;
}

function metadataField(metadata: ReadonlyMap<string, string>): string {
  const inOrder = [...metadata].sort(([a], [b]) => compareUtf8(a, b));
  return `"__metadata__":{${inOrder.map(([key, value]) => `${nameText(key)}:${nameText(value)}`).join(",")}}`;
}

/**
 * Returns a text as JSON.
 * @throws ArgumentError for text with a lone surrogate, which UTF-8 cannot represent.
 */
function nameText(text: string): string {
  if (!hasLoneSurrogate(text)) return JSON.stringify(text);
  throw new ArgumentError({ at: "safetensors", expected: "names without lone surrogates", got: JSON.stringify(text) });
}

function bitsOf(name: string, dtype: string): number {
  const bits = fileDTypes.get(dtype)?.bitsPerElement;
  if (bits !== undefined) return bits;
  throw new ArgumentError({
    at: `safetensors, tensor ${JSON.stringify(name)}`,
    expected: `a dtype of ${[...fileDTypes.keys()].join(" ")}`,
    got: dtype,
  });
}

function checkTensor(name: string, { dtype, shape, data }: FileTensor): void {
  const at = `safetensors, tensor ${JSON.stringify(name)}`;
  if (name === "__metadata__") {
    throw new ArgumentError({ at, expected: "another name", got: "the name that the format reserves for metadata" });
  }
  checkShape(shape, at);
  const expected = (sizeOf(shape) * bitsOf(name, dtype)) / 8;
  if (expected === data.byteLength) return;
  throw new ArgumentError({
    at,
    expected: `${expected} bytes for ${dtype} ${formatShape(shape)}`,
    got: `${data.byteLength} bytes`,
  });
}

/** Compares by UTF-8, which sorts by code point. JavaScript's `<` compares UTF-16 units. */
function compareUtf8(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = left[i]!.codePointAt(0)! - right[i]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

export const safetensors: FileFormat = {
  kind: "safetensors",
  title: { en: "safetensors", zh: "safetensors" },
  description: {
    en: "Named tensors and no executable code: the format in which weights are saved here.",
    zh: "只含带名字的张量，不含任何可执行的内容：本站保存权重所用的格式。",
  },
  extensions: [".safetensors", ".params"],
  holds: "named tensors",
  read: readSafetensors,
  write: writeSafetensors,
};

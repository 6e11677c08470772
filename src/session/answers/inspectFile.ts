/** Inspects files of the notebook's folder: reads them like `load`, but creates no tensors. */
import { ArgumentError, FormatError } from "../../base/errors";
import type { FileContents, FileFormat, FileTensor } from "../../formats/fileFormat";
import { findFormat, recognizeFormat } from "../../formats/findFormat";
import * as formats from "../../formats/index";
import { structureOf } from "../../formats/listNames";
import { convertToDType } from "../../formats/values/convertToDType";
import { dtypeTitle, numbersOf } from "../../formats/values/fileNumbers";
import type { FileReport, FileTensorEntry, FileTensorValues } from "../../protocol/protocol";
import { truncate, maxFileTensors, maxFileValues, maxFirstValues, maxMessage, maxName } from "../../protocol/sizes";
import { statisticsOf } from "../show/statistics";

/** Number of bytes shown of a text. */
const maxTextBytes = 20_000;

/**
 * Lists the content of a file. The extension determines its format, otherwise its first bytes; a file with neither is a
 * text, or weights that were saved without an extension.
 *
 * @throws FormatError from the format's reader, ArgumentError for a file of unknown format.
 */
export async function inspectFile(path: string, bytes: Uint8Array): Promise<FileReport> {
  const text = formatOf(path, bytes) ? undefined : textPreview(bytes);
  if (text !== undefined) return { kind: "text", text, truncated: bytes.length > maxTextBytes };
  const { format, contents } = await read(path, bytes);
  const entries = [...contents.tensors].slice(0, maxFileTensors);
  return {
    kind: "tensors",
    format: format.title,
    holds: structureOf(contents),
    count: contents.tensors.size,
    tensors: entries.map(([name, tensor]) => describe(name, tensor, contents)),
  };
}

/** Returns the values of the tensor that `inspectFile` lists at `index`. */
export async function readFileTensor(path: string, bytes: Uint8Array, index: number): Promise<FileTensorValues> {
  const { contents } = await read(path, bytes);
  const entry = [...contents.tensors][index];
  if (!entry)
    throw new ArgumentError({ at: path, expected: `one of ${contents.tensors.size} tensors`, got: String(index) });
  const [name, tensor] = entry;
  const numbers = numbersOf(tensor) ?? new Float64Array();
  return {
    ...describe(name, tensor, contents),
    values: new Float64Array(numbers.subarray(0, maxFileValues)),
    statistics: statisticsOf(numbers),
    loads: loadingOf(name, tensor),
  };
}

function formatOf(path: string, bytes: Uint8Array): FileFormat | undefined {
  return findFormat(path) ?? recognizeFormat(bytes);
}

async function read(path: string, bytes: Uint8Array): Promise<{ format: FileFormat; contents: FileContents }> {
  const known = formatOf(path, bytes);
  const format = known ?? formats.safetensors;
  try {
    return { format, contents: await format.read(bytes) };
  } catch (error) {
    if (known || !(error instanceof FormatError)) throw error;
    const endings = Object.values(formats).flatMap(({ extensions }) => extensions);
    throw new ArgumentError({
      at: path,
      expected: `a text, or tensors in a file with one of the extensions ${endings.join(" ")}`,
      got: "unknown content",
    });
  }
}

function describe(name: string, { dtype, shape, data }: FileTensor, contents: FileContents): FileTensorEntry {
  return {
    name: structureOf(contents) === "tensor" ? "" : truncate(name, maxName),
    shape,
    dtype: dtypeTitle(dtype),
    bytes: data.byteLength,
    first: Array.from(numbersOf({ dtype, shape, data: data.subarray(0, maxFirstValues) }) ?? []),
  };
}

function loadingOf(name: string, tensor: FileTensor): FileTensorValues["loads"] {
  try {
    return { dtype: convertToDType(tensor, JSON.stringify(name)).dtype };
  } catch (error) {
    return { problem: truncate(error instanceof Error ? error.message : String(error), maxMessage) };
  }
}

/** Decodes the first characters of a UTF-8 text; undefined if the bytes are not text. */
function textPreview(bytes: Uint8Array): string | undefined {
  try {
    // In stream mode, a character split by the cut is omitted.
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes.slice(0, maxTextBytes), { stream: true });
    // oxlint-disable-next-line no-control-regex -- control characters mean that a file is not text
    return /[\u0000-\u0008\u000e-\u001f\u007f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

import { FormatError } from "../../base/errors";
import { maxRank } from "../../base/shape";
import { fileDTypes, maxElements } from "../values/fileDTypes";
import { JsonReader } from "./jsonReader";

/** Header entry of a tensor. `begin` and `end` count from the first byte after the header. */
export interface HeaderEntry {
  dtype: string;
  shape: number[];
  begin: number;
  end: number;
  /** Offset of the entry in the file. */
  offset: number;
}

/** Parsed header of a safetensors file. */
export interface Header {
  metadata: Map<string, string>;
  entries: Map<string, HeaderEntry>;
  /** Offset of the first byte after the header. */
  dataStart: number;
}

/** Far more than any model needs; the reference implementation allows 100 MB. */
const maxHeaderBytes = 8 * 2 ** 20;
const lengthBytes = 8;

/**
 * Reads the header of a safetensors file: its length in 8 bytes, little-endian, and a JSON object. This function checks
 * each field on its own; `checkLayout` checks the positions of the tensors. Nothing is allocated based on sizes that
 * the file declares.
 */
export function readHeader(bytes: Uint8Array): Header {
  const length = headerLength(bytes);
  const dataStart = lengthBytes + length;
  // If the declared length cuts off the header, the error is not in the JSON.
  const endCode = dataStart < bytes.length ? "E_TRUNC" : "E_JSON";
  const reader = new JsonReader(bytes.subarray(lengthBytes, dataStart), lengthBytes, endCode);
  const metadata = new Map<string, string>();
  const entries = new Map<string, HeaderEntry>();
  if (reader.kind() !== "object") reader.fail("E_JSON", "The header should be a JSON object.");
  reader.object((name, place) => {
    if (name === "__metadata__") readMetadata(reader, metadata);
    else entries.set(name, new EntryReader(reader, name, bytes.length - dataStart).read(place));
  });
  reader.end();
  return { metadata, entries, dataStart };
}

function headerLength(bytes: Uint8Array): number {
  if (bytes.length < lengthBytes) {
    throw new FormatError(
      "E_TRUNC",
      bytes.length,
      `The file has ${bytes.length} bytes; its header's length alone takes 8.`,
    );
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  const present = bytes.length - lengthBytes;
  if (length === 0n) throw new FormatError("E_TRUNC", 0, "The header's length is 0.");
  if (length > BigInt(present)) {
    throw new FormatError(
      "E_TRUNC",
      0,
      `This is no safetensors file, or its end is missing: its first 8 bytes declare a header of ${length} bytes, but only ${present} follow.`,
    );
  }
  if (length > BigInt(maxHeaderBytes)) {
    throw new FormatError("E_TRUNC", 0, `The header's length is ${length} bytes; at most ${maxHeaderBytes} are read.`);
  }
  return Number(length);
}

function readMetadata(reader: JsonReader, metadata: Map<string, string>): void {
  expectKind(reader, "object", "E_META", "__metadata__ should be an object of strings.");
  reader.object((key) => {
    expectKind(reader, "string", "E_META", `The metadata ${JSON.stringify(key)} should be a string.`);
    metadata.set(key, reader.string());
  });
}

/**
 * Checks the kind of a value. A value of the wrong kind is first read as JSON, so that broken JSON is reported as such.
 */
function expectKind(
  reader: JsonReader,
  kind: "object" | "array" | "string" | "number",
  code: string,
  sentence: string,
) {
  if (reader.kind() === kind) return;
  const place = reader.place();
  reader.skip();
  reader.fail(code, sentence, place);
}

/** Reads one entry, which has exactly these fields: `{"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}`. */
class EntryReader {
  private readonly title: string;
  private dtype?: string;
  private shape?: number[];
  private offsets?: number[];

  constructor(
    private readonly reader: JsonReader,
    name: string,
    private readonly dataLength: number,
  ) {
    this.title = `The tensor ${JSON.stringify(name)}`;
  }

  read(place: number): HeaderEntry {
    const { reader, title } = this;
    expectKind(reader, "object", "E_FIELD", `${title} should be an object with dtype, shape and data_offsets.`);
    reader.object((field, fieldPlace) => {
      if (field === "dtype") this.dtype = this.readDType();
      else if (field === "shape") this.shape = this.readShape();
      else if (field === "data_offsets") this.offsets = this.readOffsets();
      else {
        reader.skip();
        reader.fail("E_FIELD", `${title} has an unknown field ${JSON.stringify(field)}.`, fieldPlace);
      }
    });
    const { dtype, shape, offsets } = this;
    if (!dtype || !shape || !offsets) {
      const missing = !dtype ? "dtype" : !shape ? "shape" : "data_offsets";
      return reader.fail("E_FIELD", `${title} has no ${missing}.`, place);
    }
    const [begin, end] = offsets as [number, number];
    this.checkSize(dtype, shape, begin, end, place);
    return { dtype, shape, begin, end, offset: reader.offsetOf(place) };
  }

  private readDType(): string {
    const { reader, title } = this;
    expectKind(reader, "string", "E_DTYPE", `${title} should have a string as dtype.`);
    const place = reader.place();
    const dtype = reader.string();
    if (fileDTypes.has(dtype)) return dtype;
    return reader.fail("E_DTYPE", `${title} has an unknown dtype ${JSON.stringify(dtype)}.`, place);
  }

  private readShape(): number[] {
    const { reader, title } = this;
    expectKind(reader, "array", "E_SHAPE", `${title} should have a list of lengths as shape.`);
    const shape: number[] = [];
    // Lengths of 0 count as 1: being empty does not make an absurd shape acceptable.
    let elements = 1;
    reader.array(() => {
      const place = reader.place();
      const length = this.readWholeNumber("E_SHAPE", "shape");
      shape.push(length);
      elements *= length || 1;
      if (shape.length > maxRank) reader.fail("E_SHAPE", `${title} has more than ${maxRank} axes.`, place);
      if (elements > maxElements) reader.fail("E_SHAPE", `${title} has more elements than can be counted.`, place);
    });
    return shape;
  }

  private readOffsets(): number[] {
    const { reader, title } = this;
    const wrong = `${title} should have two whole numbers as data_offsets, the first not above the second.`;
    expectKind(reader, "array", "E_OFFSET", wrong);
    const place = reader.place();
    const offsets: number[] = [];
    reader.array(() => {
      offsets.push(this.readWholeNumber("E_OFFSET", "data_offsets"));
      if (offsets.length > 2) reader.fail("E_OFFSET", wrong, place);
    });
    return offsets.length === 2 && offsets[0]! <= offsets[1]! ? offsets : reader.fail("E_OFFSET", wrong, place);
  }

  private readWholeNumber(code: string, field: string): number {
    const { reader, title } = this;
    expectKind(reader, "number", code, `${title} should have whole numbers in ${field}.`);
    const place = reader.place();
    const text = reader.number();
    if (text === "-0") reader.fail("E_JSON", `${title} has -0 in ${field}, which is not a whole number.`, place);
    // Beyond 2^53 a double may differ from the number written.
    if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
    return reader.fail(
      code,
      `${title} has ${text.slice(0, 30)} in ${field}, which is not a whole number up to 2^53.`,
      place,
    );
  }

  private checkSize(dtype: string, shape: readonly number[], begin: number, end: number, place: number): void {
    const { reader, title, dataLength } = this;
    const bits = shape.reduce((product, length) => product * length, fileDTypes.get(dtype)!.bitsPerElement);
    if (bits % 8 !== 0) reader.fail("E_DTYPE", `${title} of ${dtype} does not end on a byte boundary.`, place);
    if (end - begin === bits / 8) return;
    if (end > dataLength)
      reader.fail("E_OFFSET", `${title} should end at byte ${end} of ${dataLength} bytes of data.`, place);
    const [expected, got] = [bits / 8, end - begin];
    reader.fail(
      "E_SIZE",
      `${title} of ${dtype} [${shape.join(", ")}] takes ${expected} bytes, but its offsets span ${got}.`,
      place,
    );
  }
}

/**
 * Checks that the tensors cover the data exactly, each byte once. A gap could hide another file, and an overlap could
 * make a small file pass for a large one.
 */
export function checkLayout({ entries, dataStart }: Header, fileLength: number): void {
  const dataLength = fileLength - dataStart;
  const inOrder = [...entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let filled = 0;
  for (const [name, { begin, end, offset }] of inOrder) {
    const title = `The tensor ${JSON.stringify(name)}`;
    if (begin < filled)
      throw new FormatError("E_OFFSET", offset, `${title} overlaps another one at byte ${begin} of the data.`);
    if (begin > filled && begin > dataLength) {
      throw new FormatError(
        "E_OFFSET",
        offset,
        `${title} should begin at byte ${begin} of ${dataLength} bytes of data.`,
      );
    }
    if (begin > filled) {
      throw new FormatError("E_COVERAGE", offset, `The bytes ${filled} to ${begin} of the data belong to no tensor.`);
    }
    filled = end;
  }
  if (filled > dataLength) {
    throw new FormatError(
      "E_TRUNC",
      fileLength,
      `The file is cut off: it has ${dataLength} of its ${filled} bytes of data.`,
    );
  }
  if (filled < dataLength) {
    const rest = dataLength - filled;
    throw new FormatError("E_COVERAGE", dataStart + filled, `The last ${rest} bytes of the file belong to no tensor.`);
  }
}

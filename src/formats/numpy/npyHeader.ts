import { FormatError } from "../../base/errors";

/** Header of a `.npy` file. */
export interface NpyHeader {
  /** NumPy's notation of the dtype: `<f4`, `|O`. */
  descr: string;
  fortranOrder: boolean;
  shape: number[];
  /** Offset of the first byte after the header. */
  dataStart: number;
  descrOffset: number;
  shapeOffset: number;
}

/** 0x93 and "NUMPY". */
export const npyMagic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** NumPy's own limit. The header of an array of numbers takes a few hundred bytes at most. */
const maxHeaderBytes = 10_000;
const keys = ["descr", "fortran_order", "shape"];

/**
 * Reads the header of a `.npy` file: six magic bytes, the version in two bytes, the length in 2 bytes (version 1) or 4,
 * little-endian, then a dictionary in Python's notation, spaces and a line feed.
 *
 * @throws FormatError E_MAGIC E_VERSION E_HEADER E_DTYPE E_SHAPE
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function readNpyHeader(bytes: Uint8Array): NpyHeader {
  const textStart = readPreamble(bytes);
  const length = readLength(bytes, textStart);
  const dataStart = textStart + length;
  // One character per byte, so that positions in the text are offsets in the file. Bytes beyond ASCII match no token.
  const text = Array.from(bytes.subarray(textStart, dataStart), (byte) => String.fromCharCode(byte)).join("");
  return { ...new HeaderReader(text, textStart).read(), dataStart };
}

/** Checks magic bytes and version. Returns the offset of the header's text. */
function readPreamble(bytes: Uint8Array): number {
  const wrong = npyMagic.findIndex((byte, at) => bytes[at] !== byte);
  if (wrong >= 0)
    throw new FormatError("E_MAGIC", Math.min(wrong, bytes.length), "A .npy file begins with the byte 0x93 and NUMPY.");
  const [major, minor] = [bytes[6], bytes[7]];
  if (major === undefined || minor === undefined || minor !== 0 || major < 1 || major > 3) {
    const got = minor === undefined ? "none" : `${major}.${minor}`;
    throw new FormatError(
      "E_VERSION",
      Math.min(6, bytes.length),
      `The versions 1.0, 2.0 and 3.0 are read, not ${got}.`,
    );
  }
  const textStart = major === 1 ? 10 : 12;
  if (bytes.length < textStart)
    throw new FormatError("E_HEADER", bytes.length, "The file ends within its header's length.");
  return textStart;
}

function readLength(bytes: Uint8Array, textStart: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = textStart === 10 ? view.getUint16(8, true) : view.getUint32(8, true);
  const present = bytes.length - textStart;
  if (length > present)
    throw new FormatError("E_HEADER", 8, `The header's length is ${length} bytes, but only ${present} follow.`);
  if (length > maxHeaderBytes)
    throw new FormatError("E_HEADER", 8, `The header's length is ${length} bytes; at most ${maxHeaderBytes} are read.`);
  return length;
}

/**
 * Reads the dictionary by a strict grammar: punctuation, quoted names, integers (Python 2 appended an L to some), True
 * and False. Nothing is evaluated, and no other Python literal is accepted.
 */
class HeaderReader {
  private index = 0;

  constructor(
    private readonly text: string,
    private readonly start: number,
  ) {}

  read(): Omit<NpyHeader, "dataStart"> {
    const found = new Map<string, unknown>();
    const offsets = new Map<string, number>();
    this.take("{");
    while (!this.takeIf("}")) {
      const offset = this.offset();
      const key = this.quoted();
      if (!keys.includes(key)) this.fail("E_HEADER", `The header has an unknown key ${JSON.stringify(key)}.`, offset);
      if (found.has(key)) this.fail("E_HEADER", `The header has ${key} twice.`, offset);
      this.take(":");
      offsets.set(key, this.offset());
      found.set(key, this.value(key));
      if (this.takeIf(",")) continue;
      this.take("}");
      break;
    }
    this.end();
    const missing = keys.find((key) => !found.has(key));
    if (missing) this.fail("E_HEADER", `The header has no ${missing}.`, this.start);
    return {
      descr: found.get("descr") as string,
      fortranOrder: found.get("fortran_order") as boolean,
      shape: found.get("shape") as number[],
      descrOffset: offsets.get("descr")!,
      shapeOffset: offsets.get("shape")!,
    };
  }

  private value(key: string): unknown {
    if (key === "descr") return this.descr();
    return key === "shape" ? this.shape() : this.truth();
  }

  private descr(): string {
    const offset = this.offset();
    if (this.takeIf("[") || this.takeIf("("))
      this.fail("E_DTYPE", "The array contains records or subarrays; save each field as a separate array.", offset);
    const descr = this.match(/'([^'\\\n]*)'|"([^"\\\n]*)"/y);
    return descr?.slice(1, -1) ?? this.fail("E_DTYPE", "The header's descr should be a name in quotes.", offset);
  }

  private truth(): boolean {
    const offset = this.offset();
    const word = this.match(/True|False/y);
    if (!word) this.fail("E_HEADER", "The header's fortran_order should be True or False.", offset);
    return word === "True";
  }

  /** Reads a tuple of integers: `()`, `(4,)`, `(2, 3)`. */
  private shape(): number[] {
    const offset = this.offset();
    const shape: number[] = [];
    let comma = true;
    const wrong = "The header's shape should be a tuple of whole numbers, such as (2, 3), (4,) or ().";
    if (!this.takeIf("(")) this.fail("E_SHAPE", wrong, offset);
    while (!this.takeIf(")")) {
      const digits = comma ? this.match(/(?:0|[1-9]\d*)L?/y) : undefined;
      const length = digits === undefined ? NaN : Number(digits.replace("L", ""));
      if (!Number.isSafeInteger(length)) this.fail("E_SHAPE", wrong, this.offset());
      shape.push(length);
      comma = this.takeIf(",");
    }
    // (4) is a parenthesized number, not a tuple.
    if (shape.length === 1 && !comma) this.fail("E_SHAPE", wrong, offset);
    return shape;
  }

  private quoted(): string {
    const offset = this.offset();
    const text = this.match(/'[^'\\\n]*'|"[^"\\\n]*"/y);
    return text?.slice(1, -1) ?? this.fail("E_HEADER", "The header should have a key in quotes here.", offset);
  }

  private end(): void {
    if (this.match(/\n/y) === undefined || this.index !== this.text.length)
      this.fail("E_HEADER", "After its dictionary the header should have only spaces and one line feed.");
  }

  private offset(): number {
    this.skipSpaces();
    return this.start + this.index;
  }

  private take(character: string): void {
    if (!this.takeIf(character)) this.fail("E_HEADER", `The header should have "${character}" here.`);
  }

  private takeIf(character: string): boolean {
    this.skipSpaces();
    const here = this.text[this.index] === character;
    if (here) this.index++;
    return here;
  }

  private match(pattern: RegExp): string | undefined {
    this.skipSpaces();
    pattern.lastIndex = this.index;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.index += found.length;
    return found;
  }

  private skipSpaces(): void {
    while (this.text[this.index] === " ") this.index++;
  }

  private fail(code: string, sentence: string, offset = this.start + this.index): never {
    throw new FormatError(code, offset, sentence);
  }
}

import { FormatError } from "../../base/errors";
import { decodeUtf8, hasLoneSurrogate } from "./utf8";

/** Kind of the next value, by its first character. `none` starts no value. */
export type JsonKind = "object" | "array" | "string" | "number" | "literal" | "none";

const maxSkipDepth = 64;
const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const literalPattern = /true|false|null/y;
const spacePattern = /[ \t\n\r]*/y;
// All characters from the space on except quote and backslash.
const plainPattern = /[ !#-[\]-\u{10ffff}]*/uy;
const escapePattern = /\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})/y;

/**
 * Reads JSON (RFC 8259) value by value, so that a format can enforce its own grammar. Unlike JSON.parse, it detects
 * duplicate keys, keeps numbers as written, does not recurse by itself and reports the byte offset of every error.
 */
export class JsonReader {
  private index = 0;
  private readonly text: string;
  /** The last place whose byte offset was computed. */
  private measured: { place: number; offset: number };

  /**
   * @param bytes UTF-8
   * @param start offset of `bytes` in the file
   * @param endCode error code for a text that ends too early
   */
  constructor(
    bytes: Uint8Array,
    private readonly start: number,
    private readonly endCode = "E_JSON",
  ) {
    this.text = decodeUtf8(bytes, start);
    this.measured = { place: 0, offset: start };
  }

  /** Returns the place of the next value, for `fail`. */
  place(): number {
    this.skipSpace();
    return this.index;
  }

  kind(): JsonKind {
    const first = this.text[this.place()];
    if (first === undefined) this.failEnd();
    if (first === "{") return "object";
    if (first === "[") return "array";
    if (first === '"') return "string";
    if (first === "-" || (first >= "0" && first <= "9")) return "number";
    return first === "t" || first === "f" || first === "n" ? "literal" : "none";
  }

  /**
   * Reads an object.
   * @param onEntry must read the value
   * @throws FormatError E_DUP for a duplicate key.
   */
  object(onEntry: (key: string, place: number) => void): void {
    this.take("{");
    if (this.takeIf("}")) return;
    const seen = new Set<string>();
    do {
      const place = this.place();
      const key = this.string();
      if (seen.has(key)) this.fail("E_DUP", `The name ${JSON.stringify(key)} occurs twice.`, place);
      seen.add(key);
      this.take(":");
      onEntry(key, place);
    } while (this.takeIf(","));
    this.take("}");
  }

  /**
   * Reads an array.
   * @param onItem must read the item
   */
  array(onItem: () => void): void {
    this.take("[");
    if (this.takeIf("]")) return;
    do onItem();
    while (this.takeIf(","));
    this.take("]");
  }

  string(): string {
    const place = this.place();
    this.take('"');
    let result = "";
    for (;;) {
      result += this.match(plainPattern) ?? "";
      const escape = this.match(escapePattern);
      if (escape === undefined) break;
      result += JSON.parse(`"${escape}"`) as string;
    }
    this.take('"', false);
    if (hasLoneSurrogate(result)) this.fail("E_UTF8", "A string contains a lone surrogate.", place);
    return result;
  }

  /** Reads a number and returns its characters. */
  number(): string {
    this.skipSpace();
    return this.match(numberPattern) ?? this.failHere("a number");
  }

  /**
   * Validates and skips a value of any kind.
   * @throws FormatError E_JSON, also for a value that is nested too deeply.
   */
  skip(): void {
    const open: string[] = [];
    do {
      const kind = this.kind();
      if (kind === "object" || kind === "array") {
        if (open.length === maxSkipDepth)
          this.fail("E_JSON", `The JSON is nested more than ${maxSkipDepth} levels deep.`);
        open.push(kind === "object" ? "}" : "]");
        this.index++;
        if (this.text[this.place()] !== open.at(-1)) {
          this.skipKey(open);
          continue;
        }
      } else this.skipScalar(kind);
      while (open.length > 0 && this.takeIf(open.at(-1)!)) open.pop();
      if (open.length > 0) {
        this.take(",");
        this.skipKey(open);
      }
    } while (open.length > 0);
  }

  /** Checks that only white space follows. */
  end(): void {
    this.skipSpace();
    if (this.index < this.text.length) this.failHere("the end");
  }

  fail(code: string, sentence: string, place = this.index): never {
    throw new FormatError(code, this.offsetOf(place), sentence);
  }

  /** Returns the offset in the file of a `place()`. Fast if places ascend. */
  offsetOf(place: number): number {
    const from = place >= this.measured.place ? this.measured : { place: 0, offset: this.start };
    const offset = from.offset + new TextEncoder().encode(this.text.slice(from.place, place)).length;
    this.measured = { place, offset };
    return offset;
  }

  private skipKey(open: readonly string[]): void {
    if (open.at(-1) !== "}") return;
    this.string();
    this.take(":");
  }

  private skipScalar(kind: JsonKind): void {
    if (kind === "string") this.string();
    else if (kind === "number") this.number();
    else if (this.match(literalPattern) === undefined) this.failHere("a value");
  }

  private skipSpace(): void {
    this.match(spacePattern);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.index;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.index += found.length;
    return found;
  }

  private take(character: string, space = true): void {
    if (!this.takeIf(character, space)) this.failHere(`"${character}"`);
  }

  private takeIf(character: string, space = true): boolean {
    if (space) this.skipSpace();
    const here = this.text[this.index] === character;
    if (here) this.index++;
    return here;
  }

  private failHere(expected: string): never {
    const got = this.text[this.index];
    if (got === undefined) this.failEnd();
    this.fail("E_JSON", `The JSON has ${JSON.stringify(got)} where ${expected} should be.`);
  }

  private failEnd(): never {
    this.fail(this.endCode, "The JSON ends too early.");
  }
}

/**
 * Encodes WebAssembly modules with one imported memory and functions without parameters. Source: WebAssembly 3.0,
 * "Binary Format".
 */

const valueTypes = { i32: 0x7f, v128: 0x7b };
export type ValueType = keyof typeof valueTypes;

/** A growing list of bytes. */
export class Bytes {
  private bytes = new Uint8Array(256);
  length = 0;

  byte(value: number): void {
    if (this.length === this.bytes.length) this.grow(this.length + 1);
    this.bytes[this.length++] = value;
  }

  /** Appends an unsigned LEB128: seven bits per byte, the lowest first. */
  unsigned(value: number): void {
    let rest = value >>> 0;
    for (; rest > 0x7f; rest >>>= 7) this.byte((rest & 0x7f) | 0x80);
    this.byte(rest);
  }

  /** Appends a signed LEB128. */
  signed(value: number): void {
    let rest = value | 0;
    for (; rest > 0x3f || rest < -0x40; rest >>= 7) this.byte((rest & 0x7f) | 0x80);
    this.byte(rest & 0x7f);
  }

  /** Appends the four bytes of a word, the lowest first. */
  word(bits: number): void {
    for (let shift = 0; shift < 32; shift += 8) this.byte((bits >>> shift) & 0xff);
  }

  name(text: string): void {
    this.unsigned(text.length);
    for (let index = 0; index < text.length; index++) this.byte(text.charCodeAt(index));
  }

  append(other: Bytes): void {
    if (this.length + other.length > this.bytes.length) this.grow(this.length + other.length);
    this.bytes.set(other.bytes.subarray(0, other.length), this.length);
    this.length += other.length;
  }

  /** Appends other bytes, preceded by their count. */
  sized(other: Bytes): void {
    this.unsigned(other.length);
    this.append(other);
  }

  take(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.length);
  }

  private grow(least: number): void {
    const larger = new Uint8Array(Math.max(least, 2 * this.bytes.length));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/** A function without parameters and results: it communicates only through memory. */
export interface WasmFunction {
  readonly name: string;
  readonly locals: readonly ValueType[];
  /** Instructions without the closing `end`. */
  readonly code: Bytes;
}

function section(module: Bytes, id: number, fill: (content: Bytes) => void): void {
  const content = new Bytes();
  fill(content);
  module.byte(id);
  module.sized(content);
}

/** Encodes locals as runs of equal types. */
function writeLocals(to: Bytes, locals: readonly ValueType[]): void {
  const runs: [count: number, type: ValueType][] = [];
  for (const type of locals) {
    const last = runs.at(-1);
    if (last?.[1] === type) last[0]++;
    else runs.push([1, type]);
  }
  to.unsigned(runs.length);
  for (const [count, type] of runs) {
    to.unsigned(count);
    to.byte(valueTypes[type]);
  }
}

function writeCode(to: Bytes, { locals, code }: WasmFunction): void {
  const body = new Bytes();
  writeLocals(body, locals);
  body.append(code);
  body.byte(0x0b);
  to.sized(body);
}

/** Encodes a module that imports the memory `env.memory` and exports every function by its name. */
export function writeModule(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const module = new Bytes();
  for (const byte of [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]) module.byte(byte);
  section(module, 1, (types) => {
    for (const byte of [1, 0x60, 0, 0]) types.byte(byte);
  });
  section(module, 2, (imports) => {
    imports.unsigned(1);
    imports.name("env");
    imports.name("memory");
    // A memory without an upper limit.
    for (const byte of [0x02, 0x00, 0x00]) imports.byte(byte);
  });
  section(module, 3, (list) => {
    list.unsigned(functions.length);
    for (let index = 0; index < functions.length; index++) list.unsigned(0);
  });
  section(module, 7, (exports) => {
    exports.unsigned(functions.length);
    functions.forEach(({ name }, index) => {
      exports.name(name);
      exports.byte(0x00);
      exports.unsigned(index);
    });
  });
  section(module, 10, (bodies) => {
    bodies.unsigned(functions.length);
    for (const one of functions) writeCode(bodies, one);
  });
  return module.take();
}

import { FormatError } from "../../base/errors";
import { decodeUtf8 } from "../text/utf8";
import { findPickleName, setPickleState } from "./pickleNames";
import { PickleName, type PickleValue } from "./pickleValue";

/** Limits the memory that a file consisting of opcodes can use. */
const maxSteps = 2 ** 22;
/** Length of the longest integer that fits into a tensor. */
const maxIntegerBytes = 9;

/**
 * Reads a pickle of protocol 2 to 5 that contains NumPy arrays and plain containers.
 *
 * Unpickling in Python calls any function that the file names. This reader cannot: it looks names up in a fixed list
 * (pickleNames.ts) and refuses all others at once, it refuses opcodes that create objects in other ways, and the names
 * on the list only build records.
 *
 * @param start offset of the pickle, which must extend to the end of `file`
 * @throws FormatError E_OBJECT, or E_UTF8 for malformed text
 * @see CPython, Lib/pickletools.py, which describes every opcode
 */
export function readPickle(file: Uint8Array, start: number): PickleValue {
  return new PickleReader(file, start).read();
}

class PickleReader {
  private readonly view: DataView;
  private readonly stack: PickleValue[] = [];
  /** Stack heights saved by the opcode MARK. */
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, PickleValue>();
  private at: number;
  /** Offset of the current opcode. */
  private opcodeAt: number;
  /** Number of characters that may still be converted to bytes. The limit allows one conversion per text. */
  private encodable: number;

  constructor(
    private readonly file: Uint8Array,
    start: number,
  ) {
    this.view = new DataView(file.buffer, file.byteOffset, file.length);
    this.at = this.opcodeAt = start;
    this.encodable = file.length;
  }

  read(): PickleValue {
    for (let step = 0; step < maxSteps; step++) {
      this.opcodeAt = this.at;
      const opcode = this.unsigned(1);
      if (opcode === 0x2e) return this.finish();
      this.run(opcode);
    }
    return this.fail("has too many steps");
  }

  private finish(): PickleValue {
    const result = this.pop();
    if (this.stack.length > 0 || this.marks.length > 0) this.fail("ends with values left over");
    if (this.at < this.file.length) {
      const sentence = `${this.file.length - this.at} bytes follow after the end of the pickle.`;
      throw new FormatError("E_OBJECT", this.at, sentence);
    }
    return result;
  }

  /** Executes an opcode. The comments name the opcodes as CPython does. */
  private run(opcode: number): void {
    if (this.runConstant(opcode) || this.runContainer(opcode)) return;
    switch (opcode) {
      case 0x80: // PROTO
        return this.protocol(this.unsigned(1));
      case 0x95: // FRAME: how much to read at once, of no concern here
        return void this.unsigned(8);
      case 0x71: // BINPUT
        return void this.memo.set(this.unsigned(1), this.top());
      case 0x72: // LONG_BINPUT
        return void this.memo.set(this.unsigned(4), this.top());
      case 0x94: // MEMOIZE
        return void this.memo.set(this.memo.size, this.top());
      case 0x68: // BINGET
        return this.recall(this.unsigned(1));
      case 0x6a: // LONG_BINGET
        return this.recall(this.unsigned(4));
      case 0x63: // GLOBAL
        return this.name(this.line(), this.line());
      case 0x93: // STACK_GLOBAL
        return this.nameFromStack();
      case 0x52: // REDUCE
        return this.reduce();
      case 0x62: // BUILD
        return this.build();
      default:
        return this.fail(`uses the opcode 0x${opcode.toString(16).padStart(2, "0")}, which no array needs`);
    }
  }

  private runConstant(opcode: number): boolean {
    switch (opcode) {
      case 0x4e: // NONE
        return this.push(null);
      case 0x88: // NEWTRUE
        return this.push(true);
      case 0x89: // NEWFALSE
        return this.push(false);
      case 0x4b: // BININT1
        return this.push(BigInt(this.unsigned(1)));
      case 0x4d: // BININT2
        return this.push(BigInt(this.unsigned(2)));
      case 0x4a: // BININT
        return this.push(BigInt(this.unsigned(4) | 0));
      case 0x8a: // LONG1
        return this.push(this.integer(this.unsigned(1)));
      case 0x47: // BINFLOAT
        return this.push(this.view.getFloat64(this.skip(8)));
      case 0x8c: // SHORT_BINUNICODE
        return this.push(this.text(this.unsigned(1)));
      case 0x58: // BINUNICODE
        return this.push(this.text(this.unsigned(4)));
      case 0x8d: // BINUNICODE8
        return this.push(this.text(this.unsigned(8)));
      case 0x43: // SHORT_BINBYTES
        return this.push(this.bytes(this.unsigned(1)));
      case 0x42: // BINBYTES
        return this.push(this.bytes(this.unsigned(4)));
      case 0x8e: // BINBYTES8
      case 0x96: // BYTEARRAY8
        return this.push(this.bytes(this.unsigned(8)));
      default:
        return false;
    }
  }

  private runContainer(opcode: number): boolean {
    switch (opcode) {
      case 0x28: // MARK
        this.marks.push(this.stack.length);
        return true;
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        return this.push([]);
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        return this.push(this.popMany(opcode - 0x84));
      case 0x74: // TUPLE
        return this.push(this.popMarked());
      case 0x7d: // EMPTY_DICT
        return this.push(new Map());
      case 0x61: // APPEND
        return this.append([this.pop()]);
      case 0x65: // APPENDS
        return this.append(this.popMarked());
      case 0x73: // SETITEM
        return this.setItems(this.popMany(2));
      case 0x75: // SETITEMS
        return this.setItems(this.popMarked());
      default:
        return false;
    }
  }

  private protocol(version: number): void {
    if (version < 2 || version > 5) this.fail(`is of protocol ${version}; 2 to 5 are read`);
  }

  private append(items: readonly PickleValue[]): true {
    const list = this.top();
    if (!Array.isArray(list)) return this.fail("appends to something that is not a list");
    for (const item of items) list.push(item);
    return true;
  }

  private setItems(items: readonly PickleValue[]): true {
    const dictionary = this.top();
    if (!(dictionary instanceof Map) || items.length % 2 !== 0)
      return this.fail("sets items of something that is not a dictionary");
    for (let i = 0; i < items.length; i += 2) {
      const key = items[i]!;
      if (typeof key !== "string") return this.fail("has a dictionary whose keys are not all strings");
      if (dictionary.has(key)) return this.fail(`has a dictionary with the key ${JSON.stringify(key)} twice`);
      dictionary.set(key, items[i + 1]!);
    }
    return true;
  }

  private recall(key: number): void {
    const value = this.memo.get(key);
    if (value === undefined) return this.fail(`refers to a value ${key} that it does not define`);
    this.push(value);
  }

  private nameFromStack(): void {
    const [module, name] = this.popMany(2);
    if (typeof module !== "string" || typeof name !== "string")
      return this.fail("names something by a value that is not a string");
    this.name(module, name);
  }

  private name(module: string, name: string): void {
    const found = findPickleName(module, name);
    if (found) this.push(found);
    else this.fail(`names ${JSON.stringify(`${module}.${name}`.slice(0, 80))}, which Python would run`);
  }

  private reduce(): void {
    const [maker, args] = this.popMany(2);
    if (!(maker instanceof PickleName) || !Array.isArray(args))
      return this.fail("calls something that is not a function");
    if (typeof args[0] === "string") this.encodable -= args[0].length;
    const value = this.encodable < 0 ? undefined : maker.make?.(args);
    if (value === undefined) return this.fail(`calls ${maker.name} in a way that NumPy does not`);
    this.push(value);
  }

  private build(): void {
    const state = this.pop();
    if (!setPickleState(this.top(), state)) this.fail("sets a state that NumPy does not write");
  }

  private push(value: PickleValue): true {
    this.stack.push(value);
    return true;
  }

  /** Returns how far down the stack opcodes may reach: to the last mark. */
  private floor(): number {
    return this.marks.at(-1) ?? 0;
  }

  private top(): PickleValue {
    if (this.stack.length <= this.floor()) this.fail("takes a value that is not there");
    return this.stack.at(-1)!;
  }

  private pop(): PickleValue {
    return this.popMany(1)[0]!;
  }

  private popMany(count: number): PickleValue[] {
    if (this.stack.length - count < this.floor()) this.fail("takes a value that is not there");
    return this.stack.splice(this.stack.length - count);
  }

  private popMarked(): PickleValue[] {
    const mark = this.marks.pop();
    return mark === undefined ? this.fail("closes a group that it did not open") : this.stack.splice(mark);
  }

  /** Advances by `length` bytes and returns the offset before them. */
  private skip(length: number): number {
    const from = this.at;
    if (length > this.file.length - from) {
      const sentence = `The pickle is cut off: ${length} bytes should follow here, but only ${this.file.length - from} do.`;
      throw new FormatError("E_OBJECT", from, sentence);
    }
    this.at = from + length;
    return from;
  }

  /** Reads a little-endian integer. Above 2^53 it is rounded, but no file is that long. */
  private unsigned(length: 1 | 2 | 4 | 8): number {
    const from = this.skip(length);
    let value = 0;
    for (let byte = length - 1; byte >= 0; byte--) value = value * 256 + this.file[from + byte]!;
    return value;
  }

  /** Reads a little-endian integer in two's complement. */
  private integer(length: number): bigint {
    if (length > maxIntegerBytes) this.fail("has a whole number beyond 64 bits");
    const from = this.skip(length);
    let value = 0n;
    for (let byte = length - 1; byte >= 0; byte--) value = value * 256n + BigInt(this.file[from + byte]!);
    return BigInt.asIntN(8 * length, value);
  }

  private bytes(length: number): Uint8Array {
    const from = this.skip(length);
    return this.file.subarray(from, this.at);
  }

  private text(length: number): string {
    const from = this.at;
    return decodeUtf8(this.bytes(length), from);
  }

  /** Reads text up to a line feed. */
  private line(): string {
    const from = this.at;
    const end = this.file.indexOf(0x0a, from);
    const text = this.text((end < 0 ? this.file.length : end) - from);
    this.skip(1);
    return text;
  }

  private fail(what: string): never {
    throw new FormatError(
      "E_OBJECT",
      this.opcodeAt,
      `The pickle in the file ${what}. A pickle can run code, so only pickled lists and dictionaries of NumPy arrays are read. ` +
        "Save with np.savez or safetensors.",
    );
  }
}

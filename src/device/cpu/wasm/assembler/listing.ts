/**
 * Disassembles a module's functions to WebAssembly text for display. Source: WebAssembly 3.0, "Binary Format" and "Text
 * Format".
 */
import { instructions } from "./instructions";

const floats = new DataView(new ArrayBuffer(16));

/**
 * Control instructions and others missing from `instructions`, with their immediate: an index, an integer or a block
 * type.
 */
const control: { [code: number]: [name: string, follows?: "index" | "whole" | "type"] } = {
  0x02: ["block", "type"],
  0x03: ["loop", "type"],
  0x04: ["if", "type"],
  0x05: ["else"],
  0x0b: ["end"],
  0x0c: ["br", "index"],
  0x0d: ["br_if", "index"],
  0x10: ["call", "index"],
  0x20: ["local.get", "index"],
  0x21: ["local.set", "index"],
  0x22: ["local.tee", "index"],
  0x41: ["i32.const", "whole"],
};

const names = new Map(
  Object.entries(instructions).map(([name, { code, vector }]) => [(Number(vector) << 16) | code, name]),
);

class Reader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get isDone(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    return this.bytes[this.at++]!;
  }

  unsigned(): number {
    let [value, shift, byte] = [0, 0, 0x80];
    for (; byte & 0x80; shift += 7) value |= ((byte = this.byte()) & 0x7f) << shift;
    return value >>> 0;
  }

  signed(): number {
    let [value, shift, byte] = [0, 0, 0x80];
    for (; byte & 0x80; shift += 7) value |= ((byte = this.byte()) & 0x7f) << shift;
    return shift < 32 && byte & 0x40 ? value | (-1 << shift) : value | 0;
  }

  take(count: number): Uint8Array {
    return this.bytes.subarray(this.at, (this.at += count));
  }

  sized(): Reader {
    return new Reader(this.take(this.unsigned()));
  }
}

/** Returns the immediates of a vector or memory instruction as text. */
function operandsOf(name: string, code: Reader): string {
  if (name === "v128.const") {
    code.take(16).forEach((byte, index) => floats.setUint8(index, byte));
    const lanes = [0, 4, 8, 12].map((at) => `0x${floats.getUint32(at, true).toString(16)}`);
    return ` i32x4 ${lanes.join(" ")} (; ${[0, 4, 8, 12].map((at) => floats.getFloat32(at, true)).join(" ")} ;)`;
  }
  if (name === "i8x16.shuffle") return ` ${code.take(16).join(" ")}`;
  if (/(extract|replace)_lane$/.test(name)) return ` ${code.byte()}`;
  if (!/\.(load|store)/.test(name)) return "";
  code.unsigned();
  const offset = code.unsigned();
  const lane = name.endsWith("_lane") ? ` ${code.byte()}` : "";
  return `${offset > 0 ? ` offset=${offset}` : ""}${lane}`;
}

function instructionOf(code: Reader): string {
  const first = code.byte();
  const [name, follows] = control[first] ?? [];
  if (follows === "index") return `${name} ${code.unsigned()}`;
  if (follows === "whole") return `${name} ${code.signed()}`;
  if (follows === "type") code.byte();
  if (name) return name;
  const found = names.get(first === 0xfd ? (1 << 16) | code.unsigned() : first);
  if (!found) throw new Error(`internal: no name for instruction ${first}`);
  return found + operandsOf(found, code);
}

function functionText(name: string, body: Reader): string {
  const locals: string[] = [];
  for (let runs = body.unsigned(); runs > 0; runs--) {
    const count = body.unsigned();
    const type = body.byte() === 0x7f ? "i32" : "v128";
    locals.push(...Array.from({ length: count }, () => type));
  }
  const lines = [`(func (export "${name}")`];
  if (locals.length > 0) lines.push(`  (local ${locals.join(" ")})`);
  let depth = 1;
  for (;;) {
    const text = instructionOf(body);
    if (text === "end" && body.isDone) return `${lines.join("\n")})`;
    if (text === "end" || text === "else") depth--;
    lines.push("  ".repeat(depth) + text);
    if (/^(block|loop|if|else)$/.test(text)) depth++;
  }
}

/** Returns the text of each exported function by name. The module must come from `writeModule`. */
export function listFunctions(module: Uint8Array): Map<string, string> {
  const reader = new Reader(module.subarray(8));
  const exported: string[] = [];
  const texts = new Map<string, string>();
  while (!reader.isDone) {
    const id = reader.byte();
    const content = reader.sized();
    for (let count = id === 7 || id === 10 ? content.unsigned() : 0; count > 0; count--) {
      if (id === 7) {
        const name = String.fromCharCode(...content.take(content.unsigned()));
        content.byte();
        exported[content.unsigned()] = name;
      } else {
        const name = exported[texts.size]!;
        texts.set(name, functionText(name, content.sized()));
      }
    }
  }
  return texts;
}

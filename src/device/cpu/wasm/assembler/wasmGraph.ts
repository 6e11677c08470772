/**
 * The values of a function as a graph. Equal values share one node, and values known at compile time become constants.
 * `writeCode.ts` decides when each value is computed.
 */
import { bitsOf, floatOf, instruction, instructions, type InstructionName } from "./instructions";
import type { ValueType } from "./binary";

export interface WasmNode {
  readonly id: number;
  readonly op: InstructionName | "i32.const" | "variable";
  readonly args: readonly WasmNode[];
  /** Bits of a constant; offset and then lane of a read; the 16 byte indices of a shuffle; number of a variable. */
  readonly immediate: readonly number[];
  readonly type: ValueType;
  /** Number of loops around the node; the node changes only with the innermost of them. */
  readonly level: number;
  /** Memory that a read accesses, so that it is ordered before a store to it. */
  readonly source?: string | undefined;
}

export interface MemoryRead {
  readonly address: WasmNode;
  /** Offset in bytes. */
  readonly offset: number;
  readonly source?: string | undefined;
  /** Keeps the read inside this number of loops even if its address is loop-invariant. */
  readonly level?: number | undefined;
}

const allOnes = -1;

/** Returns true for a number with exactly one bit set. */
function isPowerOfTwo(n: number): boolean {
  return n > 0 && (n & (n - 1)) === 0;
}

/** Returns the bits of a constant if they are equal in all lanes. */
export function uniformBits(node: WasmNode): number | undefined {
  if (node.op === "i32.const") return node.immediate[0];
  if (node.op !== "v128.const") return undefined;
  const [first, ...others] = node.immediate;
  return others.every((bits) => bits === first) ? first : undefined;
}

/** Bound of node ids: two ids below it combine into one exact double. */
const maxNodes = 2 ** 26;

/** Limit on the nodes visited to decide whether a node propagates NaN. */
const maxSearch = 200;

const noImmediate: readonly number[] = [];

const commutative: ReadonlySet<InstructionName> = new Set<InstructionName>([
  "i32.add",
  "i32.mul",
  "v128.and",
  "v128.or",
  "i32x4.add",
  "i32x4.mul",
  "f32x4.mul",
]);

function isConstant({ op }: WasmNode): boolean {
  return op === "v128.const" || op === "i32.const";
}

export class WasmGraph {
  private readonly known = new Map<string, WasmNode>();
  /** Most nodes: those with one or two operands and no immediate. Keyed by both ids, which is faster than by text. */
  private readonly knownPairs = new Map<WasmNode["op"], Map<number, WasmNode>>();
  private readonly wholes = new Map<number, WasmNode>();
  private readonly uniforms = new Map<number, WasmNode>();
  private nodes = 0;
  private assumed: WasmNode | undefined;

  /** Number of nodes. */
  get size(): number {
    return this.nodes;
  }

  /** Prevents later reads from sharing a node with earlier ones. */
  forgetReads(): void {
    this.known.clear();
  }

  /** Returns an i32 constant. */
  whole(value: number): WasmNode {
    const bits = value | 0;
    let node = this.wholes.get(bits);
    if (!node) this.wholes.set(bits, (node = this.newNode("i32.const", [], [bits], "i32", 0)));
    return node;
  }

  /** Returns a vector constant from the bits of its lanes. */
  lanes(bits: readonly number[]): WasmNode {
    return this.node(
      "v128.const",
      [],
      bits.map((one) => one | 0),
      "v128",
    );
  }

  /** Returns a vector constant with the same bits in all lanes. */
  constant(bits: number): WasmNode {
    let node = this.uniforms.get(bits);
    if (!node) this.uniforms.set(bits, (node = this.lanes([bits, bits, bits, bits])));
    return node;
  }

  float(value: number): WasmNode {
    return this.constant(bitsOf(value));
  }

  mask(value: boolean): WasmNode {
    return this.constant(value ? allOnes : 0);
  }

  /** Returns the value of a variable at the point of use. */
  variable(number: number, type: ValueType, level: number): WasmNode {
    // Always a new node, because the variable may have been set since the last one.
    return this.newNode("variable", [], [number], type, level);
  }

  load(name: "v128.load" | "v128.load32_splat" | "i32.load", { address, offset, source, level }: MemoryRead): WasmNode {
    return this.node(name, [address], [offset], instruction(name).gives, { source, level });
  }

  /** Returns a vector with one lane loaded from memory. */
  loadLane(vector: WasmNode, lane: number, { address, offset, source, level }: MemoryRead): WasmNode {
    return this.node("v128.load32_lane", [address, vector], [offset, lane], "v128", { source, level });
  }

  /** Returns a lane of a vector as an i32. */
  extract(vector: WasmNode, lane: number): WasmNode {
    const [first, second] = vector.args;
    const read = { address: first!, offset: vector.immediate[0]!, source: vector.source, level: vector.level };
    if (vector.op === "v128.const") return this.whole(vector.immediate[lane]!);
    if (vector.op === "i32x4.splat") return first!;
    if (vector.op === "v128.load32_splat") return this.load("i32.load", read);
    if (vector.op === "v128.load") return this.load("i32.load", { ...read, offset: read.offset + 4 * lane });
    if (vector.op === "v128.load32_lane") {
      return vector.immediate[1] === lane ? this.load("i32.load", read) : this.extract(second!, lane);
    }
    if (vector.op === "i32x4.replace_lane") {
      return vector.immediate[0] === lane ? second! : this.extract(first!, lane);
    }
    return this.node("i32x4.extract_lane", [vector], [lane], "i32");
  }

  /** Returns an i32 in all lanes. */
  splat(value: WasmNode): WasmNode {
    const bits = uniformBits(value);
    if (bits !== undefined) return this.constant(bits);
    if (value.op === "i32.load") {
      const [offset] = value.immediate;
      const read = { address: value.args[0]!, offset: offset!, source: value.source, level: value.level };
      return this.load("v128.load32_splat", read);
    }
    return this.node("i32x4.splat", [value], [], "v128");
  }

  /** Returns a vector of four i32. */
  fromLanes(values: readonly WasmNode[]): WasmNode {
    const [first, ...others] = values;
    if (values.every(({ op }) => op === "i32.const")) return this.lanes(values.map(({ immediate }) => immediate[0]!));
    let vector = this.splat(first!);
    others.forEach((value, index) => {
      if (value !== first) vector = this.node("i32x4.replace_lane", [vector, value], [index + 1], "v128");
    });
    return vector;
  }

  /** Returns a vector of words selected from two vectors; indices from 4 refer to the second. */
  shuffle(a: WasmNode, b: WasmNode, words: readonly number[]): WasmNode {
    const bytes = words.flatMap((word) => [0, 1, 2, 3].map((byte) => 4 * word + byte));
    return this.node("i8x16.shuffle", [a, b], bytes, "v128");
  }

  /** Returns the result of an instruction, or a simpler node of the same value. */
  op(name: InstructionName, ...args: WasmNode[]): WasmNode {
    const found = this.simpler(name, args);
    if (found) return found;
    const { gives } = instruction(name);
    return args.length > 2 ? this.node(name, args, noImmediate, gives) : this.ofPair(name, args, gives);
  }

  /** Declares that a mask is set in all code that follows, which is not reached otherwise. */
  assume(mask: WasmNode): void {
    this.assumed = mask;
  }

  /** Returns `then` in lanes whose mask is set, otherwise `otherwise`. */
  select(then: WasmNode, otherwise: WasmNode, mask: WasmNode): WasmNode {
    const known = uniformBits(mask);
    if (known === allOnes || then === otherwise || mask === this.assumed) return then;
    if (known === 0) return otherwise;
    // If the mask tests `then` for NaN and `otherwise` propagates that NaN, no selection is needed.
    if (mask.op === "f32x4.ne" && mask.args[0] === mask.args[1] && mask.args[0] === then) {
      if (this.keepsNaN(otherwise, then, new Map())) return otherwise;
    }
    return this.op("v128.bitselect", then, otherwise, mask);
  }

  private keepsNaN(node: WasmNode, of: WasmNode, known: Map<WasmNode, boolean>): boolean {
    if (node === of) return true;
    // A node older than `of` cannot depend on it.
    if (node.id < of.id || known.size > maxSearch) return false;
    let keeps = known.get(node);
    if (keeps === undefined) {
      known.set(node, false);
      keeps = this.argsThatKeepNaN(node).some((args) => args.every((arg) => this.keepsNaN(arg, of, known)));
      known.set(node, keeps);
    }
    return keeps;
  }

  /** Returns sets of operands such that the result is NaN if all operands of one set are. */
  private argsThatKeepNaN({ op, args }: WasmNode): readonly WasmNode[][] {
    if (op === "f32x4.pmin" || op === "f32x4.pmax") return [[args[0]!]];
    if (op === "v128.bitselect") return [[args[0]!, args[1]!]];
    const keeps = op in instructions && instruction(op as InstructionName).keepsNaN;
    return keeps ? args.map((arg) => [arg]) : [];
  }

  /** Returns the constant result of constant operands. */
  private folded(name: InstructionName, args: readonly WasmNode[]): WasmNode | undefined {
    const { of, gives } = instruction(name);
    if (!of) return undefined;
    if (gives === "i32") {
      const isDivision = name.includes("div") || name.includes("rem");
      if (isDivision && args[1]!.immediate[0] === 0) return undefined;
      return this.whole(of(...args.map(({ immediate }) => immediate[0]!)));
    }
    const lane = (index: number) => of(...args.map(({ immediate }) => immediate[index] ?? immediate[0]!));
    return this.lanes([0, 1, 2, 3].map(lane));
  }

  private simpler(name: InstructionName, args: readonly WasmNode[]): WasmNode | undefined {
    const [a, b] = args as [WasmNode, WasmNode];
    if (args.every(isConstant)) return this.folded(name, args);
    if (args.length !== 2) return undefined;
    const right = uniformBits(b);
    if (right !== undefined) return this.simplerByConstant(name, a, right);
    const left = commutative.has(name) ? uniformBits(a) : undefined;
    return left === undefined ? undefined : this.simplerByConstant(name, b, left);
  }

  private simplerByConstant(name: InstructionName, a: WasmNode, right: number): WasmNode | undefined {
    switch (name) {
      case "i32.add":
      case "i32.sub":
      case "i32x4.add":
      case "i32x4.sub":
        return right === 0 ? a : undefined;
      case "i32.mul":
        if (right === 0) return this.whole(0);
        return isPowerOfTwo(right) ? this.op("i32.shl", a, this.whole(Math.log2(right))) : undefined;
      case "i32.div_u":
        return isPowerOfTwo(right) ? this.op("i32.shr_u", a, this.whole(Math.log2(right))) : undefined;
      case "i32.rem_u":
        return isPowerOfTwo(right) ? this.op("i32.and", a, this.whole(right - 1)) : undefined;
      case "i32.shl":
      case "i32.shr_u":
        return right === 0 ? a : undefined;
      case "v128.and":
        return right === allOnes ? a : right === 0 ? this.constant(0) : undefined;
      case "v128.or":
        return right === 0 ? a : right === allOnes ? this.constant(allOnes) : undefined;
      case "i32x4.shr_u":
      case "i32x4.shr_s":
        return this.shifted(name, a, right);
      case "i32x4.gt_s":
        // A shift by 31 leaves 0 or -1, neither of which is greater than 0.
        return right === 0 && a.op === "i32x4.shr_s" && a.args[1]!.immediate[0] === 31 ? this.mask(false) : undefined;
      case "f32x4.mul":
        return right === bitsOf(1) ? a : undefined;
      case "f32x4.div":
        return this.divided(a, floatOf(right));
      default:
        return undefined;
    }
  }

  /** Combines two consecutive shifts into one. */
  private shifted(name: "i32x4.shr_u" | "i32x4.shr_s", a: WasmNode, by: number): WasmNode | undefined {
    if (by === 0) return a;
    if (a.op !== name || a.args[1]!.op !== "i32.const") return undefined;
    const both = by + a.args[1]!.immediate[0]!;
    if (both > 31 && name === "i32x4.shr_u") return this.constant(0);
    return this.op(name, a.args[0]!, this.whole(Math.min(both, 31)));
  }

  /** Replaces a division by a faster multiplication if the reciprocal is exact. */
  private divided(a: WasmNode, by: number): WasmNode | undefined {
    const exponent = Math.log2(Math.abs(by));
    const isExact = Number.isInteger(exponent) && Math.abs(exponent) < 126 && 2 ** exponent === Math.abs(by);
    return isExact ? this.op("f32x4.mul", a, this.float(1 / by)) : undefined;
  }

  private ofPair(op: WasmNode["op"], args: readonly WasmNode[], type: ValueType): WasmNode {
    const [a, b] = args as [WasmNode, WasmNode | undefined];
    let pairs = this.knownPairs.get(op);
    if (!pairs) this.knownPairs.set(op, (pairs = new Map()));
    const key = a.id * maxNodes + (b ? b.id + 1 : 0);
    let node = pairs.get(key);
    if (!node) pairs.set(key, (node = this.newNode(op, args, noImmediate, type, Math.max(a.level, b?.level ?? 0))));
    return node;
  }

  private node(
    op: WasmNode["op"],
    args: readonly WasmNode[],
    immediate: readonly number[],
    type: ValueType,
    { source, level = 0 }: Pick<MemoryRead, "source" | "level"> = {},
  ): WasmNode {
    let deepest = level;
    let key = `${op} ${immediate.join()}`;
    for (const arg of args) {
      deepest = Math.max(deepest, arg.level);
      key += ` ${arg.id}`;
    }
    key += ` ${deepest}`;
    let node = this.known.get(key);
    if (!node) this.known.set(key, (node = this.newNode(op, args, immediate, type, deepest, source)));
    return node;
  }

  private newNode(
    op: WasmNode["op"],
    args: readonly WasmNode[],
    immediate: readonly number[],
    type: ValueType,
    level: number,
    source?: string,
  ): WasmNode {
    return { id: this.nodes++, op, args, immediate, type, level, source };
  }
}

/** WGSL values in four lanes, with WGSL's operators and conversions. */
import { UnsupportedWgsl } from "../../../wgsl/wgslReader";
import { bitsOf, type InstructionName } from "../assembler/instructions";
import type { WasmGraph, WasmNode } from "../assembler/wasmGraph";
import { uniformBits } from "../assembler/wasmGraph";

export type ScalarType = "f32" | "i32" | "u32" | "bool";

export interface Typed {
  readonly type: ScalarType;
  readonly node: WasmNode;
}

/** A literal without a type, which adopts the type of the other operand. */
export interface Untyped {
  readonly type: "int" | "float";
  readonly number: number;
}

export interface Vector {
  readonly type: "vector";
  readonly parts: readonly Value[];
}

export type Value = Typed | Untyped | Vector;

type Names = Partial<Record<string, InstructionName>>;

const signedNames: Names = {
  "+": "i32x4.add",
  "-": "i32x4.sub",
  "*": "i32x4.mul",
  "==": "i32x4.eq",
  "!=": "i32x4.ne",
  "<": "i32x4.lt_s",
  ">": "i32x4.gt_s",
  "<=": "i32x4.le_s",
  ">=": "i32x4.ge_s",
  "&": "v128.and",
  "|": "v128.or",
  "^": "v128.xor",
};

const operators: Record<ScalarType, Names> = {
  f32: {
    "+": "f32x4.add",
    "-": "f32x4.sub",
    "*": "f32x4.mul",
    "/": "f32x4.div",
    "==": "f32x4.eq",
    "!=": "f32x4.ne",
    "<": "f32x4.lt",
    ">": "f32x4.gt",
    "<=": "f32x4.le",
    ">=": "f32x4.ge",
  },
  i32: signedNames,
  u32: { ...signedNames, "<": "i32x4.lt_u", ">": "i32x4.gt_u", "<=": "i32x4.le_u", ">=": "i32x4.ge_u" },
  bool: {
    "&": "v128.and",
    "&&": "v128.and",
    "|": "v128.or",
    "||": "v128.or",
    "!=": "v128.xor",
    "==": "i32x4.eq",
  },
};

const comparisons = new Set(["==", "!=", "<", ">", "<=", ">="]);

const ofNumbers: Record<string, (a: number, b: number) => number> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
};

export class LaneValues {
  constructor(readonly graph: WasmGraph) {}

  /**
   * Returns a value's node as the given type. Only untyped literals are converted. @throws UnsupportedWgsl for any other type.
   */
  as(type: ScalarType, value: Value): WasmNode {
    if (value.type === "vector") throw new UnsupportedWgsl(`a vector as ${type}`);
    if ("number" in value) {
      if (value.type === "float" && type !== "f32") throw new UnsupportedWgsl(`${value.number} as ${type}`);
      return this.graph.constant(type === "f32" ? bitsOf(value.number) : value.number);
    }
    if (value.type !== type) throw new UnsupportedWgsl(`${value.type} as ${type}`);
    return value.node;
  }

  /** Returns a typed value; an untyped literal gets WGSL's default type. */
  typed(value: Value): Typed {
    if (value.type === "vector") throw new UnsupportedWgsl("a vector as a number");
    if (!("number" in value)) return value;
    const type = value.type === "int" ? "i32" : "f32";
    return { type, node: this.as(type, value) };
  }

  mask(value: Value): WasmNode {
    return this.as("bool", value);
  }

  /** Converts operands to their common type. */
  common(values: readonly Value[]): { type: ScalarType; nodes: WasmNode[] } {
    const typed = values.find((value): value is Typed => value.type !== "vector" && !("number" in value));
    const isFloat = values.some(({ type }) => type === "float");
    const type = typed?.type ?? (isFloat ? "f32" : "i32");
    return { type, nodes: values.map((value) => this.as(type, value)) };
  }

  select(then: Value, otherwise: Value, mask: WasmNode): Value {
    if (then.type === "vector" && otherwise.type === "vector") {
      return { type: "vector", parts: then.parts.map((part, k) => this.select(part, otherwise.parts[k]!, mask)) };
    }
    const { type, nodes } = this.common([then, otherwise]);
    return { type, node: this.graph.select(nodes[0]!, nodes[1]!, mask) };
  }

  unary(operator: string, operand: Value): Value {
    const { graph } = this;
    if ("number" in operand && operator === "-") return { ...operand, number: -operand.number };
    const { type, node } = this.typed(operand);
    if (operator === "-" && type === "f32") return { type, node: graph.op("f32x4.neg", node) };
    if (operator === "-") return { type, node: graph.op("i32x4.neg", node) };
    return { type, node: graph.op("v128.not", node) };
  }

  binary(operator: string, left: Value, right: Value): Value {
    if (left.type === "vector" || right.type === "vector") return this.ofParts(operator, left, right);
    const plainly = ofNumbers[operator];
    if ("number" in left && "number" in right && plainly) {
      const isFloat = left.type === "float" || right.type === "float";
      return { type: isFloat ? "float" : "int", number: plainly(left.number, right.number) };
    }
    if (operator === "<<" || operator === ">>") return this.shift(operator, this.typed(left), right);
    const { type, nodes } = this.common([left, right]);
    const [a, b] = nodes as [WasmNode, WasmNode];
    const name = operators[type][operator];
    if (name) return { type: comparisons.has(operator) ? "bool" : type, node: this.graph.op(name, a, b) };
    if (operator === "%" && type === "f32") {
      // Truncates toward zero, as WGSL requires.
      const { graph } = this;
      const whole = graph.op("f32x4.trunc", graph.op("f32x4.div", a, b));
      return { type, node: graph.op("f32x4.sub", a, graph.op("f32x4.mul", whole, b)) };
    }
    if (operator === "/" || operator === "%") return { type, node: this.divide(operator, type, a, b) };
    throw new UnsupportedWgsl(`${type} ${operator} ${type}`);
  }

  convert(to: ScalarType, value: Value): Value {
    const { graph } = this;
    if ("number" in value && to !== "bool") {
      const type = to === "f32" ? "float" : "int";
      return { type: to, node: this.as(to, { type, number: value.number }) };
    }
    const { type, node } = this.typed(value);
    if (type === to || (type !== "f32" && to !== "f32" && type !== "bool" && to !== "bool")) return { type: to, node };
    if (to === "bool") {
      return { type: to, node: graph.op(type === "f32" ? "f32x4.ne" : "i32x4.ne", node, graph.constant(0)) };
    }
    if (type === "bool")
      return { type: to, node: graph.op("v128.and", node, graph.constant(to === "f32" ? bitsOf(1) : 1)) };
    if (to === "f32")
      return { type: to, node: graph.op(type === "i32" ? "f32x4.convert_i32x4_s" : "f32x4.convert_i32x4_u", node) };
    return { type: to, node: graph.op(to === "i32" ? "i32x4.trunc_sat_f32x4_s" : "i32x4.trunc_sat_f32x4_u", node) };
  }

  private ofParts(operator: string, left: Value, right: Value): Value {
    const parts = left.type === "vector" ? left.parts : right.type === "vector" ? right.parts : [];
    const part = (value: Value, index: number) => (value.type === "vector" ? value.parts[index]! : value);
    return { type: "vector", parts: parts.map((_, k) => this.binary(operator, part(left, k), part(right, k))) };
  }

  private shift(operator: "<<" | ">>", { type, node }: Typed, by: Value): Value {
    const distance = "number" in by ? by.number : uniformBits(this.typed(by).node);
    if (distance === undefined) throw new UnsupportedWgsl("a shift by another distance in each lane");
    const name = operator === "<<" ? "i32x4.shl" : type === "i32" ? "i32x4.shr_s" : "i32x4.shr_u";
    return { type, node: this.graph.op(name, node, this.graph.whole(distance & 31)) };
  }

  /** Divides lane by lane, because there is no vector instruction. As in WGSL, a / 0 is a and a % 0 is 0. */
  private divide(operator: "/" | "%", type: ScalarType, a: WasmNode, b: WasmNode): WasmNode {
    const { graph } = this;
    const by = uniformBits(b);
    if (type === "u32" && by !== undefined && by > 0 && (by & (by - 1)) === 0) {
      if (operator === "%") return graph.op("v128.and", a, graph.constant(by - 1));
      return graph.op("i32x4.shr_u", a, graph.whole(Math.log2(by)));
    }
    // The smallest i32 divided by -1 would trap.
    if (type === "i32" && operator === "/" && (by === undefined || by === -1))
      throw new UnsupportedWgsl("an i32 divided by an i32");
    const name = `i32.${operator === "/" ? "div" : "rem"}_${type === "u32" ? "u" : "s"}` as const;
    const divided = [0, 1, 2, 3].map((lane) => {
      const divisor = graph.extract(b, lane);
      const notZero = graph.op("i32.or", divisor, graph.op("i32.eqz", divisor));
      return graph.op(name, graph.extract(a, lane), notZero);
    });
    return graph.fromLanes(divided);
  }
}

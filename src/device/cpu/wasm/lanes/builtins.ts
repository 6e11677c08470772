/** WGSL's built-in functions, and those of `shaders/functions/` that WebAssembly has in one or two instructions. */
import { UnsupportedWgsl } from "../../../wgsl/wgslReader";
import { bitsOf, floatOf, type InstructionName } from "../assembler/instructions";
import { type WasmNode, uniformBits } from "../assembler/wasmGraph";
import type { LaneValues, ScalarType, Value } from "./laneValues";

export interface BuiltinTools {
  readonly values: LaneValues;
  /** True if a relaxed multiply-add rounds once. */
  readonly fuses: boolean;
}

type Builtin = (tools: BuiltinTools, args: readonly Value[]) => Value;

/** Returns a builtin that is one instruction for each supported type. */
function byType(names: Partial<Record<ScalarType, InstructionName>>): Builtin {
  return ({ values }, args) => {
    const { type, nodes } = values.common(args);
    const name = names[type];
    if (!name) throw new UnsupportedWgsl(`a builtin of ${type}`);
    return { type, node: values.graph.op(name, ...nodes) };
  };
}

/**
 * Returns `min` or `max`. If one operand is a nonzero constant, the shorter instruction suffices with the constant
 * second: it returns its first operand if that is NaN, as the exact instruction does.
 */
function extreme(
  whole: Partial<Record<ScalarType, InstructionName>>,
  exact: "f32x4.min" | "f32x4.max",
  short: "f32x4.pmin" | "f32x4.pmax",
): Builtin {
  const ofWhole = byType(whole);
  return (tools, args) => {
    const { type, nodes } = tools.values.common(args);
    if (type !== "f32") return ofWhole(tools, args);
    const [a, b] = nodes as [WasmNode, WasmNode];
    const isNumber = (node: WasmNode) => {
      const bits = uniformBits(node);
      return bits !== undefined && !Number.isNaN(floatOf(bits)) && floatOf(bits) !== 0;
    };
    const { graph } = tools.values;
    if (isNumber(b)) return { type, node: graph.op(short, a, b) };
    return { type, node: isNumber(a) ? graph.op(short, b, a) : graph.op(exact, a, b) };
  };
}

const max = extreme({ i32: "i32x4.max_s", u32: "i32x4.max_u" }, "f32x4.max", "f32x4.pmax");
const min = extreme({ i32: "i32x4.min_s", u32: "i32x4.min_u" }, "f32x4.min", "f32x4.pmin");

/** Returns -1, 0 or 1. */
const sign: Builtin = ({ values }, [x]) => {
  const { graph } = values;
  const { type, node } = values.typed(x!);
  const isFloat = type === "f32";
  const zero = graph.constant(0);
  const one = graph.constant(isFloat ? bitsOf(1) : 1);
  const minusOne = graph.constant(isFloat ? bitsOf(-1) : -1);
  const above = graph.op("v128.and", graph.op(isFloat ? "f32x4.gt" : "i32x4.gt_s", node, zero), one);
  const below = graph.op("v128.and", graph.op(isFloat ? "f32x4.lt" : "i32x4.lt_s", node, zero), minusOne);
  return { type, node: graph.op("v128.or", above, below) };
};

const fma: Builtin = ({ values, fuses }, args) => {
  const [a, b, c] = args.map((arg) => values.as("f32", arg)) as [WasmNode, WasmNode, WasmNode];
  const { graph } = values;
  if (fuses) return { type: "f32", node: graph.op("f32x4.relaxed_madd", a, b, c) };
  return { type: "f32", node: graph.op("f32x4.add", graph.op("f32x4.mul", a, b), c) };
};

/** Returns the upper words of 64-bit products. */
const multiplyHigh: Builtin = ({ values }, args) => {
  const { graph } = values;
  const [a, b] = args.map((arg) => values.as("u32", arg)) as [WasmNode, WasmNode];
  const low = graph.op("i64x2.extmul_low_i32x4_u", a, b);
  const high = graph.op("i64x2.extmul_high_i32x4_u", a, b);
  return { type: "u32", node: graph.shuffle(low, high, [1, 3, 5, 7]) };
};

const isNaN: Builtin = ({ values }, [x]) => {
  const node = values.as("f32", x!);
  const isWhole = node.op === "f32x4.convert_i32x4_s" || node.op === "f32x4.convert_i32x4_u";
  return { type: "bool", node: isWhole ? values.graph.mask(false) : values.graph.op("f32x4.ne", node, node) };
};

const builtins: Record<string, Builtin> = {
  abs: byType({ f32: "f32x4.abs", i32: "i32x4.abs" }),
  ceil: byType({ f32: "f32x4.ceil" }),
  clamp: (tools, [x, low, high]) => min(tools, [max(tools, [x!, low!]), high!]),
  floor: byType({ f32: "f32x4.floor" }),
  fma,
  max,
  min,
  round: byType({ f32: "f32x4.nearest" }),
  select: ({ values }, [otherwise, then, mask]) => values.select(then!, otherwise!, values.mask(mask!)),
  sign,
  sqrt: byType({ f32: "f32x4.sqrt" }),
  trunc: byType({ f32: "f32x4.trunc" }),
  // Functions of shaders/functions/.
  is_nan: isNaN,
  multiply_high: multiplyHigh,
  // The WGSL version guards the edges, but this instruction already returns NaN below zero and exact results at the
  // ends.
  square_root: byType({ f32: "f32x4.sqrt" }),
};

/** Returns the builtin of this name if it takes only a few instructions. */
export function builtin(name: string): Builtin | undefined {
  return Object.hasOwn(builtins, name) ? builtins[name] : undefined;
}

/** WGSL's own functions, and functions of `shaders/functions/` for which WebAssembly has an instruction or two. */
import { type Node, uniformBits } from "./graph";
import { bitsOf, floatOf, type InstructionName } from "./instructions";
import type { LaneValues, ScalarType, Value } from "./laneValues";
import { NotRead } from "./wgslReader";

export interface BuiltinTools {
  readonly values: LaneValues;
  /** True where a relaxed multiply-add rounds once. */
  readonly fuses: boolean;
}

type Builtin = (tools: BuiltinTools, args: readonly Value[]) => Value;

/** An instruction for each type that has one. */
function byType(names: Partial<Record<ScalarType, InstructionName>>): Builtin {
  return ({ values }, args) => {
    const { type, nodes } = values.common(args);
    const name = names[type];
    if (!name) throw new NotRead(`a builtin of ${type}`);
    return { type, node: values.graph.op(name, ...nodes) };
  };
}

/**
 * The greater or smaller of two numbers. Where one is a constant the shorter instruction does, with the constant second: it
 * gives the first of its operands where that is NaN, as the longer one would.
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
    const [a, b] = nodes as [Node, Node];
    const isNumber = (node: Node) => {
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

/** -1, 0 or 1. */
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
  const [a, b, c] = args.map((arg) => values.as("f32", arg)) as [Node, Node, Node];
  const { graph } = values;
  if (fuses) return { type: "f32", node: graph.op("f32x4.relaxed_madd", a, b, c) };
  return { type: "f32", node: graph.op("f32x4.add", graph.op("f32x4.mul", a, b), c) };
};

/** The upper words of two products of 64 bits each. */
const multiplyHigh: Builtin = ({ values }, args) => {
  const { graph } = values;
  const [a, b] = args.map((arg) => values.as("u32", arg)) as [Node, Node];
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
  // Of shaders/functions/.
  is_nan: isNaN,
  multiply_high: multiplyHigh,
  // Here the root of what is below zero is NaN, and the ends are what they should be.
  square_root: byType({ f32: "f32x4.sqrt" }),
};

/** The function of a name, if it is one or a few instructions. */
export function builtin(name: string): Builtin | undefined {
  return Object.hasOwn(builtins, name) ? builtins[name] : undefined;
}

/**
 * Evaluates WGSL functions in four lanes at once and returns a graph of vectors. Calls are inlined. Where lanes
 * diverge, both branches are computed and each lane selects its result.
 */
import { sourceOf, sources } from "../../../sources";
import {
  type WgslBlock,
  type Expression,
  UnsupportedWgsl,
  readWgsl,
  type WgslFunction,
  type WgslStatement,
} from "../../../wgsl/wgslReader";
import { type WasmGraph, type WasmNode, uniformBits } from "../assembler/wasmGraph";
import { builtin, type BuiltinTools } from "./builtins";
import { LaneValues, type ScalarType, type Typed, type Value } from "./laneValues";
import { missingBuiltin } from "./missingBuiltins";

/** Types that the names `T` and `S` stand for. */
export interface TypeNames {
  readonly T: ScalarType;
  readonly S?: ScalarType | undefined;
}

type Scope = Map<string, Value>;

/** Values returned so far, and the mask of the lanes that have returned. */
interface Returned {
  readonly value: Value;
  readonly mask: WasmNode;
}

type OfKind<K extends WgslStatement["kind"]> = Extract<WgslStatement, { kind: K }>;

const scalarTypes = new Set<string>(["f32", "i32", "u32", "bool"]);
const partNames = ["x", "y", "z", "w"];

/** Limit on the iterations of an unrolled loop; a longer loop is rejected. */
const maxTurns = 64;

const genericTexts = new Map<string, boolean>();

function isGeneric(text: string): boolean {
  let found = genericTexts.get(text);
  if (found === undefined) genericTexts.set(text, (found = /\bT\b/.test(text.replace(/\/\/.*/g, ""))));
  return found;
}

/** A call of a function: its scope and the types of its type names. */
class Frame {
  constructor(
    private readonly translator: WgslLanes,
    /** Functions of the same text. */
    private readonly beside: readonly WgslFunction[],
    private readonly types: TypeNames,
  ) {}

  /** Runs a block and returns what it returns, if anything. It updates `scope`. */
  run(block: WgslBlock, scope: Scope): Returned | undefined {
    for (const [index, statement] of block.entries()) {
      const returned = this.statement(statement, scope);
      if (!returned) continue;
      if (uniformBits(returned.mask) === -1) return returned;
      const rest = this.run(block.slice(index + 1), scope);
      return rest ? this.either(returned, rest) : returned;
    }
    return undefined;
  }

  private get values(): LaneValues {
    return this.translator.values;
  }

  private get graph(): WasmGraph {
    return this.translator.values.graph;
  }

  private either(first: Returned, rest: Returned): Returned {
    return {
      value: this.values.select(first.value, rest.value, first.mask),
      mask: this.graph.op("v128.or", first.mask, rest.mask),
    };
  }

  private statement(statement: WgslStatement, scope: Scope): Returned | undefined {
    switch (statement.kind) {
      case "define": {
        const value = this.expression(statement.value, scope);
        const { type } = statement;
        scope.set(statement.name, type ? this.values.convert(this.scalar(type), value) : this.settled(value));
        return undefined;
      }
      case "assign":
        this.assign(statement, scope);
        return undefined;
      case "return":
        return { value: this.expression(statement.value, scope), mask: this.graph.mask(true) };
      case "if":
        return this.choice(statement, scope);
      case "for":
        return this.loop(statement, scope);
    }
  }

  private settled(value: Value): Value {
    return value.type === "vector" ? value : this.values.typed(value);
  }

  private assign({ name, operator, value }: OfKind<"assign">, scope: Scope): void {
    const before = scope.get(name);
    if (!before) throw new UnsupportedWgsl(`an assignment to ${name}`);
    const given = this.expression(value, scope);
    const next = operator ? this.values.binary(operator, before, given) : given;
    scope.set(
      name,
      next.type === "vector" ? next : { type: before.type as ScalarType, node: this.typedAs(before, next) },
    );
  }

  private typedAs(before: Value, next: Value): WasmNode {
    return this.values.as((before as Typed).type, next);
  }

  private choice({ condition, accepted, otherwise }: OfKind<"if">, scope: Scope): Returned | undefined {
    const mask = this.values.mask(this.expression(condition, scope));
    const known = uniformBits(mask);
    if (known !== undefined) return this.inside(known === 0 ? otherwise : accepted, scope);
    const thenScope = new Map(scope);
    const otherScope = new Map(scope);
    const fromThen = this.run(accepted, thenScope);
    const fromOther = this.run(otherwise, otherScope);
    for (const name of scope.keys()) {
      const a = thenScope.get(name)!;
      const b = otherScope.get(name)!;
      if (a !== b) scope.set(name, leaves(fromThen) ? b : leaves(fromOther) ? a : this.values.select(a, b, mask));
    }
    const not = this.graph.op("v128.not", mask);
    const first = fromThen && { ...fromThen, mask: this.graph.op("v128.and", mask, fromThen.mask) };
    const second = fromOther && { ...fromOther, mask: this.graph.op("v128.and", not, fromOther.mask) };
    if (!first || !second) return first ?? second;
    const both = this.either(first, second);
    return leaves(fromThen) && leaves(fromOther) ? { ...both, mask: this.graph.mask(true) } : both;
  }

  /** Runs a nested block, whose definitions end with it. */
  private inside(block: WgslBlock, scope: Scope): Returned | undefined {
    const own = new Map(scope);
    const returned = this.run(block, own);
    for (const name of scope.keys()) scope.set(name, own.get(name)!);
    return returned;
  }

  /**
   * Unrolls a loop until no lane can need another iteration. Variables keep the value at which their lane left the
   * loop.
   */
  private loop({ first, condition, next, body }: OfKind<"for">, scope: Scope): undefined {
    const own = new Map(scope);
    this.statement(first, own);
    let active = this.graph.mask(true);
    for (let turn = 0; turn < maxTurns; turn++) {
      active = this.graph.op("v128.and", active, this.values.mask(this.expression(condition, own)));
      if (uniformBits(active) === 0) {
        for (const name of scope.keys()) scope.set(name, own.get(name)!);
        return;
      }
      const before = new Map(own);
      if (this.inside(body, own)) throw new UnsupportedWgsl("a return in a loop");
      this.statement(next, own);
      for (const name of scope.keys()) {
        const [now, then] = [own.get(name)!, before.get(name)!];
        if (now !== then) own.set(name, this.values.select(now, then, active));
      }
    }
    throw new UnsupportedWgsl(`a loop of more than ${maxTurns} turns`);
  }

  private expression(expression: Expression, scope: Scope): Value {
    switch (expression.kind) {
      case "literal":
        return this.literal(expression);
      case "name": {
        const value = scope.get(expression.name);
        if (!value) throw new UnsupportedWgsl(expression.name);
        return value;
      }
      case "unary":
        return this.values.unary(expression.operator, this.expression(expression.operand, scope));
      case "binary": {
        const { operator, left, right } = expression;
        return this.values.binary(operator, this.expression(left, scope), this.expression(right, scope));
      }
      case "part":
        return this.part(this.expression(expression.of, scope), partNames.indexOf(expression.name));
      case "item":
        return this.item(this.expression(expression.of, scope), this.expression(expression.index, scope));
      case "call":
        return this.call(expression, scope);
    }
  }

  private literal({ value, type }: Extract<Expression, { kind: "literal" }>): Value {
    if (type === "int" || type === "float") return { type, number: value };
    if (type === "bool") return { type, node: this.graph.mask(value === 1) };
    return { type, node: this.values.as(type, { type: type === "f32" ? "float" : "int", number: value }) };
  }

  private part(of: Value, index: number): Value {
    const part = of.type === "vector" ? of.parts[index] : undefined;
    if (!part) throw new UnsupportedWgsl("a part of what has none");
    return part;
  }

  private item(of: Value, index: Value): Value {
    if ("number" in index) return this.part(of, index.number);
    const { type, node } = this.values.typed(index);
    if (of.type !== "vector" || type === "f32") throw new UnsupportedWgsl("an item of what has none");
    return of.parts.reduce((found, part, k) => {
      return this.values.select(part, found, this.graph.op("i32x4.eq", node, this.graph.constant(k)));
    });
  }

  private scalar(name: string): ScalarType {
    if (name === "T") return this.types.T;
    if (name === "S" && this.types.S) return this.types.S;
    if (!scalarTypes.has(name)) throw new UnsupportedWgsl(`the type ${name}`);
    return name as ScalarType;
  }

  private call({ name, type, args: given }: Extract<Expression, { kind: "call" }>, scope: Scope): Value {
    const args = given.map((arg) => this.expression(arg, scope));
    if (type) return { type: this.scalar(type), node: this.values.typed(args[0]!).node };
    if (name === "T" || name === "S" || scalarTypes.has(name)) return this.values.convert(this.scalar(name), args[0]!);
    const vector = /^vec(\d)([iuf])$/.exec(name);
    if (vector)
      return this.vector(Number(vector[1]), ({ i: "i32", u: "u32", f: "f32" } as const)[vector[2] as "u"], args);
    const own = this.beside.find((one) => one.name === name);
    return own ? this.enter(own, args) : this.translator.call(name, args, this.types);
  }

  private vector(count: number, type: ScalarType, args: readonly Value[]): Value {
    if (args.length !== count) throw new UnsupportedWgsl("a vector of other parts");
    return { type: "vector", parts: args.map((arg) => ({ type, node: this.values.as(type, arg) })) };
  }

  /** Calls a function of the same text. */
  enter({ name, parameters, result, body }: WgslFunction, args: readonly Value[]): Value {
    const scope: Scope = new Map();
    parameters.forEach((parameter, index) => scope.set(parameter.name, this.given(parameter.type, args[index]!)));
    const returned = this.run(body, scope);
    if (!returned) throw new UnsupportedWgsl(`${name}, which returns nothing`);
    return this.given(result, returned.value);
  }

  private given(type: string, value: Value): Value {
    if (value.type === "vector") return value;
    const scalar = this.scalar(type);
    return { type: scalar, node: this.values.as(scalar, value) };
  }
}

/** Returns true if all lanes have returned. */
function leaves(returned: Returned | undefined): boolean {
  return returned !== undefined && uniformBits(returned.mask) === -1;
}

export class WgslLanes {
  readonly values: LaneValues;
  private readonly tools: BuiltinTools;

  constructor(graph: WasmGraph, options: { fuses: boolean }) {
    this.values = new LaneValues(graph);
    this.tools = { values: this.values, ...options };
  }

  /** Calls the function `value` of an element's text. @throws UnsupportedWgsl for unsupported WGSL. */
  element(text: string, args: readonly Typed[], types: TypeNames): WasmNode {
    const functions = readWgsl(text);
    const value = functions.find(({ name }) => name === "value");
    if (!value) throw new UnsupportedWgsl("an element function without `value`");
    return this.values.as(types.T, new Frame(this, functions, types).enter(value, args));
  }

  /** Calls a built-in function of WGSL, or a function of `shaders/functions/`. @throws UnsupportedWgsl if there is neither. */
  call(name: string, args: readonly Value[], types: TypeNames): Value {
    const few = builtin(name);
    if (few) return few(this.tools, args);
    const missing = missingBuiltin(name);
    if (missing) return new Frame(this, [], { T: "f32" }).enter(missing, args);
    if (!sources.has(`functions/${name}`)) throw new UnsupportedWgsl(`the function ${name}`);
    const text = sourceOf(`functions/${name}`);
    const functions = readWgsl(text);
    const called = functions.find((one) => one.name === name)!;
    return new Frame(this, functions, isGeneric(text) ? types : { T: "f32" }).enter(called, args);
  }
}

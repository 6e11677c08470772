/** Folds in four lanes: sums, products, maxima and minima. */
import type { FoldStatement } from "../../../program";
import type { LocalVariable } from "../assembler/codeBuilder";
import { bitsOf } from "../assembler/instructions";
import type { WasmNode } from "../assembler/wasmGraph";
import type { ProgramLanes } from "../lanes/programLanes";

/**
 * Number of values folded before the result joins the total. In a long sum, the rounding error grows with the terms per
 * part.
 */
const partLength = 256;

/** Code generator for one fold: its function, its neutral element and its accumulators. */
export class Folder {
  readonly start: WasmNode;
  private readonly type: "f32" | "i32";
  private readonly name: string;

  constructor(
    private readonly code: ProgramLanes,
    { result, loop }: FoldStatement,
  ) {
    this.type = code.typeOf(result);
    this.name = loop.fold.wgsl;
    const { graph } = code.builder;
    this.start = graph.constant(this.type === "f32" ? bitsOf(loop.start) : loop.start);
  }

  both(a: WasmNode, b: WasmNode): WasmNode {
    return this.code.fold(this.name, this.type, a, b);
  }

  newVariable(): LocalVariable {
    const variable = this.code.builder.newVariable("v128");
    this.code.builder.set(variable, this.start);
    return variable;
  }

  into(variable: LocalVariable, value: WasmNode): void {
    const { builder } = this.code;
    builder.set(variable, this.both(builder.get(variable), value));
  }

  /** Returns the fold of several variables. */
  joined(variables: readonly LocalVariable[]): WasmNode {
    return variables.map((variable) => this.code.builder.get(variable)).reduce((a, b) => this.both(a, b));
  }

  /** Returns the fold of all lanes, in every lane. */
  across(value: WasmNode): WasmNode {
    const { graph } = this.code.builder;
    const halves = this.both(value, graph.shuffle(value, value, [2, 3, 0, 1]));
    return this.both(halves, graph.shuffle(halves, halves, [1, 0, 3, 2]));
  }

  /** Replaces lanes beyond the end by the neutral element. */
  held(value: WasmNode, lanes: number): WasmNode {
    const { graph } = this.code.builder;
    const mask = graph.lanes([0, 1, 2, 3].map((lane) => (lane < lanes ? -1 : 0)));
    return graph.select(value, this.start, mask);
  }

  /**
   * Folds `count` values. Each iteration folds `turns` values into separate accumulators, which do not wait for each
   * other, and long folds proceed in parts.
   * @param at returns value number `count + turn`; `count` is at most `max`
   */
  along(count: number, turns: number, at: (count: WasmNode, max: number, turn: number) => WasmNode): WasmNode {
    const { graph } = this.code.builder;
    const whole = count - (count % turns);
    const rest = Array.from({ length: count - whole }, (_, k) => at(graph.whole(whole + k), whole + k, 0));
    if (whole === 0) return rest.length === 0 ? this.start : rest.reduce((a, b) => this.both(a, b));
    const sums = Array.from({ length: turns }, () => this.newVariable());
    const into = (node: WasmNode, max: number) => sums.forEach((sum, turn) => this.into(sum, at(node, max, turn)));
    const all =
      whole <= 2 * partLength ? this.atOnce(whole, turns, sums, into) : this.inParts(whole, turns, sums, into);
    return rest.reduce((a, b) => this.both(a, b), all);
  }

  private atOnce(
    end: number,
    step: number,
    sums: readonly LocalVariable[],
    into: (count: WasmNode, max: number) => void,
  ): WasmNode {
    this.code.builder.loop(0, end, step, (count) => into(count, end - step));
    return this.joined(sums);
  }

  private inParts(
    end: number,
    step: number,
    sums: readonly LocalVariable[],
    into: (count: WasmNode, max: number) => void,
  ): WasmNode {
    const { builder } = this.code;
    const whole = end - (end % partLength);
    const total = this.newVariable();
    builder.loop(0, whole, partLength, (begin) => {
      for (const sum of sums) builder.set(sum, this.start);
      builder.loop(0, partLength, step, (count) => into(builder.graph.op("i32.add", begin, count), whole - step));
      this.into(total, this.joined(sums));
    });
    for (const sum of sums) builder.set(sum, this.start);
    builder.loop(whole, end, step, (count) => into(count, end - step));
    return this.joined([total, ...sums]);
  }
}

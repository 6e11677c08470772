/** Records the effects of a function in order: stores, assignments to variables, and loops around them. */
import type { ValueType } from "./binary";
import { WasmGraph, type WasmNode } from "./wasmGraph";

/** A mutable variable of the function. */
export interface LocalVariable {
  readonly number: number;
  readonly type: ValueType;
}

export interface StoreAction {
  readonly kind: "store";
  readonly instruction: "v128.store" | "v128.store32_lane" | "v128.store64_lane";
  readonly address: WasmNode;
  /** Offset in bytes. */
  readonly offset: number;
  /** Index of the lane or pair of lanes, for instructions that store only a part of the vector. */
  readonly part: number;
  readonly value: WasmNode;
  /** Memory that the store overwrites, in the terms of `Node.source`. */
  readonly target: string;
  /** All reads of one pass precede its stores. */
  readonly pass: number;
}

export interface SetAction {
  readonly kind: "set";
  readonly variable: LocalVariable;
  readonly value: WasmNode;
}

/** Computes a value at this point although it is used only later. */
export interface MaterializeAction {
  readonly kind: "materialize";
  readonly value: WasmNode;
}

/** Leaves the function if an i32 is 0. */
export interface ExitAction {
  readonly kind: "exit";
  readonly value: WasmNode;
}

/** Counts `variable` from `start` in increments of `step` while it is below `end`; the body runs at least once. */
export interface LoopAction {
  readonly kind: "loop";
  readonly variable: LocalVariable;
  readonly start: number;
  readonly end: number;
  readonly step: number;
  /** Nesting depth of the body, this loop included. */
  readonly level: number;
  readonly body: readonly CodeAction[];
}

export type CodeAction = StoreAction | SetAction | MaterializeAction | ExitAction | LoopAction;

export class CodeBuilder {
  readonly graph = new WasmGraph();
  readonly variables: LocalVariable[] = [];
  readonly actions: CodeAction[] = [];
  private current = this.actions;
  private depth = 0;
  private pass = 0;

  /** Nesting depth of the code that is being recorded. */
  get level(): number {
    return this.depth;
  }

  newVariable(type: ValueType): LocalVariable {
    const variable = { number: this.variables.length, type };
    this.variables.push(variable);
    return variable;
  }

  /** Returns the variable's value at this point. Use it before the variable is set again. */
  get({ number, type }: LocalVariable): WasmNode {
    return this.graph.variable(number, type, this.depth);
  }

  set(variable: LocalVariable, value: WasmNode): void {
    this.current.push({ kind: "set", variable, value });
  }

  /**
   * Forces a value to be computed here. Needed now and then in long chains, because code generation recurses along
   * operands and its depth is limited.
   */
  materialize(value: WasmNode): void {
    this.current.push({ kind: "materialize", value });
  }

  /** Leaves the function if an i32 is 0. Only valid outside loops. */
  exitUnless(value: WasmNode): void {
    this.current.push({ kind: "exit", value });
  }

  store(store: Omit<StoreAction, "kind" | "pass">): void {
    this.current.push({ kind: "store", pass: this.pass, ...store });
  }

  /** Orders all later reads after all stores so far. */
  nextPass(): void {
    this.pass++;
    this.graph.forgetReads();
  }

  /** Runs `body` for each count from `start` below `end`. A single iteration has no loop: its count is a constant. */
  loop(start: number, end: number, step: number, body: (count: WasmNode) => void): void {
    if (end <= start) return;
    if (start + step >= end) {
      body(this.graph.whole(start));
      return;
    }
    const variable = this.newVariable("i32");
    const outside = this.current;
    const inside: CodeAction[] = [];
    this.current = inside;
    this.depth++;
    body(this.get(variable));
    this.current = outside;
    outside.push({ kind: "loop", variable, start, end, step, level: this.depth, body: inside });
    this.depth--;
  }
}

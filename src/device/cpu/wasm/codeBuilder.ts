/** What a function does, one thing after the other: stores, variables that are set, and loops around them. */
import type { ValueType } from "./binary";
import { Graph, type Node } from "./graph";

/** A variable of the function. */
export interface Variable {
  readonly number: number;
  readonly type: ValueType;
}

export interface StoreAction {
  readonly kind: "store";
  readonly instruction: "v128.store" | "v128.store32_lane" | "v128.store64_lane";
  readonly address: Node;
  /** In bytes. */
  readonly offset: number;
  /** Which part of the vector, for those that store a part. */
  readonly part: number;
  readonly value: Node;
  /** What it replaces, as `Node.source` calls it. */
  readonly target: string;
  /** Stores of one pass read all that they read before any of them. */
  readonly pass: number;
}

export interface SetAction {
  readonly kind: "set";
  readonly variable: Variable;
  readonly value: Node;
}

/** Computes a value here, although it is needed later. */
export interface KeepAction {
  readonly kind: "keep";
  readonly value: Node;
}

/** Ends the function unless a whole number is other than 0. */
export interface LeaveAction {
  readonly kind: "leave";
  readonly value: Node;
}

/** Counts `variable` from `start` in steps to `end`; it runs at least once. */
export interface LoopAction {
  readonly kind: "loop";
  readonly variable: Variable;
  readonly start: number;
  readonly end: number;
  readonly step: number;
  /** The loops around its body, itself among them. */
  readonly level: number;
  readonly body: readonly Action[];
}

export type Action = StoreAction | SetAction | KeepAction | LeaveAction | LoopAction;

export class CodeBuilder {
  readonly graph = new Graph();
  readonly variables: Variable[] = [];
  readonly actions: Action[] = [];
  private current = this.actions;
  private depth = 0;
  private pass = 0;

  /** How many loops what is written now stands in. */
  get level(): number {
    return this.depth;
  }

  newVariable(type: ValueType): Variable {
    const variable = { number: this.variables.length, type };
    this.variables.push(variable);
    return variable;
  }

  /** Its value as it is here. To be used before it is set again. */
  get({ number, type }: Variable): Node {
    return this.graph.variable(number, type, this.depth);
  }

  set(variable: Variable, value: Node): void {
    this.current.push({ kind: "set", variable, value });
  }

  /** Of long chains, now and then: what computes a value goes from operand to operand, and may go only so deep. */
  keep(value: Node): void {
    this.current.push({ kind: "keep", value });
  }

  /** Outside of loops: goes on only where a whole number is not 0. */
  leaveUnless(value: Node): void {
    this.current.push({ kind: "leave", value });
  }

  store(store: Omit<StoreAction, "kind" | "pass">): void {
    this.current.push({ kind: "store", pass: this.pass, ...store });
  }

  /** What is read from here on is read after all stores so far. */
  nextPass(): void {
    this.pass++;
    this.graph.forgetReads();
  }

  /** Runs `body` for the counts from `start` below `end`. One turn is no loop: its count is a constant. */
  loop(start: number, end: number, step: number, body: (count: Node) => void): void {
    if (end <= start) return;
    if (start + step >= end) {
      body(this.graph.whole(start));
      return;
    }
    const variable = this.newVariable("i32");
    const outside = this.current;
    const inside: Action[] = [];
    this.current = inside;
    this.depth++;
    body(this.get(variable));
    this.current = outside;
    outside.push({ kind: "loop", variable, start, end, step, level: this.depth, body: inside });
    this.depth--;
  }
}

/**
 * Input of a backend's compiler: the loops of many ops, joined and ordered by a plan (`src/plan/compile/scheduleProgram.ts`), so that
 * a run replays them without any JavaScript per op.
 */
import type { DType } from "../base/dtype";
import type { ElementFunction, FoldLoop, ProductLoop } from "./form";
import type { Elements, Shader } from "./shader";

/** A value of the program: its index in `Program.values`. */
export type ValueId = number;

/** A number that a loop takes: either fixed, or passed with each run. */
export type NumberSource = { readonly fixed: number } | { readonly input: number };

/** An operand of a loop: its strides along the loop's shape, and the index of its first element. */
export interface OperandRead {
  readonly value: ValueId;
  readonly strides: readonly number[];
  readonly offset: number;
}

/** An operand whose rows are gathered in a given order. */
export interface Take {
  readonly table: ValueId;
  readonly order: ValueId;
  /** Elements per row. */
  readonly inner: number;
  /** Index of the first row in the order. */
  readonly start: NumberSource;
}

/** Operands side by side: each row consists of a part of every operand. */
export interface ConcatOperands {
  /** Elements per row. */
  readonly length: number;
  /** Parts from left to right. Each starts at the previous part's `end` and ends before the column `end`. */
  readonly list: readonly { readonly value: ValueId; readonly end: number }[];
}

/** On a device that computes elements in lockstep, more parts than this are copied one by one. */
const maxLockstepOperands = 4;

/**
 * Returns true if every element selects among many operands. In lockstep, that costs as much as reading all of them. So the
 * statement becomes a separate job, and its operands are plain reads.
 */
export function isWideConcat(
  statement: Statement,
): statement is ElementStatement & { readonly concat: ConcatOperands } {
  return statement.kind === "elements" && (statement.concat?.list.length ?? 0) > maxLockstepOperands;
}

/** `result[i] = element(reads at i)`. */
export interface ElementStatement {
  readonly kind: "elements";
  readonly result: ValueId;
  readonly element: ElementFunction;
  readonly shape: readonly number[];
  readonly reads: readonly OperandRead[];
  /** Replaces `reads`. */
  readonly take?: Take;
  /** Replaces `reads`. */
  readonly concat?: ConcatOperands;
  readonly scalars: readonly NumberSource[];
  readonly words: readonly NumberSource[];
}

/** `result[r] = fold of operand over the reduced axes`. */
export interface FoldStatement {
  readonly kind: "fold";
  readonly result: ValueId;
  readonly operand: ValueId;
  readonly loop: FoldLoop;
}

/** `result = a b`, a matrix product. */
export interface ProductStatement {
  readonly kind: "product";
  readonly result: ValueId;
  readonly a: ValueId;
  readonly b: ValueId;
  readonly loop: ProductLoop;
  /** The same product as a shader of two inputs. */
  readonly shader: Shader;
  readonly uniforms: unknown;
}

/** A shader that cannot be joined with others. */
export interface ShaderStatement {
  readonly kind: "shader";
  readonly result: ValueId;
  readonly shader: Shader;
  readonly inputs: readonly ValueId[];
  readonly uniforms: unknown;
  readonly workgroups: number;
}

export type Statement = ElementStatement | FoldStatement | ProductStatement | ShaderStatement;

/** A loop over elements. Each statement reads other results of the loop only at its own index. */
export interface LoopJob {
  readonly kind: "loop";
  readonly size: number;
  readonly body: ElementStatement[];
}

/**
 * A loop over rows of `length` elements. Folds produce one value per row. Element statements produce one value per row
 * (size `rows`) or per element (size `rows * length`). They read results of this job only at their own row and index.
 */
export interface RowsJob {
  readonly kind: "rows";
  readonly rows: number;
  readonly length: number;
  readonly body: (ElementStatement | FoldStatement)[];
}

/** A product and the functions applied to each of its elements before it is stored. */
export interface ProductJob {
  readonly kind: "product";
  readonly product: ProductStatement;
  readonly epilogue: ElementStatement[];
}

export interface ShaderJob {
  readonly kind: "shader";
  readonly statement: ShaderStatement;
}

export type Job = LoopJob | RowsJob | ProductJob | ShaderJob;

/** Location of a value: computed where it is read, in the program's memory, or in the memory of a parameter. */
export type ValueLocation =
  | { readonly kind: "inline"; readonly statement: ElementStatement }
  | { readonly kind: "memory"; readonly offset: number }
  | { readonly kind: "variable"; readonly index: number };

/** Purpose of a value, for reports only; it does not affect how the value is computed. */
export interface ValueOrigin {
  /** The op that the user called. */
  readonly op: string;
  readonly shape: readonly number[];
  readonly phase?: "forward" | "gradient" | "update" | undefined;
  /** The block that called the op, or the parameter that the op updates. */
  readonly owner?: WeakRef<{ readonly label: string }> | undefined;
}

export interface ProgramValue {
  readonly size: number;
  readonly dtype: DType;
  readonly origin?: ValueOrigin | undefined;
  readonly location: ValueLocation;
  /** False for a value that only its own job reads, and only while it computes it: it need not be stored. */
  readonly stored: boolean;
}

export interface Program {
  readonly values: readonly ProgramValue[];
  /** Jobs of one level are independent of each other; each level depends on those before it. */
  readonly levels: readonly (readonly Job[])[];
  /** Elements of the program's memory. Values begin at multiples of `memoryAlignment`. */
  readonly memorySize: number;
  /** Inputs of every run, in memory. */
  readonly inputs: readonly ValueId[];
  /** Size and dtype of each state. */
  readonly variables: readonly { size: number; dtype: DType }[];
  /** Outputs of every run, in memory. */
  readonly outputs: readonly ValueId[];
  /** Number of 32-bit words that each run receives as numbers. */
  readonly numbers: number;
}

/** Alignment of values, in elements: every device allows bindings to begin at its multiples. */
export const memoryAlignment = 64;

/** Operands of one or more runs. */
export interface ProgramRun<S> {
  readonly inputs: readonly S[];
  /** Number of consecutive runs. */
  readonly steps: number;
  /** Numbers of each step, as bits. */
  readonly numbers: Uint32Array<ArrayBuffer>;
  readonly outputs: readonly S[];
}

/** A part that a compiled program runs as a unit: a dispatch on the GPU, a job on the CPU. */
export interface ProgramPart {
  readonly language: "wgsl" | "javascript" | "webassembly";
  /** The exact text that runs. */
  readonly text: string;
  /** Number of workgroups in two dimensions; undefined if there are none. */
  readonly workgroups?: readonly [x: number, y: number];
  /** The jobs that it computes, by level. */
  readonly levels: readonly (readonly Job[])[];
}

/** Measured time of a part. */
export interface PartTime {
  /** The minimum over all measurements, per run. */
  readonly milliseconds: number;
  /**
   * Clock: `timestamps` by the GPU, `queue` from submit to completion less the time of an empty submit, `clock` by the
   * processor.
   */
  readonly method: "timestamps" | "queue" | "clock";
  /** Number of consecutive runs per measurement. */
  readonly runs: number;
}

/** Dry run of a program: executes its parts on copies of its memory. */
export interface DryRun {
  /** Numbers of the step that is executed: one step of the last run. */
  readonly numbers: Uint32Array<ArrayBuffer>;
  /**
   * Runs all parts up to and including `part`, and returns the elements of `values` before and after it. Call it at
   * most once.
   */
  valuesAround(part: number, values: readonly ValueId[]): Promise<{ before: Elements[]; after: Elements[] }>;
  time(part: number): Promise<PartTime>;
  dispose(): void;
}

/** Snapshot of a program's memory, which allows a dry run even after the program has been freed. */
export interface ProgramSnapshot {
  readonly bytes: number;
  /** Starts a dry run on the snapshot. @throws DeviceMemoryError. */
  dryRun(): Promise<DryRun>;
  dispose(): void;
}

/** A compiled program. Like a backend's `run`, it queues its work and returns. */
export interface Executable<S> {
  run(run: ProgramRun<S>): void;
  /** Returns the parts in the order in which a step runs them. Built on request. */
  parts(): readonly ProgramPart[];
  /** Starts a dry run on copies of the program's memory after its last run. @throws DeviceMemoryError. */
  dryRun(): Promise<DryRun>;
  /** Takes a snapshot for a later dry run. Undefined if it exceeds `mostBytes`. Call it before `dispose`, if at all. */
  snapshot(mostBytes: number): ProgramSnapshot | undefined;
  /** Frees the program's memory after all queued work has completed. */
  dispose(): void;
}

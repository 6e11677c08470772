/**
 * What a backend compiles: the loops of many ops, joined and ordered by a plan (`src/plan/schedule.ts`), so that they are
 * replayed without a word of JavaScript for each op.
 */
import type { DType } from "../base/dtype";
import type { ElementFunction, FoldLoop, ProductLoop } from "./form";
import type { Elements, Shader } from "./shader";

/** A value of the program, by its place in `Program.values`. */
export type ValueId = number;

/** A number that a loop takes: fixed, or one of those that every run brings. */
export type NumberSource = { readonly fixed: number } | { readonly input: number };

/** One operand of a loop: where its element lies, along the loop's shape. */
export interface Read {
  readonly value: ValueId;
  readonly strides: readonly number[];
  readonly offset: number;
}

/** An operand whose rows are read by an order. */
export interface Take {
  readonly table: ValueId;
  readonly order: ValueId;
  /** Elements of a row. */
  readonly inner: number;
  /** The first row's place in the order. */
  readonly start: NumberSource;
}

/** Operands that lie side by side: each row has a part of every one. */
export interface Parts {
  /** Elements of a row. */
  readonly length: number;
  /** From the left; each goes on where the one before it ends, up to the column `end`. */
  readonly list: readonly { readonly value: ValueId; readonly end: number }[];
}

/** More parts than this are put together one by one on a device that computes elements in lockstep. */
const fewParts = 4;

/**
 * True where every element chooses among many operands. Computed in lockstep, that takes the time of all of them: such a
 * statement is a job of its own, and its operands are no more than reads.
 */
export function choosesAmongMany(statement: Statement): statement is ElementStatement & { readonly parts: Parts } {
  return statement.kind === "elements" && (statement.parts?.list.length ?? 0) > fewParts;
}

/** `result[i] = element(reads at i)`. */
export interface ElementStatement {
  readonly kind: "elements";
  readonly result: ValueId;
  readonly element: ElementFunction;
  readonly shape: readonly number[];
  readonly reads: readonly Read[];
  /** In place of `reads`. */
  readonly take?: Take;
  /** In place of `reads`. */
  readonly parts?: Parts;
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

/** `result = a b`, by matrices. */
export interface ProductStatement {
  readonly kind: "product";
  readonly result: ValueId;
  readonly a: ValueId;
  readonly b: ValueId;
  readonly loop: ProductLoop;
  /** The same as a shader of two inputs. */
  readonly shader: Shader;
  readonly uniforms: unknown;
}

/** A shader as it is: what cannot be joined. */
export interface ShaderStatement {
  readonly kind: "shader";
  readonly result: ValueId;
  readonly shader: Shader;
  readonly inputs: readonly ValueId[];
  readonly uniforms: unknown;
  readonly workgroups: number;
}

export type Statement = ElementStatement | FoldStatement | ProductStatement | ShaderStatement;

/** A loop over elements: each reads the others' results at its own index only. */
export interface LoopJob {
  readonly kind: "loop";
  readonly size: number;
  readonly body: ElementStatement[];
}

/**
 * A loop over rows of `length` elements. Folds give a value for each row; element statements have a value for each row
 * (size `rows`) or for each element (size `rows * length`), and read results of this job at their own row and index only.
 */
export interface RowsJob {
  readonly kind: "rows";
  readonly rows: number;
  readonly length: number;
  readonly body: (ElementStatement | FoldStatement)[];
}

/** A product and what is done to each of its elements before it is stored. */
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

/** Where a value is: computed where it is read, in the program's own memory, or in the memory of a parameter. */
export type Place =
  | { readonly kind: "inline"; readonly statement: ElementStatement }
  | { readonly kind: "memory"; readonly offset: number }
  | { readonly kind: "state"; readonly index: number };

/** What a value was computed for: nothing of it changes how. */
export interface ValueOrigin {
  /** The op that a person called. */
  readonly op: string;
  readonly shape: readonly number[];
  readonly phase?: "forward" | "gradient" | "update" | undefined;
  /** The block that called the op, or the parameter that it updates. */
  readonly owner?: WeakRef<{ readonly label: string }> | undefined;
}

export interface ProgramValue {
  readonly size: number;
  readonly dtype: DType;
  readonly origin?: ValueOrigin | undefined;
  readonly place: Place;
  /** False for a value that only its own job reads, and only while it computes it: it need not be written. */
  readonly stored: boolean;
}

export interface Program {
  readonly values: readonly ProgramValue[];
  /** Jobs of one level need nothing of each other; each level needs those before it. */
  readonly levels: readonly (readonly Job[])[];
  /** Elements of the program's own memory. Its values begin at multiples of `memoryAlignment`. */
  readonly memorySize: number;
  /** What every run is given, in memory. */
  readonly inputs: readonly ValueId[];
  /** Size and dtype of each state. */
  readonly states: readonly { size: number; dtype: DType }[];
  /** What every run gives, in memory. */
  readonly outputs: readonly ValueId[];
  /** How many numbers each run is given, as 32-bit words. */
  readonly numbers: number;
}

/** In elements: what every device allows bindings to begin at. */
export const memoryAlignment = 64;

/** What one run works on. */
export interface ProgramRun<S> {
  readonly inputs: readonly S[];
  /** How often the program runs, one run after the other. */
  readonly steps: number;
  /** The numbers of each step, as bits. */
  readonly numbers: Uint32Array<ArrayBuffer>;
  readonly outputs: readonly S[];
}

/** What a compiled program runs as one: on the GPU a dispatch, on the CPU a job. */
export interface ProgramPart {
  readonly language: "wgsl" | "javascript" | "webassembly";
  /** The very text that runs. */
  readonly text: string;
  /** In two dimensions; undefined where there are no workgroups. */
  readonly workgroups?: readonly [x: number, y: number];
  /** What it computes, by levels. */
  readonly levels: readonly (readonly Job[])[];
}

/** How long a part takes. */
export interface PartTime {
  /** Of one run, the least that was measured. */
  readonly milliseconds: number;
  /** By the GPU's own clock; from submit to done, less that of nothing; by the processor's clock. */
  readonly method: "timestamps" | "queue" | "clock";
  /** Runs in a row that were measured together. */
  readonly runs: number;
}

/** A program on copies of all that it holds, to be tried part by part. */
export interface Trial {
  /** The numbers of the step that it tries: one of the last run. */
  readonly numbers: Uint32Array<ArrayBuffer>;
  /** Runs the parts up to `part`, and gives the elements of values just before and just after that one. Once a trial. */
  around(part: number, values: readonly ValueId[]): Promise<{ before: Elements[]; after: Elements[] }>;
  time(part: number): Promise<PartTime>;
  dispose(): void;
}

/** What a program held at one time: it can be tried with that although it is freed. */
export interface KeptProgram {
  readonly bytes: number;
  /** @throws DeviceMemoryError. */
  trial(): Promise<Trial>;
  dispose(): void;
}

/** A compiled program. Like a backend's `run`, it queues its work and returns. */
export interface Executable<S> {
  run(run: ProgramRun<S>): void;
  /** In the order in which a step runs them. Made when asked for. */
  parts(): readonly ProgramPart[];
  /** Copies what the program holds after its last run. @throws DeviceMemoryError. */
  trial(): Promise<Trial>;
  /** The same for later; undefined where that takes more than so many bytes. Called before `dispose`, if at all. */
  keep(mostBytes: number): KeptProgram | undefined;
  /** Frees its memory once what was queued is done. */
  dispose(): void;
}

/** Recordings: closures that run again without their JavaScript. */
import type { Key } from "../../base/randomKeys";
import type { RowCursor } from "../../tensor/ops/rowsAt";
import type { Parameter } from "../../tensor/parameter";
import type { Scope } from "../../tensor/scope";
import { stream } from "../../tensor/stream";
import type { Node, Tensor } from "../../tensor/tensor";
import { float32Bits, volatileNumbersOf, volatileTensors } from "../compile/lower";
import type { Plan, RecordedGraph } from "./plan";
import { RecordingGuard } from "./recordingGuard";

/** Attributes of a draw from the session's random stream: its position among the draws of the closure. */
interface DrawAttributes {
  key?: Key;
  place?: number;
}

/** Returns the numbers of one op for a run, given the number of draws before the run. */
type NumberProvider = (drawnBefore: number) => readonly number[];

const noNumbers = new Uint32Array(0);
const nothing: readonly number[] = [];

/** A computation that was recorded and compiled, to be run any number of times. */
export class Recording {
  /** Tensors and parameters from outside that the graph reads. A run may substitute other tensors. */
  readonly leaves: readonly Tensor[];
  private readonly numberProviders: readonly NumberProvider[];
  /** The numbers of each run, if all runs have the same. */
  private readonly fixed: Uint32Array<ArrayBuffer> | undefined;
  /** Number of draws from the random stream per run. */
  private readonly draws: number;
  private readonly guard: RecordingGuard;
  private readonly parameters: readonly Parameter[];
  private readonly backend: RecordedGraph["backend"];

  constructor(
    readonly plan: Plan,
    { order, leaves, backend, computation }: RecordedGraph,
    { fieldOwners, draws }: Scope,
  ) {
    this.leaves = leaves;
    this.backend = backend;
    this.draws = draws;
    this.parameters = plan.parameters;
    this.guard = new RecordingGuard(fieldOwners, this.parameters);
    const volatile = volatileTensors(order);
    this.numberProviders = volatile.map(numberProviderOf);
    if (computation.numbers.length === 0 && volatile.every(isFixed))
      this.fixed = volatile.length === 0 ? noNumbers : Uint32Array.from(volatile.flatMap(volatileNumbersOf));
  }

  /** False once its blocks or parameters have changed or moved since recording. */
  isCurrent(): boolean {
    return this.plan.isLive && this.plan.areInPlace(this.parameters) && this.guard.isSatisfied();
  }

  /**
   * Queues `count` runs in sequence, in one submit if the device allows it. Random ops draw new values in each run.
   * @param prepare called before each run: sets positions and returns the numbers for the extension
   */
  run(count: number, prepare: (index: number) => readonly number[]): void {
    const all: number[] = [];
    for (let index = 0; index < count; index++) {
      const numbers = prepare(index);
      this.appendNumbers(all);
      for (const number of numbers) all.push(float32Bits(number));
    }
    const slots = this.plan.run(this.leaves, Uint32Array.from(all), count, this.parameters);
    for (const slot of slots) this.backend.free(slot);
  }

  /**
   * Queues one run of a computation without numbers.
   * @param given replaces `leaves`
   * @returns the wanted tensors
   */
  compute(given: readonly Tensor[]): Tensor[] {
    return this.plan.tensorsOf(this.plan.run(given, this.fixed ?? this.numbers(), 1, this.parameters));
  }

  /** Frees its memory once the queued work is done. */
  dispose(): void {
    this.plan.dispose();
  }

  private numbers(): Uint32Array<ArrayBuffer> {
    const all: number[] = [];
    this.appendNumbers(all);
    return Uint32Array.from(all);
  }

  private appendNumbers(all: number[]): void {
    const { drawn } = stream;
    for (const source of this.numberProviders) all.push(...source(drawn));
    stream.skip(this.draws);
  }
}

function attributesOf(tensor: Tensor): DrawAttributes & { start?: RowCursor } {
  return (tensor.node as Node).attributes as DrawAttributes & { start?: RowCursor };
}

function isFixed(tensor: Tensor): boolean {
  const { place, start } = attributesOf(tensor);
  return place === undefined && start === undefined;
}

/**
 * Returns the source of an op's numbers: the current value of a position, the next key of a draw, or constants, which
 * are looked up once.
 */
function numberProviderOf(tensor: Tensor): NumberProvider {
  const attributes = attributesOf(tensor);
  const { start, place } = attributes;
  if (start) return () => [start.value];
  if (place === undefined) {
    const fixed = volatileNumbersOf(tensor);
    return fixed.length === 0 ? () => nothing : () => fixed;
  }
  return (drawnBefore) => {
    attributes.key = stream.keyAt(drawnBefore + place);
    return volatileNumbersOf(tensor);
  };
}

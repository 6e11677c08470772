/** Epochs of one step each, submitted in chunks. Possible if nothing observes an epoch before the next one begins. */
import { disposingOnFailure } from "../../base/disposable";
import { foldIn, type Key } from "../../base/randomKeys";
import type { Elements } from "../../device/backend";
import { tidy } from "../../plan/closures/tidy";
import { arange, zeros } from "../../tensor/creation";
import { concat } from "../../tensor/ops/concat";
import { permutation } from "../../tensor/ops/permutation";
import { type RowCursor, rowsAt } from "../../tensor/ops/rowsAt";
import { where } from "../../tensor/ops/where";
import type { Parameter } from "../../tensor/parameter";
import { type StepContext, BatchSteps } from "./batchSteps";
import { allocateStates, createState } from "./createState";
import type { InFlightQueue } from "./inFlightQueue";
import { Pacer } from "./pacer";

/** Largest number of epochs in a chunk, and largest number of elements in their orders. */
const maxEpochs = 64;
const maxOrderElements = 2 ** 18;

/** A chunk of epochs. */
export interface EpochGroup {
  /** Number of the first epoch, counted from 0. */
  readonly epoch: number;
  readonly epochs: number;
  /** Key for the orders of the rows; undefined to keep the rows in place. */
  readonly orderKey: Key | undefined;
  /** Returns the numbers of the next step: learning rates and the step's own number. */
  numbers(): readonly number[];
  /**
   * Called when the readback arrives, with the values of each epoch and the number of the failed step (0 if none
   * failed).
   */
  use(epochs: readonly Elements[], failedAt: number, at: number): void;
}

/** Returns how many epochs fit into a chunk; 1 if joining gains nothing. */
export function maxJoinedEpochs(rows: number, epochs: number): number {
  return Math.max(1, Math.min(maxEpochs, epochs, Math.floor(maxOrderElements / rows)));
}

/** Runs epochs in chunks. Each epoch of a chunk has a row for its values and an order of the rows. */
export class JoinedEpochs {
  private readonly pacer = new Pacer();
  private readonly slot: RowCursor = { value: 0 };
  /** float32 [capacity, names] */
  private readonly values: Parameter;
  /** The orders one after another: int32 `[capacity * rows]`. Without shuffling, the order of the tables. */
  private readonly orders: Parameter;
  private readonly places: Parameter;
  private steps!: BatchSteps;

  private constructor(
    private readonly parts: StepContext,
    private readonly rows: number,
    private readonly capacity: number,
    private readonly isShuffled: boolean,
  ) {
    const { tables, measures } = parts;
    const { device } = tables.order;
    this.values = createState("values", zeros([capacity, measures.names.length], { device }));
    this.places = createState("places", arange(capacity, { device }));
    this.orders = isShuffled
      ? createState("orders", zeros([capacity * rows], { dtype: "int32", device }))
      : tables.order;
    allocateStates(this.ownStates, device);
  }

  /** Records the step. Returns undefined if it cannot be replayed. */
  static async prepare(
    parts: StepContext,
    rows: number,
    capacity: number,
    isShuffled: boolean,
  ): Promise<JoinedEpochs | undefined> {
    const joined = new JoinedEpochs(parts, rows, capacity, isShuffled);
    const tables = {
      order: joined.orders,
      batchAt: (start: RowCursor, count: number) => parts.tables.batchAt(start, count, joined.orders),
    };
    const epoch = { begin: () => parts.measures.recordReset(), end: () => joined.recordValues() };
    joined.steps = await disposingOnFailure(joined, () => BatchSteps.prepare({ ...parts, tables, epoch }, rows));
    if (joined.steps.isRecorded) return joined;
    joined.dispose();
    return undefined;
  }

  /** Number of epochs in the next chunk. */
  get size(): number {
    return Math.min(this.pacer.chunkSize, this.capacity);
  }

  /** Queues at most `size` epochs. */
  async run({ epoch, epochs, orderKey, numbers, use }: EpochGroup, inFlight: InFlightQueue): Promise<void> {
    if (orderKey && this.isShuffled) this.shuffle(epoch, epochs, orderKey);
    const started = performance.now();
    const starts = Array.from({ length: epochs }, (_, index) => (this.isShuffled ? index * this.rows : 0));
    let next = 0;
    await this.steps.run(starts, () => {
      this.slot.value = next++;
      return numbers();
    });
    const { failedAt } = this.parts.training!.finiteCheck;
    const read = tidy(() => concat([this.values.reshape([-1]), failedAt.reshape([1])]));
    const width = this.parts.measures.names.length;
    await inFlight.add(read, (all, at) => {
      this.pacer.update(started, at, epochs);
      const lists = starts.map((_, index) => all.slice(index * width, (index + 1) * width));
      use(lists, all.at(-1)!, at);
    });
  }

  dispose(): void {
    this.steps?.dispose();
    for (const state of this.ownStates) state.dispose();
  }

  private get ownStates(): Parameter[] {
    return [this.values, this.places, ...(this.isShuffled ? [this.orders] : [])];
  }

  /** Stores the values of the epoch in its row. Called inside a closure. */
  private recordValues(): void {
    const { measures } = this.parts;
    const isHere = this.places.equal(rowsAt(this.places, this.places, this.slot, 1)).reshape([this.capacity, 1]);
    this.values.assign(where(isHere, measures.results(this.rows), this.values));
  }

  /** Draws the orders that the epochs would have without joining. */
  private shuffle(first: number, epochs: number, key: Key): void {
    const { rows, orders } = this;
    const { device } = orders;
    const drawn = tidy(() => {
      const list = Array.from({ length: epochs }, (_, index) =>
        permutation(rows, { key: foldIn(key, first + index), device }),
      );
      return concat(epochs < this.capacity ? [...list, orders.slice([epochs * rows])] : list);
    });
    orders.assign(drawn);
    drawn.dispose();
  }
}

/** Epochs of one step each that nobody looks at in between: many of them in one submit. */
import { disposingOnFailure } from "../base/disposable";
import { foldIn, type Key } from "../base/random";
import type { Elements } from "../device/backend";
import { tidy } from "../plan/tidy";
import { arange, zeros } from "../tensor/creation";
import { concat } from "../tensor/ops/concat";
import { permutation } from "../tensor/ops/permutation";
import { type Position, rowsAt } from "../tensor/ops/rowsAt";
import { where } from "../tensor/ops/where";
import type { Parameter } from "../tensor/parameter";
import type { Flight } from "./flight";
import { Pace } from "./pace";
import { settleTogether, stateOf } from "./states";
import { type StepParts, Steps } from "./steps";

/** Epochs that are queued together at most, and elements that their orders take together. */
const mostEpochs = 64;
const mostOrdered = 2 ** 18;

export interface Joined {
  /** Of the first epoch. */
  readonly epoch: number;
  readonly epochs: number;
  /** What orders are drawn from; undefined: the rows as they are. */
  readonly orderKey: Key | undefined;
  /** The numbers of the next step. */
  numbers(): readonly number[];
  /** Told beside the work: each epoch's values, and the number of the step that failed, 0 while none did. */
  use(epochs: readonly Elements[], failedAt: number, at: number): void;
}

/** How many epochs of so many rows may be queued together; 1 where there is nothing to gain. */
export function joinable(rows: number, epochs: number): number {
  return Math.max(1, Math.min(mostEpochs, epochs, Math.floor(mostOrdered / rows)));
}

/** What the epochs of one submit have of their own: a row of values for each, and an order of the rows. */
export class JoinedEpochs {
  private readonly pace = new Pace();
  private readonly slot: Position = { value: 0 };
  /** float32 [capacity, names] */
  private readonly values: Parameter;
  /** One after the other, int32 [capacity * rows]; the tables' own where rows are not shuffled. */
  private readonly orders: Parameter;
  private readonly places: Parameter;
  private steps!: Steps;

  private constructor(
    private readonly parts: StepParts,
    private readonly rows: number,
    private readonly capacity: number,
    private readonly isShuffled: boolean,
  ) {
    const { tables, measures } = parts;
    const { device } = tables.order;
    this.values = stateOf("values", zeros([capacity, measures.names.length], { device }));
    this.places = stateOf("places", arange(capacity, { device }));
    this.orders = isShuffled ? stateOf("orders", zeros([capacity * rows], { dtype: "int32", device })) : tables.order;
    settleTogether(this.own, device);
  }

  /** Undefined where the step cannot be replayed. */
  static async prepare(
    parts: StepParts,
    rows: number,
    capacity: number,
    isShuffled: boolean,
  ): Promise<JoinedEpochs | undefined> {
    const joined = new JoinedEpochs(parts, rows, capacity, isShuffled);
    const tables = {
      order: joined.orders,
      batchAt: (start: Position, count: number) => parts.tables.batchAt(start, count, joined.orders),
    };
    const epoch = { begin: () => parts.measures.clear(), end: () => joined.note() };
    joined.steps = await disposingOnFailure(joined, () => Steps.prepare({ ...parts, tables, epoch }, rows));
    if (joined.steps.isRecorded) return joined;
    joined.dispose();
    return undefined;
  }

  /** How many epochs to queue next. */
  get size(): number {
    return Math.min(this.pace.size, this.capacity);
  }

  /** Queues epochs, `size` at most. */
  async run({ epoch, epochs, orderKey, numbers, use }: Joined, flight: Flight): Promise<void> {
    if (orderKey && this.isShuffled) this.shuffle(epoch, epochs, orderKey);
    const started = performance.now();
    const starts = Array.from({ length: epochs }, (_, index) => (this.isShuffled ? index * this.rows : 0));
    let next = 0;
    await this.steps.run(starts, () => {
      this.slot.value = next++;
      return numbers();
    });
    const { failedAt } = this.parts.training!.guard;
    const read = tidy(() => concat([this.values.reshape([-1]), failedAt.reshape([1])]));
    const width = this.parts.measures.names.length;
    await flight.add(read, (all, at) => {
      this.pace.note(started, at, epochs);
      const lists = starts.map((_, index) => all.slice(index * width, (index + 1) * width));
      use(lists, all.at(-1)!, at);
    });
  }

  dispose(): void {
    this.steps?.dispose();
    for (const state of this.own) state.dispose();
  }

  private get own(): Parameter[] {
    return [this.values, this.places, ...(this.isShuffled ? [this.orders] : [])];
  }

  /** Inside a closure: keeps the epoch's values in its row. */
  private note(): void {
    const { measures } = this.parts;
    const isHere = this.places.equal(rowsAt(this.places, this.places, this.slot, 1)).reshape([this.capacity, 1]);
    this.values.assign(where(isHere, measures.results(this.rows), this.values));
  }

  /** The order that each epoch would draw by itself. */
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

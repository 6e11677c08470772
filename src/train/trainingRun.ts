/** A run of `fit`, from the first batch to the last. */
import { breathe } from "../base/cancel";
import { NotFiniteError } from "../base/errors";
import { foldIn, type Key } from "../base/random";
import type { Elements } from "../device/backend";
import { tidy } from "../plan/tidy";
import { arange } from "../tensor/creation";
import { concat } from "../tensor/ops/concat";
import { permutation } from "../tensor/ops/permutation";
import { relieve } from "../tensor/relief";
import type { Callback } from "./callback";
import { findFault } from "./findFault";
import { Flight } from "./flight";
import { Guard } from "./guard";
import { addEpoch, validationName } from "./history";
import type { Joined, JoinedEpochs } from "./joinedEpochs";
import type { Logs } from "./measures";
import type { Status } from "./pass";
import { prepareRun, type RunParts, type RunRequest } from "./prepareRun";
import { type ProgressListener, ProgressMeter } from "./progress";
import type { Tables } from "./tables";

type EventName = "onTrainBegin" | "onEpochBegin" | "onEpochEnd" | "onTrainEnd";

/** Runs the epochs of one call of `fit` and writes the history. */
export class TrainingRun {
  private readonly flight = new Flight();
  private readonly guard: Guard;
  private readonly meter: ProgressMeter;
  private readonly owned: { dispose(): void }[] = [];
  private readonly iterationsBefore: number;
  /** Number of steps queued so far. */
  private queued = 0;
  /** Number of the failed step, once it has been read back; 0 before. */
  private failedAt = 0;

  constructor(
    private readonly request: RunRequest,
    listeners: readonly ProgressListener[],
  ) {
    const { compiled, trained, history, options } = request;
    const { batchSize, initialEpoch, epochs, callbacks } = options;
    const { device, trials = [] } = history.run;
    this.guard = this.own(new Guard(device));
    this.iterationsBefore = compiled.optimizer.iterations;
    const steps = Math.ceil(trained / batchSize);
    this.meter = new ProgressMeter(
      { firstEpoch: initialEpoch, epochs, steps, rows: trained, device, trials },
      (progress) => {
        for (const callback of callbacks) callback.onProgress?.(progress);
        for (const listener of listeners) listener(progress);
      },
    );
  }

  async run(): Promise<void> {
    const { control, history } = this.request;
    const start = performance.now();
    try {
      const parts = await prepareRun(this.request, this.guard, this.flight, (one) => this.own(one));
      await this.tell("onTrainBegin", control);
      this.meter.restart(performance.now());
      await this.runEpochs(parts);
      history.run.stopped = control.stopping ?? null;
    } catch (error) {
      history.run.stopped = (error as Error).name;
      throw error;
    } finally {
      history.run.seconds = (performance.now() - start) / 1000;
      history.run.steps = this.failedAt > 0 ? this.failedAt - 1 : this.queued;
      this.meter.end();
      // Disposes in reverse order: steps before the states that they use.
      for (const one of this.owned.toReversed()) one.dispose();
    }
    await this.tell("onTrainEnd", history, control);
  }

  private async runEpochs(parts: RunParts): Promise<void> {
    const { options, control } = this.request;
    if (parts.joined) return this.runJoined(parts.joined, parts);
    for (let epoch = options.initialEpoch; epoch < options.epochs; epoch++) {
      if (control.stopping !== undefined || !(await this.runEpoch(epoch, parts))) break;
    }
    await this.flight.drain();
    if (this.failedAt > 0) throw await this.fault(parts);
  }

  /** Runs epochs of one step in chunks. */
  private async runJoined(joined: JoinedEpochs, parts: RunParts): Promise<void> {
    const { control, orderKey, options } = this.request;
    let epoch = options.initialEpoch;
    while (epoch < options.epochs) {
      const epochs = await this.permit(Math.min(joined.size, options.epochs - epoch), 1);
      if (epochs === 0) break;
      const before = this.queued;
      const numbers = () => this.nextNumbers();
      const use: Joined["use"] = (values, failedAt, at) => this.noteEpochs(parts, values, before, failedAt, at);
      await joined.run({ epoch, epochs, orderKey, numbers, use }, this.flight);
      epoch += epochs;
      control.endEpoch();
      await relieve(parts.tables.order.asTensor().backend);
      await breathe();
    }
    await this.flight.drain();
    if (this.failedAt > 0) throw await this.fault(parts);
  }

  /**
   * Adds the epochs of a chunk to the history and reports them.
   * @param before number of steps queued before the first of these epochs
   */
  private noteEpochs(
    { measures: { names } }: RunParts,
    values: readonly Elements[],
    before: number,
    failedAt: number,
    at: number,
  ): void {
    const { history, trained } = this.request;
    const good = failedAt > 0 ? values.slice(0, Math.max(0, failedAt - 1 - before)) : values;
    this.failedAt ||= failedAt;
    let logs: Logs = {};
    for (const epoch of good) {
      logs = Object.fromEntries(names.map((name, index) => [name, epoch[index]!]));
      addEpoch(history, logs);
    }
    if (good.length === 0) return;
    this.meter.noteEpochs({ lossSum: logs["loss"]! * trained, rows: trained, steps: good.length, failedAt: 0, at });
    this.meter.endEpoch(logs);
  }

  /** Runs an epoch with its validation. Resolves to false if it did not finish. */
  private async runEpoch(epoch: number, { tables, pass, measures, evaluation }: RunParts): Promise<boolean> {
    const { trained, control, history, orderKey } = this.request;
    await this.tell("onEpochBegin", epoch, control);
    if (orderKey) this.shuffle(tables, epoch, orderKey);
    const ended = await pass!.run({
      permit: (most) => this.permit(most, most),
      numbers: () => this.nextNumbers(),
      note: (status) => this.note(status),
    });
    if (!ended) return false;
    const logs: Logs = {};
    const keep = () => {
      if (this.failedAt > 0) return;
      addEpoch(history, logs);
      this.meter.endEpoch(logs);
    };
    const fill = (names: readonly string[], values: Elements, last: boolean) => {
      names.forEach((name, index) => (logs[name] = values[index]!));
      if (last) keep();
    };
    const results = tidy(() => measures.results(trained));
    await this.flight.add(results, (values) => fill(measures.names, values, !evaluation));
    if (evaluation) {
      const names = evaluation.names.map(validationName);
      await this.flight.add(await evaluation.run(), (values) => fill(names, values, true));
    }
    await this.tellEpochEnd(epoch, logs);
    return this.failedAt === 0;
  }

  /** Waits for the values of the epoch only if a callback needs them. */
  private async tellEpochEnd(epoch: number, logs: Logs): Promise<void> {
    const { control, options } = this.request;
    if (options.callbacks.some(({ onEpochEnd }) => onEpochEnd)) {
      await this.flight.drain();
      if (this.failedAt === 0) await this.tell("onEpochEnd", epoch, logs, control);
    }
    control.endEpoch();
  }

  private own<X extends { dispose(): void }>(one: X): X {
    this.owned.push(one);
    return one;
  }

  private async tell<Name extends EventName>(
    name: Name,
    ...values: Parameters<NonNullable<Callback[Name]>>
  ): Promise<void> {
    for (const callback of this.request.options.callbacks) {
      const event = callback[name] as ((...given: unknown[]) => void | Promise<void>) | undefined;
      await event?.apply(callback, values);
    }
  }

  private async permit(most: number, inEpoch: number): Promise<number> {
    let held = false;
    const allowed = await this.request.control.permit(most, inEpoch, async () => {
      held = true;
      await this.flight.drain();
      this.meter.pause();
    });
    if (held) this.meter.restart(performance.now());
    return this.failedAt > 0 ? 0 : allowed;
  }

  private nextNumbers(): number[] {
    const { optimizer } = this.request.compiled;
    const rates = optimizer.rates(++optimizer.iterations);
    return [...rates, ++this.queued];
  }

  private note(status: Status): void {
    if (status.failedAt > 0) this.failedAt = status.failedAt;
    else this.meter.note(status);
  }

  /** Draws a new order of the training rows. Validation rows keep their positions. */
  private shuffle({ order }: Tables, epoch: number, key: Key): void {
    const { trained, rows } = this.request;
    const { device } = order;
    const drawn = tidy(() => {
      const first = permutation(trained, { key: foldIn(key, epoch), device });
      return trained < rows.count ? concat([first, arange(rows.count, { device }).slice([trained])]) : first;
    });
    order.assign(drawn);
    drawn.dispose();
  }

  /** Returns the error of the failed step. The guard has already prevented the steps queued after it. */
  private async fault({ tables }: RunParts): Promise<NotFiniteError> {
    const { net, compiled, trained, orderKey, options } = this.request;
    const { batchSize, initialEpoch } = options;
    compiled.optimizer.iterations = this.iterationsBefore + this.failedAt - 1;
    const step = this.failedAt - 1;
    const steps = Math.ceil(trained / batchSize);
    const epoch = initialEpoch + Math.floor(step / steps);
    const first = (step % steps) * batchSize;
    if (orderKey) this.shuffle(tables, epoch, orderKey);
    const batch = tables.batchAt({ value: first }, Math.min(batchSize, trained - first));
    const fault = await findFault(net, compiled.loss, batch);
    return new NotFiniteError({
      at: `fit() step ${step + 1}, epoch ${epoch + 1}: ${fault?.at ?? "the loss or a gradient"}`,
      expected: fault?.expected ?? "finite numbers",
      got: fault?.got ?? "NaN or Infinity, which did not occur in a second attempt",
      remedy: "The weights are as they were before that step. A lower learning rate or clipNorm may help.",
    });
  }
}

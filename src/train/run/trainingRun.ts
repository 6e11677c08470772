/** A run of `fit`, from the first batch to the last. */
import { yieldIfDue } from "../../base/cancel";
import { NotFiniteError } from "../../base/errors";
import { foldIn, type Key } from "../../base/randomKeys";
import type { Elements } from "../../device/backend";
import { tidy } from "../../plan/closures/tidy";
import { collectGarbage } from "../../tensor/collectGarbage";
import { arange } from "../../tensor/creation";
import { concat } from "../../tensor/ops/concat";
import { permutation } from "../../tensor/ops/permutation";
import type { Callback } from "../callback";
import { addEpoch, validationName } from "../trainingHistory";
import { AllFiniteCheck } from "./allFiniteCheck";
import type { StepStatus } from "./batchLoop";
import { InFlightQueue } from "./inFlightQueue";
import type { EpochGroup, JoinedEpochs } from "./joinedEpochs";
import type { Logs } from "./metricSums";
import { prepareRun, type RunParts, type RunRequest } from "./prepareRun";
import { type ProgressListener, ProgressMeter } from "./progress";
import type { Tables } from "./tables";

type EventName = "onEpochBegin" | "onEpochEnd";

/** Runs the epochs of one call of `fit` and writes the history. */
export class TrainingRun {
  private readonly inFlight = new InFlightQueue();
  private readonly finiteCheck: AllFiniteCheck;
  private readonly meter: ProgressMeter;
  private readonly owned: { dispose(): void }[] = [];
  private readonly iterationsBefore: number;
  /** The callbacks whose `onTrainBegin` was called. */
  private readonly begun: Callback[] = [];
  /** Number of steps queued so far. */
  private queued = 0;
  /** Number of the failed step, once it has been read back; 0 before. */
  private failedAt = 0;

  constructor(
    private readonly request: RunRequest,
    listeners: readonly ProgressListener[],
  ) {
    const { config, trained, history, options } = request;
    const { batchSize, initialEpoch, epochs, callbacks } = options;
    const { device, trials = [] } = history.run;
    this.finiteCheck = this.track(new AllFiniteCheck(device));
    this.iterationsBefore = config.optimizer.iterations;
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
    try {
      await this.train();
    } catch (error) {
      // Callers see the error that ended the run, not one that follows from it.
      await this.endCallbacks().catch(() => undefined);
      throw error;
    }
    await this.endCallbacks();
  }

  private async train(): Promise<void> {
    const { control, history } = this.request;
    const start = performance.now();
    try {
      const parts = await prepareRun(this.request, this.finiteCheck, this.inFlight, (one) => this.track(one));
      await this.beginCallbacks();
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
  }

  private async beginCallbacks(): Promise<void> {
    const { control, options } = this.request;
    for (const callback of options.callbacks) {
      this.begun.push(callback);
      await callback.onTrainBegin?.(control);
    }
  }

  /** Calls every `onTrainEnd`, also after one has failed, and throws the first error. */
  private async endCallbacks(): Promise<void> {
    const { control, history } = this.request;
    const failures: unknown[] = [];
    for (const callback of this.begun) {
      try {
        await callback.onTrainEnd?.(history, control);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  private async runEpochs(parts: RunParts): Promise<void> {
    const { options, control } = this.request;
    if (parts.joined) return this.runJoined(parts.joined, parts);
    for (let epoch = options.initialEpoch; epoch < options.epochs; epoch++) {
      if (control.stopping !== undefined || !(await this.runEpoch(epoch, parts))) break;
    }
    await this.inFlight.drain();
    if (this.failedAt > 0) throw await this.nonFiniteError(parts);
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
      const use: EpochGroup["use"] = (values, failedAt, at) => this.noteEpochs(parts, values, before, failedAt, at);
      await joined.run({ epoch, epochs, orderKey, numbers, use }, this.inFlight);
      epoch += epochs;
      control.endEpoch();
      await collectGarbage(parts.tables.order.asTensor().backend);
      await yieldIfDue();
    }
    await this.inFlight.drain();
    if (this.failedAt > 0) throw await this.nonFiniteError(parts);
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
  private async runEpoch(epoch: number, { tables, batchLoop, measures, evaluation }: RunParts): Promise<boolean> {
    const { trained, control, history, orderKey } = this.request;
    await this.notify("onEpochBegin", epoch, control);
    if (orderKey) this.shuffle(tables, epoch, orderKey);
    const ended = await batchLoop!.run({
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
    await this.inFlight.add(results, (values) => fill(measures.names, values, !evaluation));
    if (evaluation) {
      const names = evaluation.names.map(validationName);
      await this.inFlight.add(await evaluation.run(), (values) => fill(names, values, true));
    }
    await this.notifyEpochEnd(epoch, logs);
    return this.failedAt === 0;
  }

  /** Waits for the values of the epoch only if a callback needs them. */
  private async notifyEpochEnd(epoch: number, logs: Logs): Promise<void> {
    const { control, options } = this.request;
    if (options.callbacks.some(({ onEpochEnd }) => onEpochEnd)) {
      await this.inFlight.drain();
      if (this.failedAt === 0) await this.notify("onEpochEnd", epoch, logs, control);
    }
    control.endEpoch();
  }

  private track<X extends { dispose(): void }>(one: X): X {
    this.owned.push(one);
    return one;
  }

  private async notify<Name extends EventName>(
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
      await this.inFlight.drain();
      this.meter.pause();
    });
    if (held) this.meter.restart(performance.now());
    return this.failedAt > 0 ? 0 : allowed;
  }

  private nextNumbers(): number[] {
    const { optimizer } = this.request.config;
    const rates = optimizer.rates(++optimizer.iterations);
    return [...rates, ++this.queued];
  }

  private note(status: StepStatus): void {
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
  private async nonFiniteError({ tables }: RunParts): Promise<NotFiniteError> {
    const { net, config, trained, orderKey, options } = this.request;
    const { batchSize, initialEpoch } = options;
    config.optimizer.iterations = this.iterationsBefore + this.failedAt - 1;
    const step = this.failedAt - 1;
    const steps = Math.ceil(trained / batchSize);
    const epoch = initialEpoch + Math.floor(step / steps);
    const first = (step % steps) * batchSize;
    if (orderKey) this.shuffle(tables, epoch, orderKey);
    const batch = tables.batchAt({ value: first }, Math.min(batchSize, trained - first));
    const { findNonFinite } = await import("../diagnose/findNonFinite");
    const fault = await findNonFinite(net, config.loss, batch);
    return new NotFiniteError({
      at: `fit() step ${step + 1}, epoch ${epoch + 1}: ${fault?.at ?? "the loss or a gradient"}`,
      expected: fault?.expected ?? "finite numbers",
      got: fault?.got ?? "NaN or Infinity, which did not occur in a second attempt",
      remedy: "The weights are as they were before that step. A lower learning rate or clipNorm may help.",
    });
  }
}

import { clearCancel, requestCancel } from "../../base/cancel";
import { Cancelled, CheckError } from "../../base/errors";
import { backendOf, devices } from "../../device/open";
import type { Output, Request, RunResult } from "../../protocol/protocol";
import { idleBudget, collectGarbage } from "../../tensor/collectGarbage";
import { watchPlans } from "../answers/describePlans";
import { describeError } from "../describeError";
import type { OutputQueue, QueuedOutput } from "../show/outputQueue";
import { showPrinted, showValue } from "../show/show";
import { showConsole } from "../show/showConsole";
import type { CellEvaluator } from "./cellEvaluator";
import { suggestionFor } from "./suggest";

type Run = Extract<Request, { kind: "run" }>;

const stopped: RunResult = { status: "cancelled", durationMs: 0, declared: [] };

/** Runs cells one after another and provides their `print` and `check`. */
export class Runner {
  readonly #outputs: OutputQueue;
  #evaluator: CellEvaluator | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #running = false;
  #stops = 0;
  /** Promises passed to `check`. */
  #checks: Promise<void>[] = [];

  constructor(outputs: OutputQueue) {
    this.#outputs = outputs;
  }

  /** Functions that the runner adds to a cell's scope. The evaluator receives them, so it is created later. */
  readonly functions = {
    /**
     * Shows its arguments under the cell as they are at the time of the call: tensors, models, images and plots as
     * pictures or tables, texts unchanged.
     *
     * @example
     * const total = tensor([1, 2, 3]).sum();
     * print("total", total);
     * total.item(); // => 6
     */
    print: (...values: unknown[]): void => this.#push(showPrinted(values)),
    /**
     * Checks a condition and shows the result under the cell. If it is false, the cell fails with a CheckError.
     *
     * A promise is awaited before the cell ends, even without `await`. `message` defaults to an empty text.
     *
     * @throws CheckError if the condition is false.
     * @example
     * const x = tensor([1, 2, 3]);
     * check(x.size === 3, "three elements");
     * x.size; // => 3
     */
    check: (condition: unknown, message = ""): void | Promise<void> => this.#check(condition, message),
  };

  /** Shows console output under the running cell. */
  showConsole(console: Console): void {
    showConsole(console, (shown) => this.#push(shown));
  }

  /** Runs a cell after those queued before it. */
  run(request: Run, evaluator: CellEvaluator): Promise<RunResult> {
    const stops = this.#stops;
    const turn = this.#last.then(() => (stops === this.#stops ? this.#runNow(request, evaluator) : stopped));
    this.#last = turn;
    return turn;
  }

  /** Makes library calls of the running cell reject, and drops the queued cells. */
  cancel(): { running: boolean } {
    if (this.#running) requestCancel();
    this.#stops++;
    return { running: this.#running };
  }

  async #runNow(request: Run, evaluator: CellEvaluator): Promise<RunResult> {
    const start = performance.now();
    this.#evaluator = evaluator;
    this.#running = true;
    this.#checks = [];
    this.#outputs.begin(request.cell, request.run);
    const plansRun = watchPlans((error) => evaluator.locationOf(error));
    const result = await evaluator.run(request);
    const failure = result.ok ? await this.#finish(result.value) : { error: result.error };
    await this.#outputs.flush();
    this.#running = false;
    clearCancel();
    const durationMs = performance.now() - start;
    const ran = { durationMs, declared: result.declared, ...plansRun() };
    for (const name of devices()) await collectGarbage(backendOf(name), idleBudget);
    if (!failure) return { status: "ok", ...ran };
    const status = failure.error instanceof Cancelled ? "cancelled" : "error";
    return { status, error: this.#describe(failure.error), ...ran };
  }

  /** Shows the last value and waits for pending work of the cell. Both may fail it. */
  async #finish(value: unknown): Promise<{ error: unknown } | undefined> {
    try {
      await Promise.all(this.#checks);
      if (value === undefined) return undefined;
      const shown = showValue(value);
      this.#push(shown);
      await shown;
      return undefined;
    } catch (error) {
      return { error };
    }
  }

  #push(shown: QueuedOutput | Promise<QueuedOutput>): void {
    this.#outputs.push(shown, (error) => ({ type: "error", error: this.#describe(error) }));
  }

  #describe(error: unknown) {
    const evaluator = this.#evaluator;
    return describeError(error, evaluator?.locationOf(error), evaluator && suggestionFor(error, evaluator));
  }

  #check(condition: unknown, message: string): void | Promise<void> {
    // Created here, so that its stack contains the line of the call.
    const failure = new CheckError(message ? `Check failed: ${message}` : "Check failed.");
    const judge = (holds: unknown) => {
      const output: Output = { type: "check", passed: Boolean(holds), message };
      this.#push({ output });
      if (!holds) throw failure;
    };
    if (!(condition instanceof Promise)) return judge(condition);
    const checked = condition.then(judge);
    this.#checks.push(checked);
    return checked;
  }
}

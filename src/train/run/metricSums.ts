import { ArgumentError } from "../../base/errors";
import { formatShape } from "../../base/shape";
import { tidy } from "../../plan/closures/tidy";
import { zeros } from "../../tensor/creation";
import type { TensorSpec } from "../../tensor/graph";
import { stack } from "../../tensor/ops/stack";
import type { Parameter } from "../../tensor/parameter";
import { outsideScopes } from "../../tensor/scope";
import type { Tensor } from "../../tensor/tensor";
import type { MetricLike } from "../trainingConfig";
import { allocateStates, createState } from "./createState";

/** Values of an epoch or an evaluation by name: `{ loss, accuracy }`. */
export type Logs = Record<string, number>;

interface Rules {
  update(yTrue: Tensor, yPred: Tensor): Tensor[];
  result(sums: readonly Tensor[]): Tensor;
}

/** Averages a function's results over batches, weighted by their rows. */
function rowMean(metric: (yTrue: Tensor, yPred: Tensor) => Tensor): Rules {
  return {
    update: (yTrue, yPred) => {
      const rows = yTrue.shape[0]!;
      const value = metric(yTrue, yPred).cast("float32").reshape([]);
      return [value.mul(rows), value.mul(0).add(rows)];
    },
    result: ([sum, rows]) => sum!.div(rows!),
  };
}

/**
 * Sums of the loss and the metrics over batches, as states on the device. A recorded step adds its batch; the sums are
 * not read before the epoch ends.
 */
export class MetricSums {
  readonly lossSum: Parameter;
  private readonly sums: ReadonlyMap<string, readonly Parameter[]>;
  private readonly rules: ReadonlyMap<string, Rules>;

  /**
   * @param metrics the metrics by name
   * @param yTrue the true values of a batch, which with `yPred` determine the shapes of the sums
   * @throws ArgumentError for a metric that is not one number.
   */
  constructor(metrics: ReadonlyMap<string, MetricLike>, yTrue: Tensor, yPred: Tensor) {
    const { device } = yPred;
    this.rules = new Map([...metrics].map(([name, one]) => [name, "update" in one ? one : rowMean(one)]));
    const specs = tidy(() =>
      [...this.rules].map(([name, rules]) => [name, sumsOf(name, rules, yTrue, yPred)] as const),
    );
    // Allocates the states immediately, even if the batch is only recorded.
    const zero = (name: string, { shape, dtype }: TensorSpec) =>
      outsideScopes(() => createState(name, zeros(shape, { dtype, device })));
    this.lossSum = zero("loss", { shape: [], dtype: "float32" });
    this.sums = new Map(specs.map(([name, list]) => [name, list.map((spec) => zero(name, spec))]));
    allocateStates(this.states, device);
  }

  get names(): string[] {
    return ["loss", ...this.sums.keys()];
  }

  /** Adds a batch. Called inside a recorded closure. */
  add(loss: Tensor, yTrue: Tensor, yPred: Tensor, rows: number): void {
    this.lossSum.assign(this.lossSum.add(loss.reshape([]).mul(rows)));
    for (const [name, { update }] of this.rules) {
      update(yTrue, yPred).forEach((part, index) => {
        const sum = this.sums.get(name)![index]!;
        sum.assign(sum.add(part));
      });
    }
  }

  /** Resets all sums to 0. */
  reset(): void {
    for (const state of this.states) state.assign(0);
  }

  /** Resets all sums to 0 inside a recorded closure. */
  recordReset(): void {
    for (const state of this.states) {
      const { shape, dtype, device } = state;
      state.assign(zeros(shape, { dtype, device }));
    }
  }

  /** Returns the values over all batches in the order of `names`: float32 `[names]`. */
  results(rows: number): Tensor {
    const values = [...this.rules].map(([name, { result }]) =>
      result(this.sums.get(name)!.map((sum) => sum.asTensor())),
    );
    return stack([this.lossSum.div(rows), ...values.map((value) => value.cast("float32").reshape([]))]);
  }

  dispose(): void {
    for (const state of this.states) state.dispose();
  }

  private get states(): Parameter[] {
    return [this.lossSum, ...[...this.sums.values()].flat()];
  }
}

/** Returns the shapes and dtypes of a metric's sums. */
function sumsOf(name: string, { update, result }: Rules, yTrue: Tensor, yPred: Tensor): TensorSpec[] {
  const sums = update(yTrue, yPred);
  const { size, shape } = result(sums);
  if (size === 1) return sums.map(({ shape: each, dtype }) => ({ shape: each, dtype }));
  throw new ArgumentError({
    at: `compile() metrics: ${name}`,
    expected: "one number",
    got: formatShape(shape),
    remedy: "Call it by itself on what predict() gives.",
  });
}

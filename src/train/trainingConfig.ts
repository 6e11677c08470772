/** Optimizer, loss and metrics that `compile` stores for a block. */
import { checkOptions } from "../base/checkOptions";
import { ArgumentError } from "../base/errors";
import type { Block } from "../nn/block/block";
import { findKind } from "../nn/define/findKind";
import type { SampleWeightOption } from "../nn/define/loss";
import type { Metric } from "../nn/define/metric";
import { Optimizer } from "../nn/define/optimizer";
import * as losses from "../nn/losses/index";
import * as metrics from "../nn/metrics/index";
import * as optimizers from "../nn/optimizers/index";
import type { Tensor } from "../tensor/tensor";

/**
 * Loss of a batch: a float32 tensor with one element, usually the mean over the rows. To support class and sample
 * weights, it must apply `options.sampleWeight`, which has the shape `[rows]`.
 */
export type LossFunction = (yTrue: Tensor, yPred: Tensor, options: SampleWeightOption) => Tensor;

/**
 * A metric, or a function that returns one number for a batch. `fit` and `evaluate` average the results of a function,
 * weighted by the number of rows in each batch.
 */
export type MetricLike = Metric | ((yTrue: Tensor, yPred: Tensor) => Tensor);

/** Options of `Block.compile`. */
export interface CompileOptions {
  /**
   * An optimizer, or the name of one with its default options. Defaults to `"rmsprop"` with a learning rate of 0.001,
   * as in Keras.
   */
  optimizer?: Optimizer | string;
  /**
   * A loss function, or the name of one: `"sparseCategoricalCrossentropy"` or `"sparse_categorical_crossentropy"`.
   * Required.
   */
  loss: LossFunction | string;
  /** A list of metrics or their names, or an object whose keys are the names used in the history. Defaults to none. */
  metrics?: readonly (MetricLike | string)[] | Readonly<Record<string, MetricLike | string>>;
}

const compileOptions: readonly (keyof CompileOptions)[] = ["optimizer", "loss", "metrics"];

/** What a block is trained and evaluated with. */
export interface TrainingConfig {
  readonly optimizer: Optimizer;
  readonly loss: LossFunction;
  /** Keyed by the name in the history. */
  readonly metrics: ReadonlyMap<string, MetricLike>;
}

const configs = new WeakMap<Block, TrainingConfig>();

function named<Kind>(list: Readonly<Record<string, Kind>>, given: string, at: string): Kind {
  const name = given.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return findKind(list, name, at);
}

function optimizerOf(given: Optimizer | string): Optimizer {
  if (given instanceof Optimizer) return given;
  if (typeof given === "string") return named<() => Optimizer>(optimizers, given, "compile() optimizer")();
  throw new ArgumentError({
    at: "compile() optimizer",
    expected: "an optimizer, or the name of one",
    got: typeof given,
    remedy: "Call its function: optimizers.adam().",
  });
}

function functionOf<F extends (...given: never[]) => unknown>(
  list: Readonly<Record<string, F>>,
  given: F | string,
  at: string,
): F {
  if (typeof given === "function") return given;
  if (typeof given === "string") return named(list, given, at);
  throw new ArgumentError({ at, expected: "a function, or the name of one", got: typeof given });
}

function metricName(metric: MetricLike, given: string | undefined): string {
  const name = given ?? ("info" in metric ? metric.info.kind : metric.name);
  if (name !== "" && name !== "loss") return name;
  throw new ArgumentError({
    at: "compile() metrics",
    expected: 'a metric with a name other than "loss"',
    got: JSON.stringify(name),
    remedy: "Pass them in an object: { metrics: { name: metric } }.",
  });
}

function metricsOf(given: NonNullable<CompileOptions["metrics"]>): Map<string, MetricLike> {
  const entries = Array.isArray(given)
    ? given.map((metric: MetricLike | string) => [undefined, metric] as const)
    : Object.entries(given as Record<string, MetricLike | string>);
  const map = new Map<string, MetricLike>();
  for (const [name, one] of entries) {
    const metric = functionOf<MetricLike>(metrics, one, "compile() metrics");
    const key = metricName(metric, name);
    if (map.has(key)) {
      throw new ArgumentError({
        at: "compile() metrics",
        expected: "metrics of different names",
        got: `two named ${key}`,
        remedy: "Pass them in an object: { metrics: { name: metric } }.",
      });
    }
    map.set(key, metric);
  }
  return map;
}

/**
 * Stores the options for a block.
 * @throws ArgumentError for an unknown name or option, and for two metrics with the same name. The previous options
 * then stay in force.
 */
export function setTrainingConfig(net: Block, options: CompileOptions): void {
  checkOptions("compile()", options, compileOptions);
  const { optimizer = "rmsprop", loss, metrics: list = [] } = options;
  configs.set(net, {
    optimizer: optimizerOf(optimizer),
    loss: functionOf<LossFunction>(losses, loss, "compile() loss"),
    metrics: metricsOf(list),
  });
}

/**
 * Returns what `compile` stored.
 * @throws ArgumentError if the block has not been compiled.
 */
export function trainingConfigOf(net: Block, at: string): TrainingConfig {
  const found = configs.get(net);
  if (found) return found;
  throw new ArgumentError({
    at,
    expected: "a compiled block",
    got: `${net.label} without a loss`,
    remedy: 'Call compile({ optimizer: "adam", loss: "meanSquaredError" }) first.',
  });
}

import type { KindInfo } from "../../base/info";
import { full } from "../../tensor/creation";
import { withoutTemporaries } from "../../tensor/define/temporaries";
import type { Operand, Tensor } from "../../tensor/tensor";
import { resolveOptions } from "./resolveOptions";

/**
 * Measure of the quality of predictions. Called with one batch, it returns its value.
 *
 * Over many batches it is exact: the tensors that `update` returns for each batch are added up one by one, and `result`
 * computes the value from the sums. All are pure functions of tensors.
 */
export interface Metric {
  (yTrue: Operand, yPred: Operand): Tensor;
  /** Title, formula and options of the metric. */
  readonly info: KindInfo;
  /** Returns a batch's sums and counts, whose shapes do not depend on the batch. */
  update(yTrue: Operand, yPred: Operand): Tensor[];
  /** Returns the value for summed updates: rank 0, `[classes, classes]` for a confusion matrix. */
  result(sums: readonly Tensor[]): Tensor;
}

/** Kind of metric: a metric with the default options. */
export interface MetricKind<Options extends object = object> extends Metric {
  (yTrue: Operand, yPred: Operand, options?: Options): Tensor;
  /** Returns the metric with other options, for `compile`. */
  with(options: Options): Metric;
}

/** Rules of a kind of metric. */
export interface MetricRules<Options extends object> {
  info: KindInfo;
  update(yTrue: Operand, yPred: Operand, options: Required<Options>): Tensor[];
  result(sums: readonly Tensor[]): Tensor;
}

/** Defines a kind of metric by its counts of a batch and by their result. */
export function defineMetric<Options extends object = object>({
  info,
  update,
  result,
}: MetricRules<Options>): MetricKind<Options> {
  const bind = (given: Partial<Options>): Metric => {
    const options = resolveOptions<Options>(info, given);
    const rules = { info, result, update: (yTrue: Operand, yPred: Operand) => update(yTrue, yPred, options) };
    return Object.assign(
      (yTrue: Operand, yPred: Operand) => withoutTemporaries(() => result(rules.update(yTrue, yPred))),
      rules,
    );
  };
  const call = (yTrue: Operand, yPred: Operand, options: Options = {} as Options) => bind(options)(yTrue, yPred);
  const { update: byDefault } = bind({});
  return Object.assign(call, { info, result, update: byDefault, with: bind });
}

/**
 * Returns the sum and the count of all elements, from which a mean over batches is computed. For bools both are whole
 * numbers.
 */
export function sumAndCount(values: Tensor): Tensor[] {
  return [values.sum(), full([], values.size, { dtype: "int32", device: values.device })];
}

/** Computes `a / b` for counts, 0 where b is 0. */
export function ratio(a: Tensor, b: Tensor): Tensor {
  return a.div(b.maximum(1));
}

/** Defines a metric that is the mean of numbers or bools, one for each element or row. */
export function defineMeanMetric<Options extends object = object>(
  info: KindInfo,
  values: (yTrue: Operand, yPred: Operand, options: Required<Options>) => Tensor,
): MetricKind<Options> {
  return defineMetric<Options>({
    info,
    update: (yTrue, yPred, options) => sumAndCount(values(yTrue, yPred, options)),
    result: ([sum, count]) => sum!.div(count!),
  });
}

import type { KindInfo } from "../base/info";
import { full } from "../tensor/creation";
import { withoutTemporaries } from "../tensor/define/temporaries";
import type { Operand, Tensor } from "../tensor/tensor";
import { optionsOf } from "./optionsOf";

/**
 * What tells how good predictions are. Called with one batch it gives its value.
 * Over many batches it is exact: what `update` gives for each is added up, tensor
 * by tensor, and `result` makes the value of the sums. All are pure functions of tensors.
 */
export interface Metric {
  (yTrue: Operand, yPred: Operand): Tensor;
  readonly info: KindInfo;
  /** A batch's sums and counts, in shapes that do not depend on the batch. */
  update(yTrue: Operand, yPred: Operand): Tensor[];
  /** The value of summed updates: rank 0, but for a confusion matrix. */
  result(sums: readonly Tensor[]): Tensor;
}

/** A kind of metric: itself one, with the options' defaults. */
export interface MetricKind<Options extends object = object> extends Metric {
  (yTrue: Operand, yPred: Operand, options?: Options): Tensor;
  /** The metric with other options, for `compile`. */
  with(options: Options): Metric;
}

export interface MetricRules<Options extends object> {
  info: KindInfo;
  update(yTrue: Operand, yPred: Operand, options: Required<Options>): Tensor[];
  result(sums: readonly Tensor[]): Tensor;
}

/** A kind of metric by how it counts a batch, and what it makes of the counts. */
export function defineMetric<Options extends object = object>({
  info,
  update,
  result,
}: MetricRules<Options>): MetricKind<Options> {
  const bind = (given: Partial<Options>): Metric => {
    const options = optionsOf<Options>(info, given);
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

/** Sum and count of all elements: what a mean over batches is made of. Of bools they are whole numbers. */
export function sumAndCount(values: Tensor): Tensor[] {
  return [values.sum(), full([], values.size, { dtype: "int32", device: values.device })];
}

/** `a / b`, 0 where b is 0. */
export function ratio(a: Tensor, b: Tensor): Tensor {
  return a.div(b.maximum(1));
}

/** A metric that is the mean of numbers or bools, one for each element or row. */
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

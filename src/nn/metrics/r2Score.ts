import { full } from "../../tensor/creation";
import { where } from "../../tensor/ops/where";
import { defineMetric, type MetricKind } from "../define/metric";
import { alike } from "./classes";

/**
 * Coefficient of determination R²: the fraction of the variance of the true values that the predictions explain.
 *
 * $1 - \frac{\sum_i (y_i - \hat{y}_i)^2}{\sum_i (y_i - \bar{y})^2}$ for each output, the mean over all outputs: 1 is
 * perfect, 0 is as good as the mean. An output whose true values are all equal counts as 1 if it is met exactly, else
 * as 0. Shapes: yTrue and yPred `[batch, ..., outputs]` or `[batch]` -> `[]`.
 *
 * The variance is a difference of sums in float32, as in Keras: scale targets whose mean is large compared to their
 * spread.
 * @param yTrue true values
 * @param yPred predicted values
 * @throws ShapeError for other shapes; ArgumentError for any option
 * @see Keras `R2Score`
 * @example
 * metrics.r2Score(tensor([1, 2, 3]), tensor([1, 2, 4])); // => 0.5
 */
export const r2Score: MetricKind = defineMetric({
  info: {
    kind: "r2Score",
    title: { en: "R² score", zh: "决定系数 R²" },
    description: { en: "Fraction of the variance explained by the model.", zh: "模型所解释的方差比例。" },
    formula: "1 - \\frac{\\sum_i (y_i - \\hat{y}_i)^2}{\\sum_i (y_i - \\bar{y})^2}",
    source: "Keras R2Score",
    fields: [],
  },
  update(yTrue, yPred) {
    const outputs = yPred.rank > 1 ? yPred.shape.at(-1)! : 1;
    const truth = alike("r2Score()", yTrue, yPred).cast("float32").reshape([-1, outputs]);
    const rest = yPred.reshape([-1, outputs]).sub(truth).square().sum(0);
    const count = full([], truth.shape[0]!, { dtype: "int32", device: truth.device });
    return [truth.sum(0), truth.square().sum(0), rest, count];
  },
  result([sum, squares, rest, count]) {
    const spread = squares!.sub(sum!.square().div(count!));
    const part = rest!.div(spread);
    const isFlat = spread.lessEqual(0);
    return where(isFlat, rest!.greater(0).cast("float32"), part).neg().add(1).mean();
  },
});

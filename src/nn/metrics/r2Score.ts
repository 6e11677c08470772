import { full } from "../../tensor/creation";
import { where } from "../../tensor/ops/where";
import { defineMetric, type MetricKind } from "../metric";
import { alike } from "./classes";

/**
 * `1 - sum((yTrue - yPred)^2) / sum((yTrue - mean(yTrue))^2)`, the mean of it over the
 * last axis's outputs; an output that never varies counts 0 unless it is met exactly.
 * yTrue and yPred [batch, ..., outputs] or [batch]. The spread is a difference of
 * sums, as in Keras: scale targets whose mean is large beside it.
 * @throws ShapeError for two shapes. Source: Keras R2Score.
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

import type { KindInfo } from "../../base/info";
import type { Tensor } from "../../tensor/tensor";
import type { TrainingConfig } from "../trainingConfig";

/** Largest deviation from a distribution that still counts as rounding. */
const tolerance = 0.01;

/** Losses already warned about: once per `compile`, however often it trains. */
const warned = new WeakSet<TrainingConfig>();

/** Returns the smallest and the largest value if the rows are clearly not distributions, else undefined. */
function scoresIn(values: ArrayLike<number>, classes: number): { least: number; greatest: number } | undefined {
  let [least, greatest, uneven] = [Infinity, -Infinity, false];
  for (let row = 0; row < values.length; row += classes) {
    let sum = 0;
    for (let i = row; i < row + classes; i++) {
      sum += values[i]!;
      least = Math.min(least, values[i]!);
      greatest = Math.max(greatest, values[i]!);
    }
    if (Math.abs(sum - 1) > tolerance) uneven = true;
  }
  const outside = least < -tolerance || greatest > 1 + tolerance;
  return Number.isFinite(least) && Number.isFinite(greatest) && (outside || uneven) ? { least, greatest } : undefined;
}

/**
 * Warns once if a loss that expects probabilities receives scores, usually from a last layer without softmax. Training
 * would not fail, but learn badly. Reads one batch, before the first step.
 * @param yPred `[..., classes]`
 */
export async function warnAboutRawScores(config: TrainingConfig, yPred: Tensor): Promise<void> {
  const { info } = config.loss as { info?: KindInfo };
  if (info?.predictions !== "distributions" || warned.has(config)) return;
  const found = scoresIn(await yPred.data(), yPred.shape.at(-1) ?? 1);
  if (!found) return;
  warned.add(config);
  const [from, to] = [found.least, found.greatest].map((value) => Number(value.toPrecision(3)));
  console.warn(
    `fit(): ${info.kind} expects probabilities, rows of values from 0 to 1 that sum to 1, got values from ${from} to ${to}. ` +
      `End the model with activation("softmax"), or compile it with ` +
      `loss: (yTrue, yPred) => losses.${info.kind}(yTrue, yPred, { fromLogits: true }).`,
  );
}

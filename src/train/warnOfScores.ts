import type { KindInfo } from "../base/info";
import type { Tensor } from "../tensor/tensor";
import type { Compiled } from "./compiled";

/** How far from a distribution is no rounding any more. */
const tolerance = 0.01;

/** What has been warned of: a compiled loss once, however often it trains. */
const warned = new WeakSet<Compiled>();

/** The least and the greatest value where rows are plainly no distributions; undefined where they may be. */
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
 * Tells the console once where a loss of distributions is given what plainly is none: scores, mostly, of a last layer
 * without softmax. Nothing would fail; the net would only learn badly. Looks at one batch, before the first step.
 * @param yPred [..., classes]
 */
export async function warnOfScores(compiled: Compiled, yPred: Tensor): Promise<void> {
  const { info } = compiled.loss as { info?: KindInfo };
  if (info?.predictions !== "distributions" || warned.has(compiled)) return;
  const found = scoresIn(await yPred.data(), yPred.shape.at(-1) ?? 1);
  if (!found) return;
  warned.add(compiled);
  const [from, to] = [found.least, found.greatest].map((value) => Number(value.toPrecision(3)));
  console.warn(
    `fit(): ${info.kind} expects probabilities, rows of values from 0 to 1 that sum to 1, got values from ${from} to ${to}. ` +
      `End the model with activation("softmax"), or compile it with ` +
      `loss: (yTrue, yPred) => losses.${info.kind}(yTrue, yPred, { fromLogits: true }).`,
  );
}

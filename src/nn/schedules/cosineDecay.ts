import type { FieldInfo } from "../../base/info";
import { defineSchedule, type ScheduleKind } from "../define/schedule";
import { amountField } from "../define/trainingFields";
import { decayStepsField, initialField } from "./exponentialDecay";

/** Options of `cosineDecay`. */
export interface CosineDecayOptions {
  /** Learning rate of the first step, >= 0; the top of the curve unless there is a warm-up. Required. */
  initialLearningRate: number;
  /** Number of steps from the top to the end, a whole number >= 1. Required. */
  decaySteps: number;
  /** Learning rate at the end as a fraction of the top, >= 0. Default 0. */
  alpha?: number;
  /** Top, >= 0, to which the learning rate first rises linearly. Default null: no warm-up. */
  warmupTarget?: number | null;
  /** Number of steps of the warm-up, >= 0. Default 0. */
  warmupSteps?: number;
}

export const alphaField: FieldInfo = amountField("alpha", { en: "Final fraction", zh: "终值占比" }, 0);

/** Evaluates half a cosine wave that falls from 1 to `alpha`, at the fraction `part` of its length. */
export function cosineWave(part: number, alpha: number, height = 1): number {
  return ((1 - alpha) * height * (1 + Math.cos(Math.PI * part))) / 2 + alpha;
}

/**
 * Learning rate that falls along half a cosine wave, after a linear warm-up if one is set.
 *
 * $\eta_t = \eta_0 \left(\frac{1 - \alpha}{2} (1 + \cos \pi t / s) + \alpha\right)$ after $t$ steps, at most $s$ =
 * `decaySteps`. With `warmupTarget`, the learning rate first rises linearly from `initialLearningRate` to it in
 * `warmupSteps` steps; then it falls from there.
 * @param options `initialLearningRate` and `decaySteps` are required; `alpha` defaults to 0, `warmupTarget` to null,
 *   `warmupSteps` to 0
 * @returns a schedule, for the option `learningRate` of an optimizer
 * @throws ArgumentError for an option that is missing, out of range or unknown
 * @see Loshchilov & Hutter 2017, "SGDR"; Keras `CosineDecay`; PyTorch `CosineAnnealingLR`
 * @example
 * const rate = schedules.cosineDecay({ initialLearningRate: 1, decaySteps: 4 });
 * [0, 1, 2, 3, 4, 5].map(rate); // => [1, 0.8536, 0.5, 0.1464, 0, 0]
 */
export const cosineDecay: ScheduleKind<CosineDecayOptions> = defineSchedule<CosineDecayOptions>(
  {
    kind: "cosineDecay",
    title: { en: "Cosine decay", zh: "余弦衰减" },
    description: {
      en: "Decays along half a cosine wave, optionally after a warm-up.",
      zh: "沿半个余弦波下降，可先预热。",
    },
    formula: "\\eta_t = \\eta_0 \\left(\\frac{1 - \\alpha}{2} (1 + \\cos \\pi t / s) + \\alpha\\right)",
    source: "Loshchilov & Hutter 2017; Keras CosineDecay",
    fields: [
      initialField,
      decayStepsField,
      alphaField,
      amountField("warmupTarget", { en: "Warm-up target", zh: "预热目标" }, null),
      amountField("warmupSteps", { en: "Warm-up steps", zh: "预热步数" }, 0),
    ],
  },
  ({ initialLearningRate, decaySteps, alpha, warmupTarget, warmupSteps }, step) => {
    const warming = warmupTarget === null ? 0 : warmupSteps;
    const top = warmupTarget ?? initialLearningRate;
    if (step < warming) return initialLearningRate + (top - initialLearningRate) * (step / warming);
    return top * cosineWave(Math.min(1, (step - warming) / decaySteps), alpha);
  },
);

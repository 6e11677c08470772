import type { FieldInfo } from "../../base/info";
import { amountField } from "../trainingFields";
import { defineSchedule, type ScheduleKind } from "../schedule";
import { decayStepsField, initialField } from "./exponentialDecay";

export interface CosineDecayOptions {
  initialLearningRate: number;
  /** Steps from the top to the end. */
  decaySteps: number;
  /** The end, as a part of the top. Default 0. */
  alpha?: number;
  /** The top that it rises to first, in a line. Default null: no warm-up. */
  warmupTarget?: number | null;
  /** Default 0. */
  warmupSteps?: number;
}

export const alphaField: FieldInfo = amountField("alpha", { en: "Final fraction", zh: "终值占比" }, 0);

/** Half a cosine wave from 1 down to `alpha`, `part` of the way. */
export function cosineWave(part: number, alpha: number, height = 1): number {
  return ((1 - alpha) * height * (1 + Math.cos(Math.PI * part))) / 2 + alpha;
}

/**
 * `top * ((1 - alpha) * (1 + cos(pi * step / decaySteps)) / 2 + alpha)`, where `top` is
 * initialLearningRate; with a warm-up, in a line from there to warmupTarget in
 * warmupSteps, then down from warmupTarget. Source: Loshchilov & Hutter 2017; Keras CosineDecay.
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

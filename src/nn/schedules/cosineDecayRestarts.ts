import { wholeField, amountField } from "../trainingFields";
import { defineSchedule, type ScheduleKind } from "../schedule";
import { alphaField, cosineWave } from "./cosineDecay";
import { initialField } from "./exponentialDecay";

export interface CosineDecayRestartsOptions {
  initialLearningRate: number;
  /** Steps of the first wave. */
  firstDecaySteps: number;
  /** How many times longer each wave is than the one before. Default 2. */
  tMul?: number;
  /** How many times higher each wave starts. Default 1. */
  mMul?: number;
  /** The end, as a part of the top. Default 0. */
  alpha?: number;
}

/**
 * Cosine decay that starts again at the end of each wave (SGDR). Source:
 * Loshchilov & Hutter 2017; Keras CosineDecayRestarts.
 */
export const cosineDecayRestarts: ScheduleKind<CosineDecayRestartsOptions> = defineSchedule<CosineDecayRestartsOptions>(
  {
    kind: "cosineDecayRestarts",
    title: { en: "Cosine decay with restarts", zh: "带重启的余弦衰减" },
    description: {
      en: "Decays along half a cosine wave, restarting at the end of each.",
      zh: "反复沿半个余弦波下降。",
    },
    formula: "\\eta_t = \\eta_0 \\left(\\frac{1 - \\alpha}{2} m^i (1 + \\cos \\pi t_i / s_i) + \\alpha\\right)",
    source: "Loshchilov & Hutter 2017; Keras CosineDecayRestarts",
    fields: [
      initialField,
      wholeField("firstDecaySteps", { en: "First decay steps", zh: "首个周期的步数" }),
      { ...amountField("tMul", { en: "Period multiplier", zh: "周期增长倍数" }, 2), min: 1 },
      amountField("mMul", { en: "Peak multiplier", zh: "峰值倍数" }, 1),
      alphaField,
    ],
  },
  ({ initialLearningRate, firstDecaySteps, tMul, mMul, alpha }, step) => {
    let [start, length, wave] = [0, firstDecaySteps, 0];
    if (tMul === 1) wave = Math.floor(step / length);
    else for (; step >= start + length; wave++) [start, length] = [start + length, length * tMul];
    const part = tMul === 1 ? step / length - wave : (step - start) / length;
    return initialLearningRate * cosineWave(part, alpha, mMul ** wave);
  },
);

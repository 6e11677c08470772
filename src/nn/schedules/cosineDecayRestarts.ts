import { defineSchedule, type ScheduleKind } from "../define/schedule";
import { wholeField, amountField } from "../define/trainingFields";
import { alphaField, cosineWave } from "./cosineDecay";
import { initialField } from "./exponentialDecay";

/** Options of `cosineDecayRestarts`. */
export interface CosineDecayRestartsOptions {
  /** Learning rate of the first step, >= 0. Required. */
  initialLearningRate: number;
  /** Number of steps of the first wave, a whole number >= 1. Required. */
  firstDecaySteps: number;
  /** Factor from the length of each wave to that of the next, >= 1. Default 2. */
  tMul?: number;
  /** Factor from the top of each wave to that of the next, >= 0. Default 1. */
  mMul?: number;
  /** Learning rate at the end of a wave as a fraction of the first top, >= 0. Default 0. */
  alpha?: number;
}

/**
 * Learning rate that falls along half a cosine wave and restarts at the top after each wave (SGDR).
 *
 * $\eta_t = \eta_0 \left(\frac{1 - \alpha}{2} m^i (1 + \cos \pi t_i / s_i) + \alpha\right)$ after $t_i$ steps of wave
 * $i$, which has $s_i$ steps; wave 0 has `firstDecaySteps`, and each next one `tMul` times as many.
 * @param options `initialLearningRate` and `firstDecaySteps` are required; `tMul` defaults to 2, `mMul`, $m$, to 1,
 *   `alpha` to 0
 * @returns a schedule, for the option `learningRate` of an optimizer
 * @throws ArgumentError for an option that is missing, out of range or unknown
 * @see Loshchilov & Hutter 2017, "SGDR"; Keras `CosineDecayRestarts`; PyTorch `CosineAnnealingWarmRestarts`
 * @example
 * const rate = schedules.cosineDecayRestarts({ initialLearningRate: 1, firstDecaySteps: 2 });
 * [0, 1, 2, 4, 6].map(rate); // => [1, 0.5, 1, 0.5, 1]
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

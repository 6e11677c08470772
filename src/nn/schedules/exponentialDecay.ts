import type { FieldInfo } from "../../base/info";
import { defineSchedule, type ScheduleKind } from "../define/schedule";
import { optionField, wholeField, amountField } from "../define/trainingFields";

/** Options of `exponentialDecay` and `inverseTimeDecay`. */
export interface DecayOptions {
  /** Learning rate of the first step, >= 0. Required. */
  initialLearningRate: number;
  /** Number of steps of one decay, a whole number >= 1. Required. */
  decaySteps: number;
  /**
   * Strength of the decay, >= 0: the factor of each exponential decay, the slope of an inverse-time decay. Required.
   */
  decayRate: number;
  /** Changes the learning rate only after each `decaySteps` steps. Default false. */
  staircase?: boolean;
}

export const initialField: FieldInfo = amountField("initialLearningRate", {
  en: "Initial learning rate",
  zh: "初始学习率",
});
export const decayStepsField: FieldInfo = wholeField("decaySteps", { en: "Decay steps", zh: "衰减步数" });
export const decayFields: FieldInfo[] = [
  initialField,
  decayStepsField,
  amountField("decayRate", { en: "Decay rate", zh: "衰减率" }),
  optionField("staircase", { en: "Staircase", zh: "阶梯式" }),
];

/** Returns how many times `decaySteps` have passed. */
export function decaysUntil(step: number, { decaySteps, staircase }: Required<DecayOptions>): number {
  return staircase ? Math.floor(step / decaySteps) : step / decaySteps;
}

/**
 * Learning rate that is multiplied by one factor for every `decaySteps` steps.
 *
 * $\eta_t = \eta_0 r^{t / s}$ after $t$ steps; with `staircase`, $t / s$ is rounded down.
 * @param options `initialLearningRate`, $\eta_0$, `decaySteps`, $s$, and `decayRate`, $r$, are required; `staircase`
 *   defaults to false
 * @returns a schedule, for the option `learningRate` of an optimizer
 * @throws ArgumentError for an option that is missing, out of range or unknown
 * @see Keras `ExponentialDecay`; PyTorch `ExponentialLR`
 * @example
 * const rate = schedules.exponentialDecay({ initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.5 });
 * [0, 10, 20].map(rate); // => [0.1, 0.05, 0.025]
 * optimizers.sgd({ learningRate: rate }).rateAt(11); // => 0.05
 */
export const exponentialDecay: ScheduleKind<DecayOptions> = defineSchedule<DecayOptions>(
  {
    kind: "exponentialDecay",
    title: { en: "Exponential decay", zh: "指数衰减" },
    description: {
      en: "Multiplies the learning rate by a constant factor every decaySteps steps.",
      zh: "每隔若干步乘以同一个衰减率。",
    },
    formula: "\\eta_t = \\eta_0 r^{t / s}",
    source: "Keras ExponentialDecay",
    fields: decayFields,
  },
  (fields, step) => fields.initialLearningRate * fields.decayRate ** decaysUntil(step, fields),
);

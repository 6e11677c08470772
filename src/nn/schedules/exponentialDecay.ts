import type { FieldInfo } from "../../base/info";
import { optionField, wholeField, amountField } from "../trainingFields";
import { defineSchedule, type ScheduleKind } from "../schedule";

export interface DecayOptions {
  initialLearningRate: number;
  /** Steps in which it decays once. */
  decaySteps: number;
  decayRate: number;
  /** Changes only after whole `decaySteps`. Default false. */
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

/** How many times `decaySteps` have passed. */
export function decaysUntil(step: number, { decaySteps, staircase }: Required<DecayOptions>): number {
  return staircase ? Math.floor(step / decaySteps) : step / decaySteps;
}

/** `initialLearningRate * decayRate ^ (step / decaySteps)`. Source: Keras ExponentialDecay. */
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

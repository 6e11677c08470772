import { optionField, amountField } from "../trainingFields";
import { defineSchedule, type ScheduleKind } from "../schedule";
import { decayStepsField, initialField } from "./exponentialDecay";

export interface PolynomialDecayOptions {
  initialLearningRate: number;
  /** Steps until the end. */
  decaySteps: number;
  /** Default 0.0001. */
  endLearningRate?: number;
  /** Default 1: a line. */
  power?: number;
  /** Goes on past the end with `decaySteps` times the next whole number. Default false: stays at the end. */
  cycle?: boolean;
}

/**
 * `(initialLearningRate - endLearningRate) * (1 - step / decaySteps) ^ power + endLearningRate`,
 * the step held at `decaySteps`. Source: Keras PolynomialDecay.
 */
export const polynomialDecay: ScheduleKind<PolynomialDecayOptions> = defineSchedule<PolynomialDecayOptions>(
  {
    kind: "polynomialDecay",
    title: { en: "Polynomial decay", zh: "多项式衰减" },
    description: {
      en: "Decays to a final value along a power of the remaining steps.",
      zh: "按剩余步数的幂降到终值。",
    },
    formula: "\\eta_t = (\\eta_0 - \\eta_e)(1 - t / s)^p + \\eta_e",
    source: "Keras PolynomialDecay",
    fields: [
      initialField,
      decayStepsField,
      amountField("endLearningRate", { en: "Final learning rate", zh: "最终学习率" }, 0.0001),
      amountField("power", { en: "Power", zh: "幂" }, 1),
      optionField("cycle", { en: "Cycle", zh: "循环" }),
    ],
  },
  ({ initialLearningRate, decaySteps, endLearningRate, power, cycle }, step) => {
    const steps = cycle ? decaySteps * Math.max(1, Math.ceil(step / decaySteps)) : decaySteps;
    const left = 1 - Math.min(step, steps) / steps;
    return (initialLearningRate - endLearningRate) * left ** power + endLearningRate;
  },
);

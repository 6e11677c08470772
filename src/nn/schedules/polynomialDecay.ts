import { defineSchedule, type ScheduleKind } from "../define/schedule";
import { optionField, amountField } from "../define/trainingFields";
import { decayStepsField, initialField } from "./exponentialDecay";

/** Options of `polynomialDecay`. */
export interface PolynomialDecayOptions {
  /** Learning rate of the first step, >= 0. Required. */
  initialLearningRate: number;
  /** Number of steps until the end, a whole number >= 1. Required. */
  decaySteps: number;
  /** Learning rate at the end, >= 0. Default 0.0001. */
  endLearningRate?: number;
  /** Exponent, >= 0; 1 is a straight line. Default 1. */
  power?: number;
  /** Restarts after the end with a curve of more `decaySteps`, rather than staying at the end. Default false. */
  cycle?: boolean;
}

/**
 * Learning rate that falls to an end value along a power of the remaining steps; by default linearly.
 *
 * $\eta_t = (\eta_0 - \eta_e)(1 - t / s)^p + \eta_e$ after $t$ steps, at most $s$ = `decaySteps`. With `cycle`, $s$ is
 * the least multiple of `decaySteps` that is not below $t$.
 * @param options `initialLearningRate`, $\eta_0$, and `decaySteps`, $s$, are required; `endLearningRate`, $\eta_e$,
 *   defaults to 0.0001, `power`, $p$, to 1, `cycle` to false
 * @returns a schedule, for the option `learningRate` of an optimizer
 * @throws ArgumentError for an option that is missing, out of range or unknown
 * @see Keras `PolynomialDecay`; PyTorch `PolynomialLR`
 * @example
 * const rate = schedules.polynomialDecay({ initialLearningRate: 1, decaySteps: 10, endLearningRate: 0 });
 * [0, 5, 10, 11].map(rate); // => [1, 0.5, 0, 0]
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

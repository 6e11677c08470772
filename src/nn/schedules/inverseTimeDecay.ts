import { defineSchedule, type ScheduleKind } from "../define/schedule";
import { decayFields, type DecayOptions, decaysUntil } from "./exponentialDecay";

/**
 * Learning rate that falls as one over the number of steps.
 *
 * $\eta_t = \frac{\eta_0}{1 + r t / s}$ after $t$ steps; with `staircase`, $t / s$ is rounded down.
 * @param options `initialLearningRate`, $\eta_0$, `decaySteps`, $s$, and `decayRate`, $r$, are required; `staircase`
 *   defaults to false
 * @returns a schedule, for the option `learningRate` of an optimizer
 * @throws ArgumentError for an option that is missing, out of range or unknown
 * @see Keras `InverseTimeDecay`
 * @example
 * const rate = schedules.inverseTimeDecay({ initialLearningRate: 1, decaySteps: 10, decayRate: 1 });
 * [0, 10, 30].map(rate); // => [1, 0.5, 0.25]
 */
export const inverseTimeDecay: ScheduleKind<DecayOptions> = defineSchedule<DecayOptions>(
  {
    kind: "inverseTimeDecay",
    title: { en: "Inverse time decay", zh: "反比衰减" },
    description: { en: "Decays in inverse proportion to time.", zh: "与时间成反比地下降。" },
    formula: "\\eta_t = \\frac{\\eta_0}{1 + r t / s}",
    source: "Keras InverseTimeDecay",
    fields: decayFields,
  },
  (fields, step) => fields.initialLearningRate / (1 + fields.decayRate * decaysUntil(step, fields)),
);

import { defineSchedule, type ScheduleKind } from "../schedule";
import { decayFields, type DecayOptions, decaysUntil } from "./exponentialDecay";

/** `initialLearningRate / (1 + decayRate * step / decaySteps)`. Source: Keras InverseTimeDecay. */
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

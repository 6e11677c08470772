/** All learning-rate schedules: one file and one line each. */
export { cosineDecay } from "./cosineDecay";
export { cosineDecayRestarts } from "./cosineDecayRestarts";
export { exponentialDecay } from "./exponentialDecay";
export { inverseTimeDecay } from "./inverseTimeDecay";
export { piecewiseConstantDecay } from "./piecewiseConstantDecay";
export { polynomialDecay } from "./polynomialDecay";

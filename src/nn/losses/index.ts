/** All losses: one file and one line each. */
export { binaryCrossentropy } from "./binaryCrossentropy";
export { categoricalCrossentropy } from "./categoricalCrossentropy";
export { categoricalHinge } from "./categoricalHinge";
export { cosineSimilarity } from "./cosineSimilarity";
export { hinge } from "./hinge";
export { huber } from "./huber";
export { klDivergence } from "./klDivergence";
export { logCosh } from "./logCosh";
export { meanAbsoluteError } from "./meanAbsoluteError";
export { meanAbsolutePercentageError } from "./meanAbsolutePercentageError";
export { meanSquaredError } from "./meanSquaredError";
export { meanSquaredLogarithmicError } from "./meanSquaredLogarithmicError";
export { poisson } from "./poisson";
export { sparseCategoricalCrossentropy } from "./sparseCategoricalCrossentropy";
export { squaredHinge } from "./squaredHinge";

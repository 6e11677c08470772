/** Every one of the losses: one file and one line each. */
export { categoricalCrossentropy } from "./categoricalCrossentropy";
export { meanSquaredError } from "./meanSquaredError";
export { sparseCategoricalCrossentropy } from "./sparseCategoricalCrossentropy";

/** The list of losses. */
import { categoricalCrossentropy } from "./categoricalCrossentropy";
import { meanSquaredError } from "./meanSquaredError";
import { sparseCategoricalCrossentropy } from "./sparseCategoricalCrossentropy";

export const losses = { categoricalCrossentropy, meanSquaredError, sparseCategoricalCrossentropy };

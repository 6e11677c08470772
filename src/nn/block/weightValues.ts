/** Copies the values of a block's weights out of it and into it. */
import { UnbuiltError, WeightsError } from "../../base/errors";
import type { TensorData } from "../../tensor/creation";
import type { Parameter } from "../../tensor/parameter";
import type { Operand, Tensor } from "../../tensor/tensor";

/** The members of a block that copying its values uses. */
interface BlockWithWeights {
  readonly label: string;
  readonly built: boolean;
  readonly weights: Parameter[];
}

/**
 * Returns copies of all weights on `CPU:0`, in the order of `weights`.
 * @throws UnbuiltError for a block that is not built
 */
export function copyWeights(block: BlockWithWeights): Tensor[] {
  requireBuilt(block, "getWeights()");
  return block.weights.map((parameter) => {
    const { value } = parameter;
    return value.device === "CPU:0" ? value.view(value.shape) : value.to("CPU:0");
  });
}

/**
 * Assigns values to all weights, in the order of `weights`. On an error, no weight changes.
 * @throws UnbuiltError for a block that is not built; WeightsError for another number of values; ShapeError for another
 *   shape
 */
export function assignWeights(block: BlockWithWeights, values: readonly (Operand | TensorData)[]): void {
  requireBuilt(block, "setWeights()");
  const { weights } = block;
  if (values.length !== weights.length) {
    throw new WeightsError({
      at: `${block.label}.setWeights()`,
      expected: `${weights.length} values`,
      got: String(values.length),
    });
  }
  const before = weights.map((parameter) => parameter.value);
  try {
    weights.forEach((parameter, index) => parameter.assign(values[index]!));
  } catch (error) {
    weights.forEach((parameter, index) => parameter.assign(before[index]!));
    throw error;
  }
}

function requireBuilt(block: BlockWithWeights, at: string): void {
  if (block.built) return;
  throw new UnbuiltError({
    at: `${block.label}.${at}`,
    expected: "a built block",
    got: "one that has not seen an input, so its weights have no shapes yet",
    remedy: "Call it once on an input, or build([null, 20]).",
  });
}

/** Costs of ops: multiply-adds and memory traffic of one call. */
import { bytesPerElement } from "../../base/dtype";
import { sizeOf } from "../../base/shape";
import type { OpCost, TensorSpec } from "../graph";

type Cost = (inputs: readonly TensorSpec[], result: TensorSpec) => OpCost;

/** Returns the bytes of tensors. */
export function bytesOf(specs: readonly TensorSpec[]): number {
  return specs.reduce((total, { shape }) => total + sizeOf(shape) * bytesPerElement, 0);
}

/** Returns the cost of a call that reads all inputs and writes its result once. */
export function costOf(inputs: readonly TensorSpec[], result: TensorSpec, multiplyAdds: number): OpCost {
  return { multiplyAdds, bytes: bytesOf(inputs) + bytesOf([result]) };
}

/** One operation for each element of the result. */
export const elementCost: Cost = (inputs, result) => costOf(inputs, result, sizeOf(result.shape));

/** One operation for each element of the first input. */
export const inputCost: Cost = (inputs, result) => costOf(inputs, result, sizeOf(inputs[0]!.shape));

/** No arithmetic: values are copied, converted or created. */
export const copyCost: Cost = (inputs, result) => costOf(inputs, result, 0);

/** As `copyCost`, for an op that reads only those elements of its first input that its result contains. */
export const pickCost: Cost = (inputs, result) => costOf([result, ...inputs.slice(1)], result, 0);

/** The result is a view: nothing is computed or moved. */
export const viewCost: Cost = () => ({ multiplyAdds: 0, bytes: 0 });

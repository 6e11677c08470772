/** Requests for the weights of a block that is not built yet: they are stored until its first call creates the weights. */
import type { DType } from "../../base/dtype";
import type { Key } from "../../base/randomKeys";
import type { Shape } from "../../base/shape";
import type { Tensor } from "../../tensor/tensor";
import type { Initializer } from "../define/initializer";

/** Overrides of how a weight is initialized; the block's own choice applies to absent fields. */
export interface WeightSource {
  initializer?: Initializer;
  key?: Key;
  /** Value to use instead of a drawn one. */
  value?: Tensor;
}

/** Returns the override for a weight, by its path within a block, or undefined. */
export type WeightSourceOf = (path: string, weight: { shape: Shape; dtype: DType }) => WeightSource | undefined;

/** Request for a block's weights that is stored until they are created. */
export interface DeferredRequest {
  /** Paths are relative to the block that received the request. @throws WeightsError for a shape that does not match */
  sourceOf: WeightSourceOf;
  /**
   * Called once the block's first call has built everything. @throws WeightsError if a part of the request was not used
   */
  finish?(): void;
}

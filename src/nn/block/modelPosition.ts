import type { DType } from "../../base/dtype";
import type { Key } from "../../base/randomKeys";
import type { Shape } from "../../base/shape";
import { stream } from "../../tensor/stream";
import type { DeferredRequest, WeightSource } from "./deferredRequest";
import { joinPath, type TreeBlock, walkBlocks, walkWeights } from "./tree";

/**
 * Position of a block in its model, and what the block inherits through it from the blocks around it: the start of its
 * path, the key of the model and requests for weights.
 */
export class ModelPosition {
  /** Requests that this block received before its weights were created. */
  readonly requests: DeferredRequest[] = [];
  #parent: ModelPosition | undefined;
  #segment = "";
  #drawnKey: Key | undefined;

  /** True once the block is linked to the block around it; never for the model itself. */
  get isLinked(): boolean {
    return this.#parent !== undefined;
  }

  /** Path in the outermost model; "" for the model itself and before its first call. */
  get path(): string {
    return this.#parent ? joinPath(this.#parent.path, this.#segment) : "";
  }

  /**
   * Key from which the keys of all weights of a model are folded; taken from the random stream when the first weight is
   * drawn.
   */
  get modelKey(): Key {
    if (this.#parent) return this.#parent.modelKey;
    return (this.#drawnKey ??= stream.next());
  }

  /**
   * Returns the override that this block or one around it stored for a weight that is being created. The last request
   * wins.
   * @param path path of the weight within this block
   */
  sourceOf(path: string, weight: { shape: Shape; dtype: DType }): WeightSource | undefined {
    for (const { sourceOf } of this.requests.toReversed()) {
      const source = sourceOf(path, weight);
      if (source) return source;
    }
    return this.#parent?.sourceOf(joinPath(this.#segment, path), weight);
  }

  link(parent: ModelPosition, segment: string): void {
    this.#parent = parent;
    this.#segment = segment;
  }
}

/**
 * Links every block in the tree to the block around it and sets the paths of existing weights, so that paths are known
 * before further weights are drawn. A root that is part of a larger model is linked already.
 */
export function linkTree<B extends TreeBlock>(root: B, positionOf: (block: B) => ModelPosition): void {
  if (positionOf(root).isLinked) return;
  const tree = walkBlocks(root);
  for (const { block, parent, segment } of tree.entries)
    if (parent) positionOf(block).link(positionOf(parent.block), segment);
  for (const { path, parameter } of walkWeights(root, tree)) parameter.path = path;
}

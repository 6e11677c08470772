/** Random tensors and keys, as a cell calls them. */
import { foldIn, keyOf, splitKey } from "../base/random";
import { bernoulli } from "./ops/bernoulli";
import { integers } from "./ops/integers";
import { normal } from "./ops/normal";
import { permutation } from "./ops/permutation";
import { truncatedNormal } from "./ops/truncatedNormal";
import { uniform } from "./ops/uniform";
import { stream } from "./stream";

export { stream } from "./stream";
export type { RandomOptions } from "./define/draw";

/**
 * Draws take a last `{ key, dtype, device }`. The same key draws the same values
 * on every device; without one each draw takes the next of the stream.
 */
export const random = {
  uniform,
  normal,
  truncatedNormal,
  bernoulli,
  integers,
  permutation,
  key: keyOf,
  split: splitKey,
  foldIn,
};

/** Restarts the stream that draws without a key come from. */
export function setSeed(seed: number): void {
  stream.restart(seed);
}

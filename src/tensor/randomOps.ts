/** Random tensors and keys, under the names that cells call them by. */
import { foldIn, keyOf, splitKey } from "../base/randomKeys";
import { bernoulli } from "./ops/bernoulli";
import { integers } from "./ops/integers";
import { normal } from "./ops/normal";
import { permutation } from "./ops/permutation";
import { truncatedNormal } from "./ops/truncatedNormal";
import { uniform } from "./ops/uniform";
import { stream } from "./stream";

export { stream } from "./stream";
export type { RandomOptions } from "./define/defineDraw";

/**
 * Random tensors and the keys that make them reproducible. The same key draws the same values on every device; a draw
 * without a key uses the next key of a stream that `setSeed` restarts.
 *
 * Every draw ends with options `{ key, dtype, device }`. The generator is Philox-4x32-10 (Salmon et al. 2011).
 */
export const random = {
  uniform,
  normal,
  truncatedNormal,
  bernoulli,
  integers,
  permutation,
  /**
   * A random key made from a whole number.
   *
   * Source: JAX `random.key`.
   * @param seed is a whole number from 0 to 2^53 - 1; equal seeds make equal keys.
   * @example
   * const key = random.key(42);
   * allClose(random.normal([3], { key }), random.normal([3], { key })); // => true
   */
  key: keyOf,
  /**
   * Derives `n` keys from a key. They are independent of each other and of the values that the key itself draws.
   *
   * `n` defaults to 2. Source: JAX `random.split`.
   * @example
   * const [first, second] = random.split(random.key(1));
   * allClose(random.normal([3], { key: first }), random.normal([3], { key: second })); // => false
   */
  split: splitKey,
  /**
   * Derives a key from a key and a whole number, such as the number of a step.
   *
   * Source: JAX `random.fold_in`.
   * @example
   * const key = random.key(1);
   * const steps = [0, 1].map((step) => random.uniform([3], { key: random.foldIn(key, step) }));
   * allClose(steps[0], steps[1]); // => false
   */
  foldIn,
};

/**
 * Restarts the stream of keys for draws without a key, so that what follows is reproducible.
 *
 * Weights that are built afterwards also follow from this seed. A session starts with a random seed.
 * @param seed is a whole number from 0 to 2^53 - 1.
 * @example
 * setSeed(7);
 * const x = random.normal([3]);
 * setSeed(7);
 * allClose(x, random.normal([3])); // => true
 */
export function setSeed(seed: number): void {
  stream.restart(seed);
}

import { ArgumentError } from "../../base/errors";
import { type Key, splitKey } from "../../base/randomKeys";
import { copyCost } from "../define/cost";
import type { Shader } from "../../device/backend";
import { defaultDevice } from "../../device/open";
import type { RandomOptions } from "../define/defineDraw";
import { apply, type Op } from "../graph";
import { noteUnrecorded } from "../scope";
import { stream } from "../stream";
import type { Tensor } from "../tensor";

interface PermutationUniforms {
  size: number;
  leftBits: number;
  rightBits: number;
  /** One word for each round. */
  keys: readonly number[];
}

const rounds = 12;

function mix(word: number): number {
  let h = word;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function permute(number: number, { leftBits, rightBits, keys }: PermutationUniforms): number {
  let widths = [leftBits, rightBits] as const;
  let left = number >>> rightBits;
  let right = number & ((1 << rightBits) - 1);
  for (const key of keys) {
    const next = left ^ (mix(right ^ key) & ((1 << widths[0]) - 1));
    left = right;
    right = next;
    widths = [widths[1], widths[0]];
  }
  return ((left << widths[1]) | right) >>> 0;
}

const shader: Shader<PermutationUniforms> = {
  name: "permutation",
  link: { file: "ops/permutation" },
  pack: ({ size, leftBits, rightBits, keys }) => Uint32Array.of(size, leftBits, rightBits, 0, ...keys),
  reference(_, result, uniforms) {
    for (let i = 0; i < uniforms.size; i++) {
      let at = permute(i, uniforms);
      while (at >= uniforms.size) at = permute(at, uniforms);
      result[i] = at;
    }
  },
};

const permutationOp: Op<{ n: number; key: Key }> = {
  name: "permutation",
  info: {
    description: "The integers from 0 in random order.",
    source: "Mitchell, Stokes, Frank and Holmes, Bandwidth-optimal random shuffling for GPUs, 2021",
  },
  infer: (_, { n }) => ({ shape: [n], dtype: "int32" }),
  cost: copyCost,
  run({ result, attributes: { n, key }, run }) {
    // At least twice as many numbers as elements, because a Feistel network generates only even permutations of its
    // range. Below 64 numbers, its halves have too few bits for all orders to be equally likely.
    const bits = Math.max(6, Math.ceil(Math.log2(Math.max(n, 1))) + 1);
    const leftBits = bits >>> 1;
    const keys = splitKey(key, rounds / 2).flat();
    run(shader, [], result, { size: n, leftBits, rightBits: bits - leftBits, keys }, Math.ceil(n / 64));
  },
};

/**
 * The whole numbers from 0 to `n - 1` in random order, int32.
 *
 * The shape is `[n]`. The same key yields the same order on every device. Source: Mitchell, Stokes, Frank and Holmes
 * 2021, "Bandwidth-optimal random shuffling for GPUs".
 * @param options `key` makes the order reproducible; without it the next key of the stream is used.
 * @throws ArgumentError unless `n` is a whole number from 0 to 2^30.
 * @example
 * const order = random.permutation(5, { key: random.key(1) });
 * order.shape; // => [5]
 * order.sum(); // => 10
 */
export function permutation(n: number, { key, device = defaultDevice() }: Omit<RandomOptions, "dtype"> = {}): Tensor {
  if (!Number.isInteger(n) || n < 0 || n > 2 ** 30) {
    throw new ArgumentError({ at: "random.permutation", expected: "a whole number from 0 to 2^30", got: String(n) });
  }
  // Its program is specialized for its key: a replay would return the same order.
  if (!key) noteUnrecorded("draws a permutation without a key");
  return apply(permutationOp, [], { n, key: key ?? stream.next() }, device);
}
permutation.op = permutationOp;

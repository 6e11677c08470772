/** Random compositions of ops, to test fusion: it must be correct for all of them. */
import fc from "fast-check";
import { concat, type Tensor, where } from "../index";

type Step = (made: readonly Tensor[]) => Tensor | undefined;

function pick(made: readonly Tensor[], at: number): Tensor {
  return made[at % made.length]!;
}

/** Limits values to a range in which further ops stay finite and smooth. */
function tamed(x: Tensor): Tensor {
  return x.tanh();
}

const unaries: ((x: Tensor) => Tensor)[] = [
  (x) => x.tanh(),
  (x) => x.square(),
  (x) => x.neg(),
  (x) => x.exp().mul(0.3),
  (x) => x.relu().add(0.1),
  (x) => x.sigmoid(),
  (x) => (x.rank > 0 ? x.softmax(-1) : x),
  (x) => (x.rank > 0 ? x.logSumExp(0) : x),
  (x) => x.transpose(),
  (x) => x.reshape([x.size]),
  (x) => x.reshape([1, x.size]),
  (x) => (x.rank > 0 ? x.slice([0]) : x),
  (x) => (x.rank > 0 && x.shape[0]! > 1 ? x.slice([1]) : x),
  (x) => (x.rank > 0 ? x.pad(x.shape.map((_, axis) => (axis === 0 ? [1, 0] : [0, 0]))) : x),
  (x) =>
    x.rank > 0
      ? x.pad(
          x.shape.map((_, axis) => (axis === x.rank - 1 ? [2, 3] : [0, 0])),
          0.5,
        )
      : x,
  (x) => where(x.greater(0.1), x, x.mul(0.5)),
];

const binaries: ((a: Tensor, b: Tensor) => Tensor)[] = [
  (a, b) => a.add(b),
  (a, b) => a.sub(b),
  (a, b) => a.mul(b),
  (a, b) => a.div(b.square().add(1)),
  (a, b) => a.maximum(b),
];

const folds: ((x: Tensor, axis: number | undefined, keep: boolean) => Tensor)[] = [
  (x, axis, keep) => x.sum(axis, keep),
  (x, axis, keep) => x.mean(axis, keep),
  (x, axis, keep) => x.max(axis, keep),
];

/** Returns undefined if the shapes do not fit. */
function attempt(make: () => Tensor): Tensor | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

const place = fc.nat(50);

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.constantFrom(...unaries), place).map(
    ([op, at]): Step =>
      (made) =>
        attempt(() => op(pick(made, at))),
  ),
  fc.tuple(fc.constantFrom(...binaries), place, place).map(
    ([op, a, b]): Step =>
      (made) =>
        attempt(() => op(pick(made, a), pick(made, b))),
  ),
  fc.tuple(fc.constantFrom(...folds), place, fc.option(fc.nat(1), { nil: undefined }), fc.boolean()).map(
    ([op, at, axis, keep]): Step =>
      (made) =>
        attempt(() => op(pick(made, at), axis, keep)),
  ),
  fc.tuple(place, place).map(
    ([a, b]): Step =>
      (made) =>
        attempt(() => pick(made, a).matmul(pick(made, b))),
  ),
  fc.tuple(place, place, fc.constantFrom(0, -1)).map(
    ([a, b, axis]): Step =>
      (made) =>
        attempt(() => concat([pick(made, a), pick(made, b)], axis)),
  ),
);

/** Shapes with axes of length 1, long rows, and lengths that are no multiple of any block. */
export const randomShape: fc.Arbitrary<number[]> = fc.constantFrom(
  [1],
  [3],
  [1, 1],
  [3, 1],
  [1, 4],
  [2, 3],
  [5, 70],
  [4, 4],
);

/** A random function of tensors. It is deterministic: equal inputs go through equal ops. */
export const randomProgram: fc.Arbitrary<(inputs: readonly Tensor[]) => Tensor[]> = fc
  .array(step, { minLength: 2, maxLength: 14 })
  .map((steps) => (inputs) => {
    const made = [...inputs];
    for (const next of steps) {
      const result = next(made);
      if (result && result.size > 0 && result.size < 2000) made.push(tamed(result));
    }
    return made.slice(inputs.length);
  });

import { definePoints } from "./drawPoints";

/**
 * Points of two classes in the square from -1 to 1: class 0 where both coordinates have the same sign, class 1 where
 * they differ. A single layer cannot separate them.
 *
 * x is float32 `[n, 2]`, y int32 `[n]`. Four fifths of the points are for training. Defaults: `count` 500, `noise`
 * 0.05, `seed` 0.
 *
 * @returns `{ train: { x, y }, test: { x, y }, classNames }`
 * @throws ArgumentError for an unknown option or a value out of range.
 * @example
 * const { test } = await datasets.xor({ count: 20, noise: 0 });
 * test.x.prod(1).less(0).array(); // => [0, 1, 0, 1]
 * test.y.array(); // => [0, 1, 0, 1]
 */
export const xor = definePoints({
  kind: "xor",
  title: { en: "XOR", zh: "异或" },
  description: {
    en: "Opposite quarters of a square share a class, which a single layer cannot learn.",
    zh: "正方形对角的两块属于同一类，单独一层无法学会。",
  },
  noise: 0.05,
  classNames: ["same sign", "other sign"],
  place(index, draw) {
    const other = index % 2;
    const x = draw.uniform(0, 1);
    const y = draw.uniform(0, 1);
    const side = draw.uniform() < 0.5 ? -1 : 1;
    return [side * x, (other ? -side : side) * y, other];
  },
});

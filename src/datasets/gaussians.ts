import { definePoints } from "./drawPoints";

/**
 * Points of two classes in the plane: normal distributions around (-0.5, -0.5) and (0.5, 0.5). A straight line
 * separates almost all of them.
 *
 * x is float32 `[n, 2]`, y int32 `[n]`. Four fifths of the points are for training. `noise` is the standard deviation
 * of each coordinate. Defaults: `count` 500, `noise` 0.25, `seed` 0.
 *
 * @returns `{ train: { x, y }, test: { x, y }, classNames }`
 * @throws ArgumentError for an unknown option or a value out of range.
 * @example
 * const { test } = await datasets.gaussians({ count: 20, noise: 0 });
 * test.x.array(); // => [[-0.5, -0.5], [0.5, 0.5], [-0.5, -0.5], [0.5, 0.5]]
 * test.y.array(); // => [0, 1, 0, 1]
 */
export const gaussians = definePoints({
  kind: "gaussians",
  title: { en: "Gaussian blobs", zh: "两团高斯点" },
  description: {
    en: "Two round clusters that a straight line separates, except for a few points.",
    zh: "两团圆形的点，除少数点外可用一条直线分开。",
  },
  noise: 0.25,
  classNames: ["lower left", "upper right"],
  place(index) {
    const upper = index % 2;
    return [upper - 0.5, upper - 0.5, upper];
  },
});

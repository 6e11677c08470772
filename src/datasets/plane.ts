import { definePoints } from "./drawPoints";

/**
 * A regression in the plane: the value $(x_0 + x_1) / 2$ for points in the square from -1 to 1.
 *
 * x is float32 `[n, 2]`, y float32 `[n, 1]` in [-1, 1], plus noise. Four fifths of the points are for training.
 * Defaults: `count` 500, `noise` 0.05, `seed` 0.
 *
 * @returns `{ train: { x, y }, test: { x, y }, classNames }`; `classNames` is empty
 * @throws ArgumentError for an unknown option or a value out of range.
 * @example
 * const { train } = await datasets.plane({ count: 50, noise: 0 });
 * train.y.shape; // => [40, 1]
 * train.x.mean(1, true).sub(train.y).abs().max().item(); // => 0
 */
export const plane = definePoints({
  kind: "plane",
  title: { en: "Plane (regression)", zh: "平面（回归）" },
  description: {
    en: "A value that grows linearly across a square: the simplest regression.",
    zh: "在正方形上均匀变化的一个值，是最简单的回归问题。",
  },
  noise: 0.05,
  classNames: [],
  place(_, draw) {
    const x = draw.uniform(-1, 1);
    const y = draw.uniform(-1, 1);
    return [x, y, (x + y) / 2];
  },
});

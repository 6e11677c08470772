import { definePoints } from "./drawPoints";

/**
 * Points of two classes in the plane: two interleaving half circles of radius 1.
 *
 * A point of the upper one is $(\cos a - 0.5, \sin a - 0.25)$ and one of the lower one $(0.5 - \cos a, 0.25 - \sin a)$,
 * with $a$ uniform in $[0, \pi)$, plus normal noise. x is float32 `[n, 2]`, y int32 `[n]` with the classes 0 (upper)
 * and 1 (lower). Four fifths of the points are for training. Defaults: `count` 500, `noise` 0.1, `seed` 0.
 *
 * @returns `{ train: { x, y }, test: { x, y }, classNames }`
 * @throws ArgumentError for an unknown option or a value out of range.
 * @see scikit-learn, `make_moons`
 * @example
 * const { train, classNames } = await datasets.moons({ count: 100, seed: 1 });
 * train.x.shape; // => [80, 2]
 * train.y.sum().item(); // => 40
 * classNames; // => ["upper", "lower"]
 */
export const moons = definePoints({
  kind: "moons",
  title: { en: "Moons", zh: "双月" },
  description: {
    en: "Two interleaving half circles.",
    zh: "两个互相嵌入的半圆。",
  },
  noise: 0.1,
  classNames: ["upper", "lower"],
  place(index, draw) {
    const lower = index % 2;
    const angle = draw.uniform(0, Math.PI);
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    return lower ? [0.5 - x, 0.25 - y, 1] : [x - 0.5, y - 0.25, 0];
  },
});

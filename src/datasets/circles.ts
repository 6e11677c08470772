import { definePoints } from "./drawPoints";

/**
 * Points of two classes in the plane: a disc of radius 0.5 inside a ring from 0.7 to 1. No straight line separates
 * them.
 *
 * A point is $(r \cos a, r \sin a)$ with $a$ uniform in $[0, 2\pi)$ and $r$ uniform in $[0, 0.5)$ or $[0.7, 1)$, plus
 * normal noise. x is float32 `[n, 2]`, y int32 `[n]` with the classes 0 (inner) and 1 (outer). Four fifths of the
 * points are for training. Defaults: `count` 500, `noise` 0.05, `seed` 0.
 *
 * @returns `{ train: { x, y }, test: { x, y }, classNames }`
 * @throws ArgumentError for an unknown option or a value out of range.
 * @example
 * const { train, test, classNames } = await datasets.circles({ count: 100, noise: 0 });
 * [train.x.shape, test.x.shape]; // => [[80, 2], [20, 2]]
 * (await train.x.square().sum(1).max().item()) < 1.001; // => true
 * classNames; // => ["inner", "outer"]
 */
export const circles = definePoints({
  kind: "circles",
  title: { en: "Circles", zh: "同心圆" },
  description: {
    en: "A disc inside a ring: no straight line separates them.",
    zh: "圆盘外套一个圆环，任何直线都无法把两类分开。",
  },
  noise: 0.05,
  classNames: ["inner", "outer"],
  place(index, draw) {
    const outer = index % 2;
    const radius = outer ? draw.uniform(0.7, 1) : draw.uniform(0, 0.5);
    const angle = draw.uniform(0, 2 * Math.PI);
    return [radius * Math.cos(angle), radius * Math.sin(angle), outer];
  },
});

import { definePoints } from "./drawPoints";

const turns = 1.75;

/**
 * Points of two classes in the plane: two arms that wind around each other 1.75 times, out to radius 1.
 *
 * A point of arm $k$ has radius $r = \sqrt{u}$ with $u$ uniform in $[0, 1)$ and angle $2 \pi \cdot 1.75 \, r + \pi k$,
 * plus normal noise. x is float32 `[n, 2]`, y int32 `[n]` with the classes 0 and 1. Four fifths of the points are for
 * training. Defaults: `count` 500, `noise` 0.02, `seed` 0.
 *
 * @returns `{ train: { x, y }, test: { x, y }, classNames }`
 * @throws ArgumentError for an unknown option or a value out of range.
 * @example
 * const { train, classNames } = await datasets.spiral({ count: 100, noise: 0 });
 * train.x.shape; // => [80, 2]
 * (await train.x.square().sum(1).max().item()) < 1.001; // => true
 * classNames; // => ["first arm", "second arm"]
 */
export const spiral = definePoints({
  kind: "spiral",
  title: { en: "Spiral", zh: "螺旋" },
  description: {
    en: "Two arms that wind around each other: the hardest of the point sets.",
    zh: "两条互相缠绕的螺旋臂，是其中最难的一个。",
  },
  noise: 0.02,
  classNames: ["first arm", "second arm"],
  place(index, draw) {
    const arm = index % 2;
    // The square root spreads the points evenly along an arm, which gets longer outwards.
    const radius = Math.sqrt(draw.uniform());
    const angle = 2 * Math.PI * turns * radius + Math.PI * arm;
    return [radius * Math.cos(angle), radius * Math.sin(angle), arm];
  },
});

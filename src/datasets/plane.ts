import { definePoints } from "./drawPoints";

/** A quantity that grows evenly along the diagonal: (x0 + x1) / 2, in [-1, 1]. */
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

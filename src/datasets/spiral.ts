import { definePoints } from "./drawPoints";

const turns = 1.75;

/** Two arms that wind around each other, out to radius 1. */
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
    // The root spreads the points evenly along an arm, which grows longer outwards.
    const radius = Math.sqrt(draw.uniform());
    const angle = 2 * Math.PI * turns * radius + Math.PI * arm;
    return [radius * Math.cos(angle), radius * Math.sin(angle), arm];
  },
});

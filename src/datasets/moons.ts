import { definePoints } from "./drawPoints";

/** Two half circles of radius 1 that reach into each other. */
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

import { definePoints } from "./drawPoints";

/** Two normal clouds around (-0.5, -0.5) and (0.5, 0.5); `noise` is their deviation. */
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

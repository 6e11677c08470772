import { definePoints } from "./drawPoints";

/** A disc of radius 0.5 inside a ring from 0.7 to 1. */
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

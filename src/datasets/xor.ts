import { definePoints } from "./drawPoints";

/** Points of the square from -1 to 1, by whether their coordinates have the same sign. */
export const xor = definePoints({
  kind: "xor",
  title: { en: "XOR", zh: "异或" },
  description: {
    en: "Opposite quarters of a square share a class, which a single layer cannot learn.",
    zh: "正方形对角的两块属于同一类，单独一层无法学会。",
  },
  noise: 0.05,
  classNames: ["same sign", "other sign"],
  place(index, draw) {
    const other = index % 2;
    const x = draw.uniform(0, 1);
    const y = draw.uniform(0, 1);
    const side = draw.uniform() < 0.5 ? -1 : 1;
    return [side * x, (other ? -side : side) * y, other];
  },
});

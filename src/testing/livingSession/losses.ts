/** Requirements of each loss on labels and predictions. */
import { sizeOf } from "../../base/shape";
import type { losses } from "../../index";
import type { Draw } from "./draw";

export type Truth = "classes" | "one hot" | "distributions" | "bits" | "signs" | "counts" | "far from zero" | "reals";
export type Head = "linear" | "softmax" | "sigmoid" | "softplus";

/** A new loss is a type error here until its requirements are declared. */
export const lossNeeds: Readonly<Record<keyof typeof losses, { truth: Truth; head: Head }>> = {
  binaryCrossentropy: { truth: "bits", head: "sigmoid" },
  categoricalCrossentropy: { truth: "one hot", head: "softmax" },
  categoricalHinge: { truth: "one hot", head: "linear" },
  cosineSimilarity: { truth: "reals", head: "linear" },
  hinge: { truth: "signs", head: "linear" },
  huber: { truth: "reals", head: "linear" },
  klDivergence: { truth: "distributions", head: "softmax" },
  logCosh: { truth: "reals", head: "linear" },
  meanAbsoluteError: { truth: "reals", head: "linear" },
  meanAbsolutePercentageError: { truth: "far from zero", head: "linear" },
  meanSquaredError: { truth: "reals", head: "linear" },
  meanSquaredLogarithmicError: { truth: "counts", head: "softplus" },
  poisson: { truth: "counts", head: "softplus" },
  sparseCategoricalCrossentropy: { truth: "classes", head: "softmax" },
  squaredHinge: { truth: "bits", head: "linear" },
};

const values: Readonly<Record<Exclude<Truth, "classes" | "one hot" | "distributions">, (draw: Draw) => number>> = {
  bits: (draw) => draw.whole(0, 1),
  signs: (draw) => (draw.chance(0.5) ? 1 : -1),
  counts: (draw) => draw.whole(0, 4),
  "far from zero": (draw) => draw.between(0.5, 2) * (draw.chance(0.5) ? 1 : -1),
  reals: (draw) => draw.normal(),
};

export interface Numbers {
  dtype: "float32" | "int32";
  shape: number[];
  values: number[];
}

/** Draws labels for predictions of this shape. */
export function drawTruth(truth: Truth, shape: number[], draw: Draw): Numbers {
  const width = shape.at(-1)!;
  const count = sizeOf(shape) / width;
  if (truth === "classes") {
    const classes = Array.from({ length: count }, () => draw.whole(0, width - 1));
    return { dtype: "int32", shape: shape.slice(0, -1), values: classes };
  }
  if (truth === "one hot" || truth === "distributions") {
    const rows = Array.from({ length: count }, () => {
      if (truth === "distributions") return shares(width, draw);
      const one = draw.whole(0, width - 1);
      return Array.from({ length: width }, (_, index) => Number(index === one));
    });
    return { dtype: "float32", shape, values: rows.flat() };
  }
  return { dtype: "float32", shape, values: Array.from({ length: sizeOf(shape) }, () => values[truth](draw)) };
}

function shares(width: number, draw: Draw): number[] {
  const parts = Array.from({ length: width }, () => draw.between(0.1, 1));
  const sum = parts.reduce((total, part) => total + part, 0);
  return parts.map((part) => part / sum);
}

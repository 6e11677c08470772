import { keyOf, permutation } from "../base/random";
import { tensor } from "../tensor/creation";
import { defineDataset, type Examples, seedField } from "./dataset";
import { readIdxAsset } from "./readIdxAsset";

const features = 4;

/**
 * 150 flowers of three species, shuffled by `seed`: 120 to train with and 30 to
 * test. x float32 [n, 4]: length and width of sepal and petal in cm; y int32 [n].
 */
export const iris = defineDataset<{ seed: number }>(
  {
    kind: "iris",
    title: { en: "Iris", zh: "鸢尾花" },
    description: {
      en: "Four measurements of 150 iris flowers of three species, in centimetres.",
      zh: "三种鸢尾花共 150 朵，每朵四个长度，单位为厘米。",
    },
    source: "R. A. Fisher, The use of multiple measurements in taxonomic problems, 1936. CC BY 4.0 (UCI).",
    exampleShape: [4],
    fields: [seedField],
  },
  async ({ seed }, device) => {
    const [lengths, labels] = await Promise.all([readIdxAsset("iris-lengths"), readIdxAsset("iris-labels")]);
    const order = permutation(keyOf(seed), labels.data.length);
    const part = (rows: Int32Array): Examples => {
      // The file holds whole millimetres.
      const length = (_: unknown, i: number) =>
        Number(lengths.data[rows[Math.floor(i / features)]! * features + (i % features)]) / 10;
      const x = Float32Array.from({ length: rows.length * features }, length);
      const y = Int32Array.from(rows, (row) => Number(labels.data[row]));
      return { x: tensor(x, { shape: [rows.length, features], device }), y: tensor(y, { device }) };
    };
    return {
      train: part(order.subarray(0, 120)),
      test: part(order.subarray(120)),
      classNames: ["setosa", "versicolor", "virginica"],
    };
  },
);

import { keyOf, permutation } from "../base/randomKeys";
import { tensor } from "../tensor/creation";
import { defineDataset, type Examples, seedField } from "./dataset";
import { readIdxAsset } from "./readIdxAsset";

const features = 4;

/**
 * 150 iris flowers of three species with four measurements each: 120 for training and 30 for testing.
 *
 * x is float32 `[n, 4]`: length and width of the sepals and of the petals in cm. y is int32 `[n]`. `seed` shuffles the
 * flowers before they are split; it defaults to 0.
 *
 * @returns `{ train: { x, y }, test: { x, y }, classNames }`
 * @throws ArgumentError for an unknown option or a value out of range.
 * @throws FormatError if a file did not arrive completely.
 * @see R. A. Fisher, The use of multiple measurements in taxonomic problems, 1936. CC BY 4.0 (UCI).
 * @example
 * const { train, test, classNames } = await datasets.iris();
 * [train.x.shape, test.x.shape]; // => [[120, 4], [30, 4]]
 * train.x.max().item(); // => 7.7
 * classNames; // => ["setosa", "versicolor", "virginica"]
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
      // The file stores integer millimetres.
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

import { keyOf, permutation } from "../base/randomKeys";
import { defineDataset, seedField } from "./dataset";
import { imageExamples } from "./imageExamples";
import { readIdxAsset } from "./readIdxAsset";

/**
 * 1,797 handwritten digits as 8 by 8 grey images in ten classes: 1,437 for training and 360 for testing.
 *
 * x is float32 `[n, 8, 8, 1]` from 0 (background) to 1 (ink), y int32 `[n]`. `seed` shuffles the digits before they are
 * split; it defaults to 0.
 *
 * @returns `{ train: { x, y }, test: { x, y }, classNames }`
 * @throws ArgumentError for an unknown option or a value out of range.
 * @throws FormatError if a file did not arrive completely.
 * @see E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI, 1998. CC BY 4.0.
 * @example
 * const { train, test } = await datasets.digits();
 * train.x.shape; // => [1437, 8, 8, 1]
 * test.y.shape; // => [360]
 * [train.x.min().item(), train.x.max().item()]; // => [0, 1]
 */
export const digits = defineDataset<{ seed: number }>(
  {
    kind: "digits",
    title: { en: "Handwritten digits", zh: "手写数字" },
    description: {
      en: "1,797 handwritten digits as 8 by 8 grey images: small enough for any machine.",
      zh: "1797 张 8×8 灰度手写数字图像，小到任何机器都能训练。",
    },
    source: "E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI, 1998. CC BY 4.0.",
    exampleShape: [8, 8, 1],
    fields: [seedField],
  },
  async ({ seed }, device) => {
    const [images, labels] = await Promise.all([readIdxAsset("digits-images"), readIdxAsset("digits-labels")]);
    const order = permutation(keyOf(seed), labels.data.length);
    const trainSize = Math.floor(order.length * 0.8);
    // In the source, a pixel is the number of inked pixels in a 4x4 square: 0 to 16.
    const part = (rows: Int32Array) => imageExamples({ images, labels }, rows, 16, device);
    return {
      train: part(order.subarray(0, trainSize)),
      test: part(order.subarray(trainSize)),
      classNames: Array.from("0123456789"),
    };
  },
);

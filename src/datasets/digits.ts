import { keyOf, permutation } from "../base/random";
import { defineDataset, seedField } from "./dataset";
import { imageExamples } from "./imageExamples";
import { readIdxAsset } from "./readIdxAsset";

/**
 * 1,797 handwritten digits of 8x8 pixels, shuffled by `seed`: 1,437 to train with
 * and 360 to test. x float32 [n, 8, 8, 1] in [0, 1], y int32 [n].
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
    // In the source a pixel counts the inked ones of a 4x4 square: 0 to 16.
    const part = (rows: Int32Array) => imageExamples({ images, labels }, rows, 16, device);
    return {
      train: part(order.subarray(0, trainSize)),
      test: part(order.subarray(trainSize)),
      classNames: Array.from("0123456789"),
    };
  },
);

import { type Key, keyOf, permutation, splitKey } from "../base/randomKeys";
import { defineDataset, seedField } from "./dataset";
import { imageExamples } from "./imageExamples";
import { readIdxAsset } from "./readIdxAsset";

/**
 * 7,000 grey images of clothes, 28 by 28 pixels, in ten classes of equal size: 6,000 for training and 1,000 for
 * testing. A subset of the 70,000 images of Fashion-MNIST.
 *
 * x is float32 `[n, 28, 28, 1]` from 0 to 1, y int32 `[n]`. `seed` shuffles each part; it defaults to 0.
 *
 * @returns `{ train: { x, y }, test: { x, y }, classNames }`
 * @throws ArgumentError for an unknown option or a value out of range.
 * @throws FormatError if a file did not arrive completely.
 * @see H. Xiao, K. Rasul and R. Vollgraf, Fashion-MNIST, arXiv:1708.07747, 2017. MIT.
 * @example
 * const { train, test, classNames } = await datasets.fashionMnist();
 * train.x.shape; // => [6000, 28, 28, 1]
 * test.y.shape; // => [1000]
 * classNames[9]; // => "Ankle boot"
 */
export const fashionMnist = defineDataset<{ seed: number }>(
  {
    kind: "fashionMnist",
    title: { en: "Fashion-MNIST", zh: "Fashion-MNIST 服饰图像" },
    description: {
      en: "7,000 pieces of clothing in ten classes as 28 by 28 grey images, a balanced subset of the original 70,000.",
      zh: "十类服饰的 28×28 灰度图像，共 7000 张，是原数据集 70000 张中类别均衡的一部分。",
    },
    source: "H. Xiao, K. Rasul and R. Vollgraf, Fashion-MNIST, arXiv:1708.07747, 2017. MIT.",
    exampleShape: [28, 28, 1],
    fields: [seedField],
  },
  async ({ seed }, device) => {
    const [trainKey, testKey] = splitKey(keyOf(seed)) as [Key, Key];
    const part = async (name: string, key: Key) => {
      const [images, labels] = await Promise.all([
        readIdxAsset(`fashion-mnist-${name}-images`),
        readIdxAsset(`fashion-mnist-${name}-labels`),
      ]);
      return imageExamples({ images, labels }, permutation(key, labels.data.length), 255, device);
    };
    const [train, test] = await Promise.all([part("train", trainKey), part("test", testKey)]);
    return {
      train,
      test,
      classNames: [
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
      ],
    };
  },
);

import { ArgumentError, ShapeError } from "../../base/errors";
import { formatShape } from "../../base/shape";
import type { ImagesSnapshot } from "../../protocol/protocol";
import { maxImageBytes, maxImages } from "../../protocol/sizes";
import { Operand } from "../../tensor/tensor";

/** Options of `images`. */
export interface ImagesOptions {
  /** True class of each image: integers `[count]`. Defaults to none. */
  labels?: Operand | readonly number[];
  /**
   * Predictions `[count, classes]`. Rows of probabilities are shown as they are; other rows are scores and go through
   * softmax. Defaults to none.
   */
  scores?: Operand;
  /** Names of the classes in order. Defaults to their numbers. */
  classNames?: readonly string[];
}

/** Images with labels and predictions, as returned by `images()`, to be shown or printed. */
export class Images {
  readonly pixels: Operand;
  readonly options: ImagesOptions;

  constructor(pixels: Operand, options: ImagesOptions) {
    this.pixels = pixels;
    this.options = options;
  }

  /**
   * Reads the current values; of very many images, only the first. Reading starts immediately, so the tensors may be
   * disposed after the call.
   */
  async snapshot(): Promise<ImagesSnapshot> {
    const [count, height, width, channels] = this.pixels.shape as [number, number, number, 1 | 3];
    const { labels = [], scores, classNames = [] } = this.options;
    const [pixels, known, said] = await Promise.all([
      this.pixels.data(),
      labels instanceof Operand ? labels.data() : labels,
      scores?.data(),
    ]);
    const shown = Math.min(count, maxImages, Math.floor(maxImageBytes / (height * width * channels)));
    const classes = scores?.shape[1] ?? 0;
    return {
      count: shown,
      height,
      width,
      channels,
      pixels: toBytes(pixels.subarray(0, shown * height * width * channels)),
      classNames: [...classNames],
      labels: Array.from(known.slice(0, shown)),
      probabilities: said
        ? Array.from({ length: shown }, (_, row) => [
            ...probabilitiesOf(Array.from(said.subarray(row * classes, (row + 1) * classes))),
          ])
        : [],
    };
  }

  toString(): string {
    const [count, height, width, channels] = this.pixels.shape;
    return `${count} images of ${height} x ${width}${channels === 3 ? " in colour" : ""}`;
  }
}

function toBytes(values: ArrayLike<number>): Uint8Array {
  // Rounds, and clamps: values below 0 and NaN become 0, values above 1 become 255.
  return Uint8Array.from(Uint8ClampedArray.from(values, (value) => value * 255));
}

/** Returns the probabilities of scores: unchanged if they are already in [0, 1] and sum to 1, as after a softmax. */
function probabilitiesOf(scores: number[]): number[] {
  const sum = scores.reduce((total, score) => total + score, 0);
  const areProbabilities = Math.abs(sum - 1) < 1e-3 && scores.every((score) => score >= 0 && score <= 1);
  return areProbabilities ? scores : softmax(scores);
}

function softmax(scores: readonly number[]): number[] {
  const max = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - max));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

function checkScores(count: number, scores: Operand): void {
  if (scores.shape.length === 2 && scores.shape[0] === count) return;
  throw new ShapeError({
    at: "images()",
    expected: `scores [${count}, classes]`,
    got: formatShape(scores.shape),
    remedy: "Pass the network's output for these images: net.call(x).",
  });
}

function checkLabels(count: number, labels: Operand | readonly number[]): void {
  const length = labels instanceof Operand ? labels.size : labels.length;
  if (length === count) return;
  throw new ArgumentError({ at: "images()", expected: `${count} labels`, got: `${length}` });
}

/**
 * Returns images to show under a cell, as its last value or through `print`, optionally with true classes and
 * predictions.
 *
 * At most 256 images are shown. Values below 0 or above 1 are clamped.
 *
 * @param x float32 `[count, height, width, 1]` (grey) or `[count, height, width, 3]` (colour), from 0 to 1
 * @param options `labels`, `scores` and `classNames`, all optional
 * @throws ShapeError for `x` or `scores` of another shape.
 * @throws ArgumentError for labels of another count.
 * @example
 * const pictures = images(zeros([2, 8, 8, 1]), { labels: [0, 1], classNames: ["cat", "dog"] });
 * String(pictures); // => "2 images of 8 x 8"
 */
export function images(x: Operand, options: ImagesOptions = {}): Images {
  const channels = x.shape[3];
  if (x.shape.length !== 4 || (channels !== 1 && channels !== 3)) {
    throw new ShapeError({
      at: "images()",
      expected: "x of shape [count, height, width, 1 or 3]",
      got: formatShape(x.shape),
      remedy: "Use reshape([count, height, width, 1]) for grey images.",
    });
  }
  if (options.scores) checkScores(x.shape[0]!, options.scores);
  if (options.labels) checkLabels(x.shape[0]!, options.labels);
  return new Images(x, options);
}

import { ArgumentError, ShapeError } from "../base/errors";
import { formatShape } from "../base/shape";
import { Operand } from "../tensor/tensor";
import type { ImagesSnapshot } from "./protocol";
import { maxImageBytes, maxImages } from "./sizes";

export interface ImagesOptions {
  /** The true class of each image: integers `[count]`. */
  labels?: Operand | readonly number[];
  /**
   * The network's outputs for the images, `[count, classes]`: probabilities are shown as they are, logits after
   * softmax.
   */
  scores?: Operand;
  /** The names of the classes, in order. */
  classNames?: readonly string[];
}

/** Images with labels and predictions, as created by `images()`, to be shown or printed. */
export class Images {
  readonly pixels: Operand;
  readonly options: ImagesOptions;

  constructor(pixels: Operand, options: ImagesOptions) {
    this.pixels = pixels;
    this.options = options;
  }

  /**
   * Takes a snapshot of the values, limited to the first images if there are very many. Reading starts at once, so the
   * tensors may be freed after the call.
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
  // Rounds and clamps to 0 to 255; NaN becomes 0.
  return Uint8Array.from(Uint8ClampedArray.from(values, (value) => value * 255));
}

/** Scores between 0 and 1 that add up to 1 are probabilities already: the model ends in softmax. */
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
 * Creates images for a cell to show.
 * @param x `[count, height, width, 1]` (grey) or `[count, height, width, 3]` (colour), values from 0 to 1
 * @throws ShapeError if shapes do not match
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

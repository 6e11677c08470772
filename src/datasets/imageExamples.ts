import type { FileTensor } from "../formats/fileFormat";
import { tensor } from "../tensor/creation";
import type { Examples } from "./dataset";

/** Grey images `[n, height, width]` and their classes `[n]`, as stored in files. */
export interface ImageFiles {
  images: FileTensor;
  labels: FileTensor;
}

/**
 * Returns the images of `rows`: x float32 `[rows, height, width, 1]` from 0 to 1, y int32 `[rows]`.
 * @param white the byte that becomes 1
 */
export function imageExamples(
  { images, labels }: ImageFiles,
  rows: Int32Array,
  white: number,
  device?: string,
): Examples {
  const [, height = 0, width = 0] = images.shape;
  const size = height * width;
  const pixels = new Float32Array(rows.length * size);
  const classes = new Int32Array(rows.length);
  rows.forEach((row, i) => {
    for (let at = 0; at < size; at++) pixels[i * size + at] = Number(images.data[row * size + at]) / white;
    classes[i] = Number(labels.data[row]);
  });
  return {
    x: tensor(pixels, { shape: [rows.length, height, width, 1], device }),
    y: tensor(classes, { device }),
  };
}

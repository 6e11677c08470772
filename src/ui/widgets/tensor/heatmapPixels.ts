import { colorOf, type DataColors } from "./dataColors";
import type { MatrixView } from "./matrixView";

/** Maximum number of pixels across or down before a heatmap pools blocks of values. */
const longestSide = 1024;

/** The number of values across and down that one pixel represents. */
export function poolingOf(view: MatrixView): number {
  return Math.max(1, Math.ceil(Math.max(view.rows, view.columns) / longestSide));
}

/**
 * RGBA, one pixel per block of `block` x `block` values: the one farthest from zero, so that a single strong weight
 * stays visible; values that are not finite take precedence. Positions past the end (a wrapped vector's last row) are
 * transparent.
 */
export function heatmapPixels(
  values: ArrayLike<number>,
  view: MatrixView,
  bound: number,
  colors: DataColors,
  block = 1,
): ImageData {
  const width = Math.ceil(view.columns / block);
  const height = Math.ceil(view.rows / block);
  const pixels = new Uint8ClampedArray(width * height * 4);
  const length = Math.min(values.length, view.size);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = strongest(values, length, view, x * block, y * block, block);
      if (value === undefined) continue;
      pixels.set([...colorOf(value, bound, colors), 255], (y * width + x) * 4);
    }
  }
  return new ImageData(pixels, width, height);
}

function strongest(
  values: ArrayLike<number>,
  length: number,
  view: MatrixView,
  column: number,
  row: number,
  block: number,
): number | undefined {
  let found: number | undefined;
  for (let y = row; y < Math.min(view.rows, row + block); y++) {
    for (let x = column; x < Math.min(view.columns, column + block); x++) {
      const position = y * view.columns + x;
      if (position >= length) continue;
      const value = values[position]!;
      if (!Number.isFinite(value)) return value;
      if (found === undefined || Math.abs(value) > Math.abs(found)) found = value;
    }
  }
  return found;
}

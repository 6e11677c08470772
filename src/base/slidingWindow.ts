/** Windows that slide over images `[batch, height, width, channels]`: their options and positions. */
import { ArgumentError, ShapeError } from "./errors";
import { formatShape, type PartialShape } from "./shape";

/** Two numbers for the height and the width; one number is used for both. */
export type Pair = number | readonly number[];
export type Two = readonly [number, number];

/** "same": as many zeros around the image as keep its size if strides are 1; "valid": none. */
export type Padding = "valid" | "same";

/** Options of convolutions. */
export interface WindowOptions {
  /** Steps from one position of the window to the next, down and to the right. Default 1. */
  strides?: Pair;
  /** "valid" for no padding, or "same" for zeros around the image. Default "valid". */
  padding?: Padding;
  /** Steps from one element of the window to the next. Default 1. */
  dilationRate?: Pair;
}

/** The part of a window that does not depend on the image: attributes of its op. */
export interface Window {
  readonly kernel: Two;
  readonly strides: Two;
  readonly dilation: Two;
  readonly padding: Padding;
}

/** @throws ArgumentError unless the value is one or two whole numbers >= 1. */
export function pairOf(at: string, name: string, value: Pair): Two {
  if (typeof value !== "number" && !Array.isArray(value)) {
    const got = value === null ? "null" : typeof value;
    throw new ArgumentError({ at, expected: `${name}: a whole number or a pair`, got });
  }
  const [first, second = first] = typeof value === "number" ? [value] : value;
  const valid = typeof value === "number" || value.length === 1 || value.length === 2;
  if (valid && [first, second].every((n) => Number.isInteger(n) && n! >= 1)) return [first!, second!];
  throw new ArgumentError({
    at,
    expected: `${name} that is a whole number >= 1, or two of them`,
    got: JSON.stringify(value),
  });
}

/** @throws ArgumentError for an invalid size, stride, dilation rate or padding. */
export function windowOf(at: string, kernel: Pair, defaultStrides: Pair, options: WindowOptions = {}): Window {
  const { strides = defaultStrides, padding = "valid", dilationRate = 1 } = options;
  if (padding !== "valid" && padding !== "same")
    throw new ArgumentError({ at, expected: 'padding "valid" or "same"', got: JSON.stringify(padding) });
  return {
    kernel: pairOf(at, "a window size", kernel),
    strides: pairOf(at, "strides", strides),
    dilation: pairOf(at, "a dilation rate", dilationRate),
    padding,
  };
}

/** Returns the number of positions along one side, and the padding before the first, by TensorFlow's rule. */
export function windowAlong(
  length: number,
  side: 0 | 1,
  { kernel, strides, dilation, padding }: Window,
): [number, number] {
  const reach = (kernel[side] - 1) * dilation[side] + 1;
  const stride = strides[side];
  if (padding === "valid") return [Math.max(0, Math.floor((length - reach) / stride) + 1), 0];
  const places = Math.ceil(length / stride);
  return [places, Math.max(0, (places - 1) * stride + reach - length) >> 1];
}

/** Returns the height and width of the result; `null` stands for any length. */
export function windowPositions(lengths: readonly (number | null)[], window: Window): (number | null)[] {
  return lengths.map((length, side) => length && windowAlong(length, side as 0 | 1, window)[0]);
}

/**
 * @throws ShapeError if the window has no position in images with at least one pixel.
 * @param positions height and width of the result
 */
export function checkWindowFits(
  at: string,
  image: PartialShape,
  window: Window,
  positions: readonly (number | null)[],
): void {
  if (!positions.includes(0) || image[1] === 0 || image[2] === 0) return;
  const reach = window.kernel.map((length, side) => (length - 1) * window.dilation[side]! + 1);
  throw new ShapeError({
    at,
    expected: `images of at least ${reach.join(" x ")}`,
    got: formatShape(image),
    remedy: 'Use a smaller window or padding "same".',
  });
}

/** Checks of the inputs and sizes of blocks. */
import { ArgumentError, ShapeError } from "../../base/errors";
import { formatShape, type PartialShape } from "../../base/shape";

/** Expected shape as error messages print it: a word matches any length, a number only itself. */
type Expected = readonly (string | number)[];

/** Returns the expected shape of images, channels last, with any or a given number of channels. */
export function imageShape(channels: number | "channels" = "channels"): Expected {
  return ["batch", "height", "width", channels];
}

/**
 * Checks the rank of an input, and the lengths that are given as numbers.
 * @throws ShapeError if one of them differs
 */
export function checkInput(at: string, shape: PartialShape, expected: Expected): void {
  const fits = (length: string | number, axis: number) =>
    typeof length === "string" || shape[axis] === null || shape[axis] === length;
  if (shape.length === expected.length && expected.every(fits)) return;
  const remedy =
    shape.length === expected.length ? "It was built for that: give it such an input, or make a new layer." : undefined;
  throw new ShapeError({ at, expected: `input [${expected.join(", ")}]`, got: formatShape(shape), remedy });
}

/**
 * Returns the length of the last axis, which decides the shapes of weights.
 * @throws ShapeError if it is not known
 */
export function widthOf(at: string, shape: PartialShape): number {
  const width = shape.at(-1);
  if (typeof width === "number") return width;
  throw new ShapeError({ at, expected: "input [..., in]", got: formatShape(shape) });
}

/**
 * Checks that a size is a whole number >= 1.
 * @throws ArgumentError if it is not
 */
export function checkCount(at: string, name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw new ArgumentError({ at, expected: `a whole number of ${name} >= 1`, got: String(value) });
}

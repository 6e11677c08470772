/** Checks of what a block is called with. */
import { ArgumentError, ShapeError } from "../base/errors";
import { formatShape, type PartialShape } from "../base/shape";

/** As error messages have it: words stand for any length, numbers for themselves. */
type Expected = readonly (string | number)[];

/** Images, channels last; with a number, of so many channels. */
export function images(channels: number | "channels" = "channels"): Expected {
  return ["batch", "height", "width", channels];
}

/** @throws ShapeError unless the shape has the rank, and the lengths where they are numbers. */
export function checkInput(at: string, shape: PartialShape, expected: Expected): void {
  const fits = (length: string | number, axis: number) =>
    typeof length === "string" || shape[axis] === null || shape[axis] === length;
  if (shape.length === expected.length && expected.every(fits)) return;
  const remedy =
    shape.length === expected.length ? "It was built for that: give it such an input, or make a new layer." : undefined;
  throw new ShapeError({ at, expected: `input [${expected.join(", ")}]`, got: formatShape(shape), remedy });
}

/** The length of the last axis, which weights are made for. @throws ShapeError if it is not known. */
export function widthOf(at: string, shape: PartialShape): number {
  const width = shape.at(-1);
  if (typeof width === "number") return width;
  throw new ShapeError({ at, expected: "input [..., in]", got: formatShape(shape) });
}

/** @throws ArgumentError unless it is a whole number >= 1. */
export function checkCount(at: string, name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw new ArgumentError({ at, expected: `a whole number of ${name} >= 1`, got: String(value) });
}

import type { DType } from "./dtype";
import { type Shape, sizeOf } from "./shape";

/** Above this number of elements, each axis shows only its first and last three indices. */
const maxElements = 1000;
const edge = 3;

type Format = (value: number) => string;

/** Chooses one format for all values, so that columns line up: integers, four decimals or an exponent. */
function chooseFormat(values: ArrayLike<number>, dtype: DType): Format {
  if (dtype === "bool") return (value) => (value ? "true" : "false");
  const finite = Array.from(values)
    .filter((value) => Number.isFinite(value) && value !== 0)
    .map(Math.abs);
  if (finite.every(Number.isInteger)) return String;
  const largest = Math.max(...finite.slice(0, 10_000));
  const smallest = Math.min(...finite.slice(0, 10_000));
  const exponent = largest >= 1e6 || smallest < 1e-4;
  return (value) => {
    if (!Number.isFinite(value)) return String(value);
    return exponent ? value.toExponential(4) : value.toFixed(4);
  };
}

/** Returns the indices of an axis to show; null marks the omitted ones. */
function shownIndices(length: number, all: boolean): (number | null)[] {
  const indices = Array.from({ length }, (_, index) => index);
  return all || length <= 2 * edge ? indices : [...indices.slice(0, edge), null, ...indices.slice(-edge)];
}

/** Formats values in nested brackets, with one line for each row of the last axis. */
export function formatTensor(shape: Shape, dtype: DType, values: ArrayLike<number>): string {
  const all = sizeOf(shape) <= maxElements;
  const shown: number[] = [];
  const collect = (axis: number, offset: number): void => {
    if (axis === shape.length) return void shown.push(values[offset]!);
    for (const index of shownIndices(shape[axis]!, all)) {
      if (index !== null) collect(axis + 1, offset * shape[axis]! + index);
    }
  };
  collect(0, 0);
  const format = chooseFormat(shown, dtype);
  const width = Math.max(0, ...shown.map((value) => format(value).length));
  const write = (axis: number, offset: number): string => {
    if (axis === shape.length) return format(values[offset]!).padStart(shape.length === 0 ? 0 : width);
    const parts = shownIndices(shape[axis]!, all).map((index) =>
      index === null ? "..." : write(axis + 1, offset * shape[axis]! + index),
    );
    const breaks = "\n".repeat(Math.max(1, shape.length - axis - 1));
    const separator = axis === shape.length - 1 ? ", " : `,${breaks}${" ".repeat(axis + 1)}`;
    return `[${parts.join(separator)}]`;
  };
  return write(0, 0);
}

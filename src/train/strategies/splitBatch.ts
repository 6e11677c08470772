import { ArgumentError, ShapeError } from "../../base/errors";
import { formatShape } from "../../base/shape";
import "../../tensor/ops/methods";
import type { Operand, Tensor } from "../../tensor/tensor";

/** One device's part of a batch. */
export interface BatchPart {
  device: string;
  /** Its fraction of the rows. All shares sum to 1. */
  share: number;
  inputs: Tensor[];
  /** Frees the copies. */
  dispose(): void;
}

/** Returns the number of rows, the length of the first axis. */
function examplesIn(data: readonly Operand[], at: string): number {
  const [first] = data;
  if (!first) throw new ArgumentError({ at, expected: "a list of tensors, such as [X, y]", got: "an empty list" });
  const count = first.shape[0] ?? 0;
  const other = data.find((x) => x.shape[0] !== count);
  if (count > 0 && !other) return count;
  throw new ShapeError({
    at,
    expected: "tensors with the same number of rows, at least one",
    got: `${formatShape(first.shape)}${other ? ` and ${formatShape(other.shape)}` : ""}`,
  });
}

/**
 * Splits tensors `[n, ...]` along their first axis as evenly as possible, one part per device: the first parts may have
 * one more row. If there are fewer rows than devices, the last devices get no part.
 * @throws ShapeError if the tensors differ in the number of rows or have none.
 */
export function splitBatch(data: readonly Operand[], devices: readonly string[], at: string): BatchPart[] {
  const count = examplesIn(data, at);
  const parts = Math.min(count, devices.length);
  let start = 0;
  return devices.slice(0, parts).map((device, index) => {
    const end = start + Math.floor(count / parts) + (index < count % parts ? 1 : 0);
    const made: Tensor[] = [];
    const inputs = data.map((x) => slicePart(x.asTensor(), start, end, device, made));
    const share = (end - start) / count;
    start = end;
    return { device, share, inputs, dispose: () => made.forEach((tensor) => tensor.dispose()) };
  });
}

/** Returns the rows from `start` to `end` on a device. Tensors created for this are added to `made`. */
function slicePart(x: Tensor, start: number, end: number, device: string, made: Tensor[]): Tensor {
  const whole = start === 0 && end === x.shape[0];
  const part = whole ? x : x.slice([start], [end]);
  const copy = part.to(device);
  if (part !== x) made.push(part);
  if (copy !== part) made.push(copy);
  return copy;
}

/** Detects results that are composed of parts of rows: `concat`, and `pad` along one axis. */
import type { ElementLoop, InsertLoop } from "../../device/form";
import type { ConcatOperands, ValueId } from "../../device/program";
import type { Shader } from "../../device/shader";
import type { Tensor } from "../../tensor/tensor";

interface Dispatched {
  readonly shader: Shader;
  readonly inputs: readonly Tensor[];
  readonly result: Tensor;
  readonly uniforms: unknown;
}

/** Columns `begin` to `end` of a row, from a tensor or from a loop without inputs. */
interface ConcatPart {
  readonly from: Tensor | ElementLoop;
  readonly begin: number;
  readonly end: number;
}

export interface ConcatRows {
  /** Elements per row. */
  readonly length: number;
  /** From left to right, without gaps. */
  readonly parts: readonly ConcatPart[];
}

/** Maximum number of operands that one statement composes, each of which is a branch in its code. */
const maxConcatOperands = 32;

interface Columns {
  /** Elements per row. */
  readonly length: number;
  readonly begin: number;
  readonly end: number;
}

/**
 * Returns the columns that a placed tensor occupies in all rows of a result; undefined if it does not have that form.
 */
function columnsOf({ shape, strides, offset }: InsertLoop, size: number): Columns | undefined {
  const isLine = shape.length === 0 || (shape.length === 1 && strides[0] === 1);
  const [rows, width, length] = isLine ? [1, shape[0] ?? 1, size] : [shape[0]!, shape[1] ?? 1, strides[0]!];
  const isRows = isLine || shape.length === 1 || (shape.length === 2 && strides[1] === 1);
  if (!isRows || rows * length !== size || offset + width > length) return undefined;
  return { length, begin: offset, end: offset + width };
}

/** Returns the parts of rows that dispatches into one result compose, if they do nothing else. */
export function concatRowsOf(dispatches: readonly Dispatched[]): ConcatRows | undefined {
  const loops = dispatches.map(({ shader, uniforms }) => shader.form?.(uniforms));
  const [first] = loops;
  const fill = first?.kind === "elements" && dispatches[0]!.inputs.length === 0 ? first : undefined;
  const places = fill ? loops.slice(1) : loops;
  if (places.length === 0 || !places.every((loop): loop is InsertLoop => loop?.kind === "insert")) return undefined;
  const { size } = dispatches[0]!.result;
  const columns = places.map((place) => columnsOf(place, size));
  const length = columns[0]?.length;
  if (length === undefined || !columns.every((one) => one?.length === length)) return undefined;
  const placed = columns.map((one, k) => ({ ...one!, from: dispatches[k + (fill ? 1 : 0)]!.inputs[0]! }));
  return withFill(placed, length, fill);
}

/** Returns the parts in order, with gaps filled; undefined if two overlap or there is no fill for a gap. */
function withFill(
  placed: readonly ConcatPart[],
  length: number,
  fill: ElementLoop | undefined,
): ConcatRows | undefined {
  const parts: ConcatPart[] = [];
  let at = 0;
  for (const part of placed.toSorted((a, b) => a.begin - b.begin)) {
    if (part.begin < at || (part.begin > at && !fill)) return undefined;
    if (part.begin > at) parts.push({ from: fill!, begin: at, end: part.begin });
    parts.push(part);
    at = part.end;
  }
  if (at < length && !fill) return undefined;
  return { length, parts: at < length ? [...parts, { from: fill!, begin: at, end: length }] : parts };
}

/** Composes parts, at most `maxConcatOperands` at a time. `add` returns the value of a composition. */
export function concatInGroups(
  length: number,
  list: ConcatOperands["list"],
  add: (parts: ConcatOperands) => ValueId,
): ValueId {
  if (list.length <= maxConcatOperands) return add({ length, list });
  const groups: { value: ValueId; end: number }[] = [];
  for (let k = 0; k < list.length; k += maxConcatOperands) {
    const begin = list[k - 1]?.end ?? 0;
    const group = list.slice(k, k + maxConcatOperands).map(({ value, end }) => ({ value, end: end - begin }));
    const { end } = group.at(-1)!;
    groups.push({ value: add({ length: end, list: group }), end: begin + end });
  }
  return concatInGroups(length, groups, add);
}

/** Results that are put together from parts of each row: what `concat` gives, and `pad` along one axis. */
import type { ElementLoop, PlaceLoop } from "../device/form";
import type { Parts, ValueId } from "../device/program";
import type { Shader } from "../device/shader";
import type { Tensor } from "../tensor/tensor";

interface Dispatched {
  readonly shader: Shader;
  readonly inputs: readonly Tensor[];
  readonly result: Tensor;
  readonly uniforms: unknown;
}

/** Columns from `begin` to `end`: those of a tensor, or what a loop without inputs gives everywhere. */
interface RowPart {
  readonly from: Tensor | ElementLoop;
  readonly begin: number;
  readonly end: number;
}

export interface Rows {
  /** Elements of a row. */
  readonly length: number;
  /** From the left, without gaps. */
  readonly parts: readonly RowPart[];
}

/** Operands that one statement puts together at most: each is a branch of its text. */
const mostParts = 32;

interface Columns {
  /** Elements of a row. */
  readonly length: number;
  readonly begin: number;
  readonly end: number;
}

/** The columns that a placed tensor takes of all rows of a result; undefined where it takes no such part. */
function columnsOf({ shape, strides, offset }: PlaceLoop, size: number): Columns | undefined {
  const isLine = shape.length === 0 || (shape.length === 1 && strides[0] === 1);
  const [rows, width, length] = isLine ? [1, shape[0] ?? 1, size] : [shape[0]!, shape[1] ?? 1, strides[0]!];
  const isRows = isLine || shape.length === 1 || (shape.length === 2 && strides[1] === 1);
  if (!isRows || rows * length !== size || offset + width > length) return undefined;
  return { length, begin: offset, end: offset + width };
}

/** What dispatches into one result put together, if that is all that they do. */
export function rowsOf(dispatches: readonly Dispatched[]): Rows | undefined {
  const loops = dispatches.map(({ shader, uniforms }) => shader.form?.(uniforms));
  const [first] = loops;
  const fill = first?.kind === "elements" && dispatches[0]!.inputs.length === 0 ? first : undefined;
  const places = fill ? loops.slice(1) : loops;
  if (places.length === 0 || !places.every((loop): loop is PlaceLoop => loop?.kind === "place")) return undefined;
  const { size } = dispatches[0]!.result;
  const columns = places.map((place) => columnsOf(place, size));
  const length = columns[0]?.length;
  if (length === undefined || !columns.every((one) => one?.length === length)) return undefined;
  const placed = columns.map((one, k) => ({ ...one!, from: dispatches[k + (fill ? 1 : 0)]!.inputs[0]! }));
  return filled(placed, length, fill);
}

/** Parts in order, with those between them; undefined where two overlap, or nothing is there for what is between. */
function filled(placed: readonly RowPart[], length: number, fill: ElementLoop | undefined): Rows | undefined {
  const parts: RowPart[] = [];
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

/** Puts parts together by `mostParts` at a time; `add` gives the value of some that are. */
export function joinParts(length: number, list: Parts["list"], add: (parts: Parts) => ValueId): ValueId {
  if (list.length <= mostParts) return add({ length, list });
  const groups: { value: ValueId; end: number }[] = [];
  for (let k = 0; k < list.length; k += mostParts) {
    const begin = list[k - 1]?.end ?? 0;
    const group = list.slice(k, k + mostParts).map(({ value, end }) => ({ value, end: end - begin }));
    const { end } = group.at(-1)!;
    groups.push({ value: add({ length: end, list: group }), end: begin + end });
  }
  return joinParts(length, groups, add);
}

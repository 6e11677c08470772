/** Draws values for the fields of a kind from its `info`. */
import type { FieldInfo, Json, KindInfo } from "../../base/info";
import { sizeOf } from "../../base/shape";
import { initializerMakers } from "./build";
import type { Draw } from "./draw";
import type { DrawnCall } from "./casePlans";

const initializerNames = Object.keys(initializerMakers);

/** Returns the largest integer to draw: windows and strides stay small, widths need not. */
function largest({ default: from }: FieldInfo): number {
  if (typeof from !== "number") return 4;
  return from <= 1 ? 2 : from <= 3 ? 3 : 11;
}

function drawNumber({ default: from, min = -1, max = 1 }: FieldInfo, draw: Draw): number {
  if (from === null || from === undefined || from === 0) return draw.between(Math.max(0, min), Math.min(0.5, max));
  return Math.min(max === 1 && from !== 1 ? 0.999 : Infinity, (from as number) * draw.between(0.6, 1.05));
}

/** Returns lengths whose product is `size`, one of them sometimes -1, to be inferred. */
function drawShape(size: number, draw: Draw): number[] {
  const lengths: number[] = [];
  let left = size;
  for (const factor of [2, 3, 5, 7]) {
    if (left % factor !== 0 || lengths.length === 2 || draw.chance(0.4)) continue;
    lengths.push(factor);
    left /= factor;
  }
  lengths.push(left);
  if (draw.chance(0.4)) lengths[draw.whole(0, lengths.length - 1)] = -1;
  return lengths;
}

/** @throws Error for a type of field that is not implemented here */
export function drawField(field: FieldInfo, draw: Draw, shape: readonly number[]): Json {
  if (field.options) return draw.pick(field.options);
  if (field.type === "integer") return draw.whole(field.min ?? 0, Math.min(field.max ?? Infinity, largest(field)));
  if (field.type === "number") return drawNumber(field, draw);
  if (field.type === "boolean") return draw.chance(0.5);
  if (field.type === "initializer") return draw.chance(0.7) ? field.default! : draw.pick(initializerNames);
  if (field.type === "shape") return drawShape(sizeOf(shape), draw);
  throw new Error(`Cannot draw a field of type ${field.type} (${field.name}): extend livingSession/drawFields.ts.`);
}

/** Draws values for a random subset of a kind's options, except those in `without`. */
export function drawOptions(
  { fields }: Pick<KindInfo, "fields">,
  draw: Draw,
  { shape = [], without = [], share = 0.4 }: { shape?: readonly number[]; without?: string[]; share?: number } = {},
): { [name: string]: Json } {
  const given = fields.filter(({ name, positional }) => !positional && name !== "name" && !without.includes(name));
  return Object.fromEntries(
    given.flatMap((field) => (draw.chance(share) ? [[field.name, drawField(field, draw, shape)]] : [])),
  );
}

/** Draws a call of a kind: positional arguments, then options. */
export function drawCall(
  info: KindInfo,
  draw: Draw,
  shape: readonly number[],
  fixed: { [name: string]: Json },
): DrawnCall {
  const positional = info.fields.filter((field) => field.positional);
  const args = positional.map((field) => fixed[field.name] ?? drawField(field, draw, shape));
  const options = drawOptions(info, draw, { shape, without: Object.keys(fixed) });
  const known = info.fields.filter(({ name, positional: first }) => !first && name in fixed);
  for (const { name } of known) options[name] = fixed[name]!;
  return { kind: info.kind, args: Object.keys(options).length > 0 ? [...args, options] : args };
}

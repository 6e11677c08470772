/** Adds up the terms of a gradient. Gradients of adjacent slices are concatenated instead of added. */
import { zeros } from "./creation";
import { concat } from "./ops/concat";
import { pad, type PadAttributes } from "./ops/pad";
import type { Tensor } from "./tensor";

/** A gradient that is 0 except from `begin` to `end` along one axis. */
interface PaddedStrip {
  readonly inside: Tensor;
  readonly axis: number;
  readonly begin: number;
  readonly end: number;
}

/** Returns a recorded tensor as a strip if it was padded with 0 along one axis. */
function stripOf({ node, shape }: Tensor): PaddedStrip | undefined {
  if (node?.op !== pad.op) return undefined;
  const { widths, value } = node.attributes as PadAttributes;
  const axes = shape.flatMap((_, axis) => (widths[axis]!.some((width) => width > 0) ? [axis] : []));
  if (axes.length !== 1 || value !== 0) return undefined;
  const [axis] = axes as [number];
  const [before, after] = widths[axis]!;
  return { inside: node.inputs[0]!, axis, begin: before, end: shape[axis]! - after };
}

/** True if a strip has the axis of others and overlaps none of them. */
function isDisjoint({ axis, begin, end }: PaddedStrip, others: readonly PaddedStrip[]): boolean {
  return others.every((other) => other.axis === axis && (end <= other.begin || other.end <= begin));
}

/** Joins strips into one tensor, with 0 between them. */
function concatStrips(strips: readonly PaddedStrip[], { shape, device }: Tensor): Tensor {
  const { axis } = strips[0]!;
  const gap = (length: number) => zeros(shape.with(axis, length), { device });
  const parts: Tensor[] = [];
  let at = 0;
  for (const { inside, begin, end } of strips.toSorted((a, b) => a.begin - b.begin)) {
    if (begin > at) parts.push(gap(begin - at));
    parts.push(inside);
    at = end;
  }
  if (at < shape[axis]!) parts.push(gap(shape[axis]! - at));
  return concat(parts, axis);
}

/**
 * Returns the sum of gradients, in their order. Consecutive gradients of disjoint slices become one tensor: each
 * element has only one nonzero term, so a sequence of n steps costs as much as its elements, not n times as much.
 */
export function sumOfParts(parts: readonly Tensor[]): Tensor {
  const groups: { first: Tensor; strips: PaddedStrip[] }[] = [];
  for (const part of parts) {
    const strip = stripOf(part);
    const last = groups.at(-1)?.strips ?? [];
    if (strip && last.length > 0 && isDisjoint(strip, last)) last.push(strip);
    else groups.push({ first: part, strips: strip ? [strip] : [] });
  }
  return groups
    .map(({ first, strips }) => (strips.length > 1 ? concatStrips(strips, first) : first))
    .reduce((sum, part) => sum.add(part));
}

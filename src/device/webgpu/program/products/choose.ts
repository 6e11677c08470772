/** Which variants a product may have, before anything is timed: small blocks compile sooner, large ones read less. */
import { sizeOf } from "../../../../base/shape";
import type { ProductLoop } from "../../../form";
import { deep } from "./deep";
import { registers } from "./registers";
import { single } from "./single";
import { tile } from "./tile";
import { type ProductVariant, workOfProduct } from "./variant";

/** What of an adapter matters for products. */
export interface ProductTarget {
  /** True for an adapter that computes on the CPU. */
  readonly software: boolean;
  readonly subgroups: boolean;
  /** True where the compiler fuses nothing: there a program may take another's place in the middle of a run. */
  readonly exact: boolean;
}

/** Whether the program should be there soon, or be fast. */
export type Aim = "soon" | "fast";

type Size = readonly [rows: number, columns: number];

const smallBlocks: readonly Size[] = [
  [4, 4],
  [2, 4],
  [1, 4],
];

/**
 * Where all is computed on the CPU every read of memory costs many instructions, so that large blocks are fast. Measured on
 * SwiftShader, in multiply-adds a second and milliseconds to compile: 32 x 16 3.1 G and 600, 32 x 8 2.9 G and 260, 16 x 16
 * 2.6 G and 230, 16 x 8 2.4 G and 115, 16 x 4 2 G and 75, 8 x 8 2 G and 75, 8 x 4 1.6 G and 48, 4 x 4 1.1 G and 37.
 */
const softwareBlocks: readonly Size[] = [[32, 16], [32, 8], [16, 16], [16, 8], [16, 4], [8, 8], [8, 4], ...smallBlocks];

/** Blocks of software, each with the multiply-adds from which on it is worth its compilation in a program that runs often. */
const fastBlocks: readonly [work: number, first: number][] = [
  [2 ** 26, 0],
  [2 ** 24, 1],
  [2 ** 22, 3],
  [2 ** 20, 6],
];
/** At first, and for less: 4 x 4 compiles a sixth sooner than 8 x 4, and where reads are shared is a tenth slower. */
const leastBlock = 7;
/** Multiply-adds that are worth a larger block at the first run already. */
const atOnce = 2 ** 26;
/** With less a step is short however it is computed. */
const worthABlock = 2 ** 20;
/** Multiply-adds that are worth a trial on hardware. */
const worthTrying = 2 ** 22;

/** What a workgroup works on; a program of one workgroup holds all jobs, and has fewer invocations on some adapters. */
export interface ProductPlace extends ProductTarget {
  readonly workgroupSize: number;
  readonly isWhole: boolean;
}

/** The variant that a product has on a software adapter, or at first. */
export function variantFor(loop: ProductLoop, place: ProductPlace, aim: Aim): ProductVariant {
  if (isDeep(loop, place)) return deep(Math.min(loop.rows, 4));
  if (aim === "soon" && place.software && !place.isWhole && workOfProduct(loop) < worthABlock) return single;
  const [rows, columns] = blockFor(loop, place, aim);
  return registers(rows, columns, sharesReads(loop, place, columns));
}

/** The plainest text, for compilers that refuse others. It gives their bits. */
export function plainVariant(loop: ProductLoop, place: ProductPlace): ProductVariant {
  return isDeep(loop, place) ? deep(Math.min(loop.rows, 4)) : single;
}

/** On software four invocations are one register's lanes, so that they can share reads at no cost. */
function sharesReads({ columns }: ProductLoop, { software, subgroups }: ProductTarget, blockColumns: number): boolean {
  return software && subgroups && columns >= 4 * blockColumns;
}

/** What may be fastest on a hardware adapter, and has to be timed there; one where it does not matter. */
export function candidatesFor(loop: ProductLoop, place: ProductPlace): ProductVariant[] {
  if (workOfProduct(loop) < worthTrying || isDeep(loop, place)) return [variantFor(loop, place, "fast")];
  const { subgroups } = place;
  const shared = subgroups && loop.columns >= 32 ? [registers(8, 4, true), registers(8, 8, true)] : [];
  return [registers(4, 4), registers(8, 4), registers(8, 8), ...shared, tile(4, 8), tile(4, 16), tile(8, 8)];
}

/** True where the results are too few to keep a device busy and the depth is worth sharing. */
function isDeep({ rows, columns, depth, batchShape }: ProductLoop, { software, isWhole }: ProductPlace): boolean {
  const blocks = Math.ceil(rows / 4) * Math.ceil(columns / 4) * sizeOf(batchShape);
  return !isWhole && (software ? blocks <= 64 && depth >= 1024 : blocks <= 128 && depth >= 256);
}

function sizesFor(loop: ProductLoop, { software, isWhole }: ProductPlace, aim: Aim): readonly Size[] {
  // Where one program holds all jobs it matters more how long it takes to compile.
  if (!software || isWhole) return smallBlocks;
  const work = workOfProduct(loop);
  const fast = aim === "fast" ? fastBlocks.find(([least]) => work >= least) : undefined;
  return softwareBlocks.slice(fast?.[1] ?? (work >= atOnce ? 3 : leastBlock));
}

/** The largest block that wastes little and leaves work for two workgroups; in one workgroup, for each invocation. */
function blockFor(loop: ProductLoop, place: ProductPlace, aim: Aim): Size {
  const { rows, columns, batchShape } = loop;
  const least = place.isWhole ? place.workgroupSize : 2 * place.workgroupSize;
  const fits = ([r, c]: Size) => {
    const blocks = Math.ceil(rows / r) * Math.ceil(columns / c) * sizeOf(batchShape);
    // Wide blocks are fast by what they share.
    const shares = c === 4 || !place.subgroups || sharesReads(loop, place, c);
    return shares && (r < 2 * rows || r === 1) && (c < 2 * columns || c === 4) && blocks >= least;
  };
  return sizesFor(loop, place, aim).find(fits) ?? smallestFor(rows);
}

/** For little work: a block that wastes no rows. */
function smallestFor(rows: number): Size {
  return smallBlocks.findLast(([r]) => r <= Math.max(rows, 1) && r >= Math.min(rows, 4)) ?? [1, 4];
}

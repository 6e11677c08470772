/** Chooses product variants before any measurement. Small blocks compile sooner; large blocks read less memory. */
import { sizeOf } from "../../../../base/shape";
import type { ProductLoop } from "../../../form";
import { deep } from "./deep";
import { registers } from "./registers";
import { single } from "./single";
import { tile } from "./tile";
import { type ProductVariant, workOfProduct } from "./variant";

/** Properties of the adapter that affect products. */
export interface ProductTarget {
  /** True for an adapter that computes on the CPU. */
  readonly software: boolean;
  readonly subgroups: boolean;
  /**
   * True if the compiler does not fuse operations. Only then can a program replace another in the middle of a run
   * without changing bits.
   */
  readonly exact: boolean;
}

/** Whether the program should be ready soon or run fast. */
export type Aim = "soon" | "fast";

type Size = readonly [rows: number, columns: number];

const smallBlocks: readonly Size[] = [
  [4, 4],
  [2, 4],
  [1, 4],
];

/**
 * Blocks for software adapters, largest first. Every memory access costs a software adapter many instructions, so large
 * blocks are fast. Measured on SwiftShader, in multiply-adds per second and milliseconds to compile: 32 x 16 3.1 G and
 * 600, 32 x 8 2.9 G and 260, 16 x 16 2.6 G and 230, 16 x 8 2.4 G and 115, 16 x 4 2 G and 75, 8 x 8 2 G and 75, 8 x 4
 * 1.6 G and 48, 4 x 4 1.1 G and 37.
 */
const softwareBlocks: readonly Size[] = [[32, 16], [32, 8], [16, 16], [16, 8], [16, 4], [8, 8], [8, 4], ...smallBlocks];

/**
 * Multiply-adds from which on a block, by its index in `softwareBlocks`, is worth compiling in a program that runs
 * often.
 */
const fastBlocks: readonly [work: number, first: number][] = [
  [2 ** 26, 0],
  [2 ** 24, 1],
  [2 ** 22, 3],
  [2 ** 20, 6],
];
/**
 * Index of the block used first, and for less work. 4 x 4 compiles a sixth sooner than 8 x 4 and, where reads are
 * shared, is a tenth slower.
 */
const smallestBlock = 7;
/** Multiply-adds that justify a larger block from the first run on. */
const minEagerWork = 2 ** 26;
/** Below this many multiply-adds, the block does not matter. */
const minBlockWork = 2 ** 20;
/** Multiply-adds that justify a measurement on hardware. */
const minTrialWork = 2 ** 22;

/**
 * Where a product runs. A program of one workgroup (`isSingleWorkgroup`) contains all jobs, and has fewer invocations on some
 * adapters.
 */
export interface ProductContext extends ProductTarget {
  readonly workgroupSize: number;
  readonly isSingleWorkgroup: boolean;
}

/** Returns the variant of a product on a software adapter, or before tuning. */
export function variantFor(loop: ProductLoop, context: ProductContext, aim: Aim): ProductVariant {
  if (isDeep(loop, context)) return deep(Math.min(loop.rows, 4));
  if (aim === "soon" && context.software && !context.isSingleWorkgroup && workOfProduct(loop) < minBlockWork)
    return single;
  const [rows, columns] = blockFor(loop, context, aim);
  return registers(rows, columns, sharesReads(loop, context, columns));
}

/**
 * Returns the variant with the plainest code, for compilers that reject others. Its results are bit-identical to theirs.
 */
export function fallbackVariant(loop: ProductLoop, context: ProductContext): ProductVariant {
  return isDeep(loop, context) ? deep(Math.min(loop.rows, 4)) : single;
}

/** On software, four invocations are the lanes of one register, so sharing reads is free. */
function sharesReads({ columns }: ProductLoop, { software, subgroups }: ProductTarget, blockColumns: number): boolean {
  return software && subgroups && columns >= 4 * blockColumns;
}

/**
 * Returns the variants that may be fastest on a hardware adapter and must be measured; a single one if the choice does
 * not matter.
 */
export function candidatesFor(loop: ProductLoop, context: ProductContext): ProductVariant[] {
  if (workOfProduct(loop) < minTrialWork || isDeep(loop, context)) return [variantFor(loop, context, "fast")];
  const { subgroups } = context;
  const shared = subgroups && loop.columns >= 32 ? [registers(8, 4, true), registers(8, 8, true)] : [];
  return [registers(4, 4), registers(8, 4), registers(8, 8), ...shared, tile(4, 8), tile(4, 16), tile(8, 8)];
}

/** True if there are too few results to keep the device busy and the depth is long enough to distribute. */
function isDeep(
  { rows, columns, depth, batchShape }: ProductLoop,
  { software, isSingleWorkgroup }: ProductContext,
): boolean {
  const blocks = Math.ceil(rows / 4) * Math.ceil(columns / 4) * sizeOf(batchShape);
  return !isSingleWorkgroup && (software ? blocks <= 64 && depth >= 1024 : blocks <= 128 && depth >= 256);
}

function sizesFor(loop: ProductLoop, { software, isSingleWorkgroup }: ProductContext, aim: Aim): readonly Size[] {
  // For a program that contains all jobs, compile time matters most.
  if (!software || isSingleWorkgroup) return smallBlocks;
  const work = workOfProduct(loop);
  const fast = aim === "fast" ? fastBlocks.find(([least]) => work >= least) : undefined;
  return softwareBlocks.slice(fast?.[1] ?? (work >= minEagerWork ? 3 : smallestBlock));
}

/**
 * Returns the largest block that wastes little and still leaves work for two workgroups, or, in a program of one
 * workgroup, to each invocation.
 */
function blockFor(loop: ProductLoop, context: ProductContext, aim: Aim): Size {
  const { rows, columns, batchShape } = loop;
  const least = context.isSingleWorkgroup ? context.workgroupSize : 2 * context.workgroupSize;
  const fits = ([r, c]: Size) => {
    const blocks = Math.ceil(rows / r) * Math.ceil(columns / c) * sizeOf(batchShape);
    // Wide blocks are fast only if reads are shared.
    const shares = c === 4 || !context.subgroups || sharesReads(loop, context, c);
    return shares && (r < 2 * rows || r === 1) && (c < 2 * columns || c === 4) && blocks >= least;
  };
  return sizesFor(loop, context, aim).find(fits) ?? smallestFor(rows);
}

/** Returns a block that wastes no rows, for little work. */
function smallestFor(rows: number): Size {
  return smallBlocks.findLast(([r]) => r <= Math.max(rows, 1) && r >= Math.min(rows, 4)) ?? [1, 4];
}

/**
 * The product of two matrices inside a program. One invocation computes a block of the result in registers: for every four
 * steps of the depth it reads a vector of A for each of its rows, and a 4 x 4 piece of B for every four of its columns,
 * and adds their products, so that an accumulator is touched once in four steps.
 */
import { sizeOf } from "../../../base/shape";
import type { ProductLoop } from "../../form";

/** What one invocation computes of the result; columns are a multiple of 4. */
export interface Block {
  readonly rows: number;
  readonly columns: number;
  /** True where four neighbouring invocations share what they read of A. */
  readonly quads: boolean;
}

/** What of an adapter matters for products. */
export interface ProductTarget {
  /** True for an adapter that computes on the CPU. */
  readonly software: boolean;
  readonly subgroups: boolean;
  /** Invocations in a workgroup. */
  readonly workgroupSize: number;
}

export interface ProductText {
  /** Functions; the job itself is `name(group, lane)`. */
  readonly text: string;
  readonly workgroups: number;
}

/**
 * Blocks from the largest: where all is computed on the CPU every read of memory costs many instructions. There four
 * invocations are one register's lanes, so that they can share reads at no cost.
 */
const softwareBlocks = [
  [16, 32],
  [16, 16],
  [8, 16],
  [8, 8],
  [4, 8],
  [4, 4],
  [2, 4],
  [1, 4],
] as const;
const hardwareBlocks = softwareBlocks.slice(5);

/** The largest block that wastes little and leaves work for two workgroups; in one workgroup, for each invocation. */
export function blockFor(loop: ProductLoop, { software, subgroups, workgroupSize }: ProductTarget): Block {
  const { rows, columns, batchShape } = loop;
  const least = workgroupSize < 64 ? workgroupSize : 2 * workgroupSize;
  const fits = ([r, c]: readonly [number, number]) => {
    const blocks = Math.ceil(rows / r) * Math.ceil(columns / c) * sizeOf(batchShape);
    return (r < 2 * rows || r === 1) && (c < 2 * columns || c === 4) && blocks >= least;
  };
  // A program of one workgroup holds all jobs: there it matters more how long it takes to compile.
  const list = software && workgroupSize >= 64 ? softwareBlocks : hardwareBlocks;
  const [blockRows, blockColumns] = list.find(fits) ?? smallestFor(list, rows);
  return { rows: blockRows, columns: blockColumns, quads: software && subgroups && columns >= 4 * blockColumns };
}

/** For little work: a block that wastes no rows. */
function smallestFor(list: readonly (readonly [number, number])[], rows: number): readonly [number, number] {
  return list.findLast(([r, c]) => c === 4 && r <= Math.max(rows, 1) && r >= Math.min(rows, 4)) ?? [1, 4];
}

/** Invocations along the columns in a workgroup. */
function lanesAcross({ columns }: ProductLoop, block: Block, lanes: number): number {
  return Math.min(lanes, 2 ** Math.ceil(Math.log2(Math.ceil(columns / block.columns))));
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function batchOffset(shape: readonly number[], strides: readonly number[]): string {
  const terms: string[] = [];
  let inner = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (strides[axis] !== 0) terms.push(`batch / ${inner}u % ${shape[axis]}u * ${strides[axis]}u`);
    inner *= shape[axis]!;
  }
  return terms.join(" + ") || "0u";
}

interface ProductRequest {
  name: string;
  loop: ProductLoop;
  block: Block;
  /** Invocations in a workgroup. */
  workgroupSize: number;
  /** WGSL of an element of A and of B, and of what is done to element `i` of the result, `sum`. */
  loadA(index: string): string;
  loadB(index: string): string;
  finish: string;
}

export function writeProduct({ name, loop, block, workgroupSize, loadA, loadB, finish }: ProductRequest): ProductText {
  const { rows, columns, depth, aStrides, bStrides, batchShape, aBatch, bBatch } = loop;
  const quads = range(block.columns / 4);
  const blockRows = range(block.rows);
  const lanes = lanesAcross(loop, block, workgroupSize);
  const tileColumns = block.columns * lanes;
  const tileRows = block.rows * (workgroupSize / lanes);
  const across = Math.ceil(columns / tileColumns);
  const down = Math.ceil(rows / tileRows);
  const loadRow = (r: number, k: string, count: number) => {
    const at = (s: string) => `${name}_a(row${r} + (${k} + ${s}) * ${aStrides[1]}u)`;
    if (!block.quads) {
      const parts = range(4).map((s) => (s < count ? at(`${s}u`) : "0f"));
      return [`let a${r} = vec4f(${parts.join(", ")});`];
    }
    // Each of four invocations reads one, and gives it to the others.
    const own = count === 4 ? at("quad") : `select(0f, ${at(`min(quad, ${count - 1}u)`)}, quad < ${count}u)`;
    const parts = range(4).map((s) => `quadBroadcast(own${r}, ${s}u)`);
    return [`let own${r} = ${own};`, `let a${r} = vec4f(${parts.join(", ")});`];
  };
  const steps = (k: string, count: number) => {
    const lines = quads.map((q) => {
      const pieces = range(4).map((s) =>
        s < count ? `${name}_b(batch_b, ${k} + ${s}u, column + ${4 * q}u)` : "vec4f()",
      );
      return `let b${q} = mat4x4f(${pieces.join(", ")});`;
    });
    for (const r of blockRows) {
      lines.push(...loadRow(r, k, count));
      for (const q of quads) lines.push(`c${r}_${q} += b${q} * a${r};`);
    }
    return lines.map((line) => `    ${line}`).join("\n");
  };
  const whole = Math.floor(depth / 4) * 4;
  const clamped = (column: string) => `min(${column}, ${columns - 1}u)`;
  // Invocations that share reads compute even where they have no columns: then those of the last block.
  const isExact = columns % (block.quads ? block.columns : 4) === 0;
  const inside = block.quads ? `row < ${rows}u` : `row < ${rows}u && own_column < ${columns}u`;
  const bAt = (s: number) =>
    `${name}_b1(start + ${isExact ? `(column + ${s}u)` : clamped(`column + ${s}u`)} * ${bStrides[1]}u)`;
  const text = `fn ${name}_a(at: u32) -> f32 {
  return ${loadA("at")};
}
fn ${name}_b1(at: u32) -> f32 {
  return ${loadB("at")};
}
fn ${name}_b(batch: u32, k: u32, column: u32) -> vec4f {
  let start = batch + k * ${bStrides[0]}u;
  return vec4f(${range(4).map(bAt).join(", ")});
}
fn ${name}_finish(i: u32, sum: f32) {
${finish}
}
fn ${name}(group: u32, lane: u32) {
  let own_column = (group % ${across}u) * ${tileColumns}u + ${block.columns}u * (lane % ${lanes}u);
  let row = (group / ${across}u % ${down}u) * ${tileRows}u + ${block.rows}u * (lane / ${lanes}u);
  let batch = group / ${across * down}u;
  let quad = lane % 4u;
  if (${inside}) {
  let column = ${block.quads && isExact ? `min(own_column, ${columns - block.columns}u)` : "own_column"};
  let batch_a = ${batchOffset(batchShape, aBatch)};
  let batch_b = ${batchOffset(batchShape, bBatch)};
${blockRows.map((r) => `  let row${r} = batch_a + min(row + ${r}u, ${rows - 1}u) * ${aStrides[0]}u;`).join("\n")}
${blockRows.map((r) => quads.map((q) => `  var c${r}_${q} = vec4f();`).join("\n")).join("\n")}
${whole > 0 ? `  for (var k = 0u; k < ${whole}u; k += 4u) {\n${steps("k", 4)}\n  }` : ""}
${whole < depth ? `  {\n${steps(`${whole}u`, depth - whole)}\n  }` : ""}
  var block = array<vec4f, ${block.rows * quads.length}>(${blockRows.flatMap((r) => quads.map((q) => `c${r}_${q}`)).join(", ")});
  for (var r = 0u; r < min(${block.rows}u, ${rows}u - row); r++) {
    for (var c = 0u; c < ${block.columns}u && own_column + c < ${columns}u; c++) {
      ${name}_finish((batch * ${rows}u + row + r) * ${columns}u + column + c, block[r * ${quads.length}u + c / 4u][c % 4u]);
    }
  }
  }
}
`;
  return { text, workgroups: across * down * sizeOf(batchShape) };
}

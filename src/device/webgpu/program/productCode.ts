/**
 * The product of two matrices inside a program. One invocation computes a block of the result in registers: for every four
 * steps of the depth it reads a vector of A for each of its rows, and a 4 x 4 piece of B for every four of its columns,
 * and adds their products, so that an accumulator is touched once in four steps.
 */
import { sizeOf } from "../../../base/shape";
import type { ProductLoop } from "../../form";

/** Rows and columns of the result that one invocation computes; columns are a multiple of 4. */
export interface Block {
  readonly rows: number;
  readonly columns: number;
}

export interface ProductText {
  /** Functions; the job itself is `name(group, lane)`. */
  readonly text: string;
  readonly workgroups: number;
}

/**
 * Large blocks where all is computed on the CPU, for there every read of memory costs many instructions; but no larger
 * than leaves something for each of `lanes` invocations.
 */
export function blockFor({ rows, columns, batchShape }: ProductLoop, software: boolean, lanes: number): Block {
  const most = software ? 16 : 4;
  const fit = (length: number) => Math.min(most, length > most / 2 ? most : 2 ** Math.ceil(Math.log2(length)));
  const block = { rows: fit(rows), columns: Math.max(4, fit(columns)) };
  const count = () => Math.ceil(rows / block.rows) * Math.ceil(columns / block.columns) * sizeOf(batchShape);
  while (count() < lanes && block.rows > 1) block.rows /= 2;
  return block;
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
  const steps = (k: string, count: number) => {
    const lines = quads.map((q) => {
      const pieces = range(4).map((s) =>
        s < count ? `${name}_b(batch_b, ${k} + ${s}u, column + ${4 * q}u)` : "vec4f()",
      );
      return `let b${q} = mat4x4f(${pieces.join(", ")});`;
    });
    for (const r of blockRows) {
      const parts = range(4).map((s) => (s < count ? `${name}_a(row${r} + (${k} + ${s}u) * ${aStrides[1]}u)` : "0f"));
      lines.push(`let a${r} = vec4f(${parts.join(", ")});`);
      for (const q of quads) lines.push(`c${r}_${q} += b${q} * a${r};`);
    }
    return lines.map((line) => `    ${line}`).join("\n");
  };
  const whole = Math.floor(depth / 4) * 4;
  const clamped = (column: string) => `min(${column}, ${columns - 1}u)`;
  const isExact = columns % 4 === 0;
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
  let column = (group % ${across}u) * ${tileColumns}u + ${block.columns}u * (lane % ${lanes}u);
  let row = (group / ${across}u % ${down}u) * ${tileRows}u + ${block.rows}u * (lane / ${lanes}u);
  let batch = group / ${across * down}u;
  if (row < ${rows}u && column < ${columns}u) {
  let batch_a = ${batchOffset(batchShape, aBatch)};
  let batch_b = ${batchOffset(batchShape, bBatch)};
${blockRows.map((r) => `  let row${r} = batch_a + min(row + ${r}u, ${rows - 1}u) * ${aStrides[0]}u;`).join("\n")}
${blockRows.map((r) => quads.map((q) => `  var c${r}_${q} = vec4f();`).join("\n")).join("\n")}
  for (var k = 0u; k < ${whole}u; k += 4u) {
${steps("k", 4)}
  }
${whole < depth ? `  {\n${steps(`${whole}u`, depth - whole)}\n  }` : ""}
  var block = array<vec4f, ${block.rows * quads.length}>(${blockRows.flatMap((r) => quads.map((q) => `c${r}_${q}`)).join(", ")});
  for (var r = 0u; r < min(${block.rows}u, ${rows}u - row); r++) {
    for (var c = 0u; c < min(${block.columns}u, ${columns}u - column); c++) {
      ${name}_finish((batch * ${rows}u + row + r) * ${columns}u + column + c, block[r * ${quads.length}u + c / 4u][c % 4u]);
    }
  }
  }
}
`;
  return { text, workgroups: across * down * sizeOf(batchShape) };
}

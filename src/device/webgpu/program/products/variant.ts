/**
 * Variants of a matrix product inside a program. All of them add along the depth in the same order, so that they give
 * the same bits unless the device fuses operations: for each four steps, the four products are added to each other,
 * then to the sum (a 4 x 4 piece of B times a vector of A); the rest of the depth is added step by step. Only `deep`
 * has a different order; it is chosen by the product's shape, never by time.
 */
import { sizeOf } from "../../../../base/shape";
import type { ProductLoop } from "../../../form";

export interface ProductRequest {
  /** Prefix of its function names. */
  readonly name: string;
  readonly loop: ProductLoop;
  /** Invocations per workgroup. */
  readonly workgroupSize: number;
  /** Emit WGSL that loads an element of A or B. `finish` is what happens to element `i` of the result, `sum`. */
  loadA(index: string): string;
  loadB(index: string): string;
  readonly finish: string;
}

export interface ProductText {
  /** Functions, among them the job itself, `name(group, lane)`. */
  readonly text: string;
  readonly workgroups: number;
  /** Length of the array `shared_vectors` in workgroup memory; absent if unused. */
  readonly sharedVectors?: number;
}

/** A way to write products, with its block sizes. */
export interface ProductVariant {
  /** Unique name, such as `registers 4x4`. */
  readonly name: string;
  write(request: ProductRequest): ProductText;
}

export function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Returns the multiply-adds of a product. */
export function workOfProduct({ rows, columns, depth, batchShape }: ProductLoop): number {
  return sizeOf(batchShape) * rows * columns * depth;
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

/** Returns the part of the depth that is added four steps at a time. */
export function wholeDepth({ depth }: ProductLoop): number {
  return Math.floor(depth / 4) * 4;
}

/** Assigns each workgroup a tile of the batch of results. */
export function tiling({ rows, columns, batchShape }: ProductLoop, tileRows: number, tileColumns: number) {
  const across = Math.ceil(columns / tileColumns);
  const down = Math.ceil(rows / tileRows);
  return {
    workgroups: across * down * sizeOf(batchShape),
    text: `let tile_column = (group % ${across}u) * ${tileColumns}u;
  let tile_row = (group / ${across}u % ${down}u) * ${tileRows}u;
  let batch = group / ${across * down}u;`,
  };
}

/** Emits the offsets of the matrices of one batch index. */
export function batchOffsets({ batchShape, aBatch, bBatch }: ProductLoop): string {
  return `let batch_a = ${batchOffset(batchShape, aBatch)};
  let batch_b = ${batchOffset(batchShape, bBatch)};`;
}

/**
 * Emits the functions that access operands: `NAME_a(at)` reads an element of A, `NAME_b(start, k, column)` reads four
 * neighbours in a row of B, repeating the last column beyond the end, and `NAME_finish(i, sum)` finishes an element.
 * @param inside true if no four neighbours extend beyond the last column
 */
export function accessors({ name, loop, loadA, loadB, finish }: ProductRequest, inside: boolean): string {
  const { columns, bStrides } = loop;
  const column = (s: number) => (inside ? `(column + ${s}u)` : `min(column + ${s}u, ${columns - 1}u)`);
  const four = range(4).map((s) => `${name}_b1(start + ${column(s)} * ${bStrides[1]}u)`);
  return `fn ${name}_a(at: u32) -> f32 {
  return ${loadA("at")};
}
fn ${name}_b1(at: u32) -> f32 {
  return ${loadB("at")};
}
fn ${name}_b(batch: u32, k: u32, column: u32) -> vec4f {
  let start = batch + k * ${bStrides[0]}u;
  return vec4f(${four.join(", ")});
}
fn ${name}_finish(i: u32, sum: f32) {
${finish}
}
`;
}

/** Emits the sums of a block, `cROW_QUAD`, and loops over part of the depth. */
export const blockCode = {
  sums: (rows: readonly number[], quads: readonly number[]): string =>
    rows.map((r) => quads.map((q) => `  var c${r}_${q} = vec4f();`).join("\n")).join("\n"),
  add: (r: number, quads: readonly number[]): string[] => quads.map((q) => `c${r}_${q} += b${q} * a${r};`),
  loop: (from: number, to: number, step: number, lines: readonly string[]): string =>
    from < to ? `  for (var k = ${from}u; k < ${to}u; k += ${step}u) {\n    ${lines.join("\n    ")}\n  }\n` : "",
  /** Emits the offset of each row of a block in A, `rowROW`. Beyond the last row, the last row is repeated. */
  rowStarts: (rows: readonly number[], { rows: count, aStrides }: ProductLoop): string =>
    rows.map((r) => `  let row${r} = batch_a + min(row + ${r}u, ${count - 1}u) * ${aStrides[0]}u;`).join("\n"),
};

/** Emits one step of the depth for a block at `row` and `column`, reading A from `rowROW`. */
export function emitDepthStep(
  { name, loop }: ProductRequest,
  rows: readonly number[],
  quads: readonly number[],
): readonly string[] {
  return [
    ...quads.map((q) => `let b${q} = ${name}_b(batch_b, k, column + ${4 * q}u);`),
    ...rows.flatMap((r) => [`let a${r} = ${name}_a(row${r} + k * ${loop.aStrides[1]}u);`, ...blockCode.add(r, quads)]),
  ];
}

/** Emits the finish of a block whose first element is at `row` and `column`, for its columns from `own_column` on. */
export function finishBlock({ name, loop }: ProductRequest, rows: readonly number[], quads: readonly number[]): string {
  const sums = rows.flatMap((r) => quads.map((q) => `c${r}_${q}`));
  // Four at a time, because indexing a vector of the block costs as much as indexing one element.
  const [first, ...others] = range(4).map((s) => `${name}_finish(i + ${s}u, sums[${s}]);`) as [string, ...string[]];
  const rest =
    loop.columns % 4 === 0
      ? others
      : others.map((finish, s) => `if (own_column + 4u * q + ${s + 1}u < ${loop.columns}u) { ${finish} }`);
  return `  var block = array<vec4f, ${sums.length}>(${sums.join(", ")});
  for (var r = 0u; r < ${rows.length}u && row + r < ${loop.rows}u; r++) {
    for (var q = 0u; q < ${quads.length}u && own_column + 4u * q < ${loop.columns}u; q++) {
      let sums = block[r * ${quads.length}u + q];
      let i = (batch * ${loop.rows}u + row + r) * ${loop.columns}u + column + 4u * q;
      ${[first, ...rest].join("\n      ")}
    }
  }
`;
}

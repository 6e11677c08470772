import {
  accessors,
  batchOffsets,
  blockCode,
  finishBlock,
  emitDepthStep,
  type ProductRequest,
  type ProductText,
  type ProductVariant,
  range,
  tiling,
  wholeDepth,
} from "./variant";

/** Invocations along each side of a tile. */
const side = 8;

/**
 * Returns a variant in which a workgroup of 64 computes a tile of the result. It copies strips of A and B, `depth`
 * steps long, to workgroup memory, from which each of the 8 x 8 invocations reads what its block needs. For adapters
 * with fast workgroup memory.
 * @param block rows and columns of an invocation's block: 4 or 8
 * @param depth a multiple of 4
 */
export function tile(block: number, depth: number): ProductVariant {
  return {
    name: `tile ${side * block}x${side * block}x${depth}`,
    write: (request) => writeTile(request, range(block), range(block / 4), depth),
  };
}

function writeTile(
  request: ProductRequest,
  rows: readonly number[],
  quads: readonly number[],
  strip: number,
): ProductText {
  const { name, loop } = request;
  const length = side * rows.length;
  const { workgroups, text } = tiling(loop, length, length);
  const whole = wholeDepth(loop);
  // Layout of workgroup memory: the strip of A row by row, four steps of the depth per vector; then the strip of B step
  // by step, four columns per vector.
  const stepsOfA = strip / 4;
  const vectors = length * stepsOfA;
  const across = length / 4;
  const copies = [
    `for (var j = lane; j < ${vectors}u; j += ${side * side}u) {`,
    `  shared_vectors[j] = ${name}_strip_a(batch_a, tile_row + j / ${stepsOfA}u, k + 4u * (j % ${stepsOfA}u));`,
    `  shared_vectors[${vectors}u + j] = ${name}_strip_b(batch_b, k + j / ${across}u, tile_column + 4u * (j % ${across}u));`,
    "}",
    "workgroupBarrier();",
  ];
  const steps = range(stepsOfA).flatMap((s) => [
    "{",
    ...quads.map((q) => {
      const pieces = range(4).map((j) => `shared_vectors[at_b + ${(4 * s + j) * across + q}u]`);
      return `let b${q} = mat4x4f(${pieces.join(", ")});`;
    }),
    ...rows.flatMap((r) => [`let a${r} = shared_vectors[at_a + ${r * stepsOfA + s}u];`, ...blockCode.add(r, quads)]),
    "}",
  ]);
  const job = `// Beyond the depth that is added in fours, strips contain zeros, which change no sum.
fn ${name}_strip_a(start: u32, row: u32, k: u32) -> vec4f {
  let at = start + min(row, ${loop.rows - 1}u) * ${loop.aStrides[0]}u + k * ${loop.aStrides[1]}u;
  let values = vec4f(${range(4)
    .map((s) => `${name}_a(at + ${s * loop.aStrides[1]}u)`)
    .join(", ")});
  return select(vec4f(), values, k < ${whole}u);
}
fn ${name}_strip_b(start: u32, k: u32, column: u32) -> vec4f {
  return select(vec4f(), ${name}_b(start, k, column), k < ${whole}u);
}
fn ${name}(group: u32, lane: u32) {
  ${text}
  ${batchOffsets(loop)}
  let column = tile_column + ${4 * quads.length}u * (lane % ${side}u);
  let own_column = column;
  let row = tile_row + ${rows.length}u * (lane / ${side}u);
  let at_a = ${rows.length * stepsOfA}u * (lane / ${side}u);
  let at_b = ${vectors}u + ${quads.length}u * (lane % ${side}u);
${blockCode.rowStarts(rows, loop)}
${blockCode.sums(rows, quads)}
${blockCode.loop(0, whole, strip, [...copies, ...steps, "workgroupBarrier();"])}${blockCode.loop(whole, loop.depth, 1, emitDepthStep(request, rows, quads))}${finishBlock(request, rows, quads)}}
`;
  return { text: accessors(request, loop.columns % length === 0) + job, workgroups, sharedVectors: 2 * vectors };
}

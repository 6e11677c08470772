import {
  accessors,
  batchOffsets,
  blockCode,
  type ProductRequest,
  type ProductText,
  type ProductVariant,
  range,
  tiling,
  wholeDepth,
} from "./variant";

/**
 * A workgroup computes `rows` x 4 elements: its invocations share the depth, and add what they have by a fixed tree. For few
 * results of a long depth, which would leave most of a device idle. No atomics: the same bits at every run.
 */
export function deep(rows: number): ProductVariant {
  return { name: `deep ${rows}x4`, write: (request) => writeDeep(request, range(rows)) };
}

function writeDeep(request: ProductRequest, rows: readonly number[]): ProductText {
  const { name, loop, workgroupSize } = request;
  const { aStrides } = loop;
  const { workgroups, text } = tiling(loop, rows.length, 4);
  const whole = wholeDepth(loop);
  const piece = range(4).map((s) => `${name}_b(batch_b, k + ${s}u, column)`);
  const fourSteps = rows.map((r) => {
    const parts = range(4).map((s) => `${name}_a(row${r} + (k + ${s}u) * ${aStrides[1]}u)`);
    return `c${r} += b * vec4f(${parts.join(", ")});`;
  });
  const oneStep = rows.map((r) => `c${r} += b * ${name}_a(row${r} + k * ${aStrides[1]}u);`);
  // One row after the other, so that the workgroup's memory holds one vector for each invocation.
  const joins = rows.map(
    (r) => `  ${name}_join(lane, c${r});
  if (lane < 4u && tile_row + ${r}u < ${loop.rows}u && column + lane < ${loop.columns}u) {
    let i = (batch * ${loop.rows}u + tile_row + ${r}u) * ${loop.columns}u + column + lane;
    ${name}_finish(i, shared_vectors[0][lane]);
  }
  workgroupBarrier();`,
  );
  const job = `// The sum of a vector of every invocation, in shared_vectors[0].
fn ${name}_join(lane: u32, own: vec4f) {
  shared_vectors[lane] = own;
  for (var width = ${workgroupSize / 2}u; width > 0u; width /= 2u) {
    workgroupBarrier();
    if (lane < width) {
      shared_vectors[lane] += shared_vectors[lane + width];
    }
  }
  workgroupBarrier();
}
fn ${name}(group: u32, lane: u32) {
  ${text}
  ${batchOffsets(loop)}
  let row = tile_row;
  let column = tile_column;
${blockCode.rowStarts(rows, loop)}
${rows.map((r) => `  var c${r} = vec4f();`).join("\n")}
  for (var k = 4u * lane; k < ${whole}u; k += ${4 * workgroupSize}u) {
    let b = mat4x4f(${piece.join(", ")});
    ${fourSteps.join("\n    ")}
  }
  if (lane < ${loop.depth - whole}u) {
    let k = ${whole}u + lane;
    let b = ${name}_b(batch_b, k, column);
    ${oneStep.join("\n    ")}
  }
${joins.join("\n")}
}
`;
  return { text: accessors(request, loop.columns % 4 === 0) + job, workgroups, sharedVectors: workgroupSize };
}

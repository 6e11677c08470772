import { sizeOf } from "../../../../base/shape";
import { batchOffsets, type ProductRequest, type ProductText, type ProductVariant, wholeDepth } from "./variant";

/** One invocation computes one element: the shortest text, which compiles soonest, for products of little work. */
export const single: ProductVariant = { name: "single", write };

function write({ name, loop, workgroupSize, loadA, loadB, finish }: ProductRequest): ProductText {
  const { rows, columns, depth, aStrides, bStrides, batchShape } = loop;
  const whole = wholeDepth(loop);
  const term = (s: string) =>
    `${name}_a(start_a + (k + ${s}) * ${aStrides[1]}u) * ${name}_b(start_b + (k + ${s}) * ${bStrides[0]}u)`;
  const size = rows * columns * sizeOf(batchShape);
  // The order of all variants: four products are added to each other, then to the sum.
  const text = `fn ${name}_a(at: u32) -> f32 {
  return ${loadA("at")};
}
fn ${name}_b(at: u32) -> f32 {
  return ${loadB("at")};
}
fn ${name}_finish(i: u32, sum: f32) {
${finish}
}
fn ${name}(group: u32, lane: u32) {
  let i = group * ${workgroupSize}u + lane;
  if (i < ${size}u) {
  let batch = i / ${rows * columns}u;
  ${batchOffsets(loop)}
  let start_a = batch_a + i / ${columns}u % ${rows}u * ${aStrides[0]}u;
  let start_b = batch_b + i % ${columns}u * ${bStrides[1]}u;
  var sum = 0.0;
  for (var k = 0u; k < ${whole}u; k += 4u) {
    sum += ${["0u", "1u", "2u", "3u"].map(term).join(" + ")};
  }
  for (var k = ${whole}u; k < ${depth}u; k++) {
    sum += ${term("0u")};
  }
  ${name}_finish(i, sum);
  }
}
`;
  return { text, workgroups: Math.ceil(size / workgroupSize) };
}

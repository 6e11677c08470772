import { sizeOf } from "../../../../base/shape";
import {
  batchOffsets,
  byStride,
  type ProductRequest,
  type ProductText,
  type ProductVariant,
  wholeDepth,
} from "./variant";

/** One invocation computes one element: the shortest text, which compiles soonest, for products of little work. */
export const single: ProductVariant = { name: "single", write };

function write(request: ProductRequest): ProductText {
  const { name, loop, workgroupSize, number, loadA, loadB, finish } = request;
  const { rows, columns, depth, aStrides, bStrides, batchShape } = loop;
  const whole = wholeDepth(loop);
  const [inA, inB] = [byStride(aStrides[1], number), byStride(bStrides[0], number)];
  const term = (s: string) => `${name}_a(start_a + ${inA(`(k + ${s})`)}) * ${name}_b(start_b + ${inB(`(k + ${s})`)})`;
  const width = number(columns);
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
  if (i < ${number(size)}) {
  let batch = i / ${number(rows * columns)};
  ${batchOffsets(request)}
  let start_a = batch_a + ${byStride(aStrides[0], number)(`i / ${width} % ${number(rows)}`)};
  let start_b = batch_b + ${byStride(bStrides[1], number)(`(i % ${width})`)};
  var sum = 0.0;
  for (var k = 0u; k < ${number(whole)}; k += 4u) {
    sum += ${["0u", "1u", "2u", "3u"].map(term).join(" + ")};
  }
  for (var k = ${number(whole)}; k < ${number(depth)}; k++) {
    sum += ${term("0u")};
  }
  ${name}_finish(i, sum);
  }
}
`;
  return { text, workgroups: Math.ceil(size / workgroupSize) };
}

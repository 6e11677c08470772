import { ShapeError } from "../../base/errors";
import { formatShape, normalizeAxis, sameShape, sizeOf } from "../../base/shape";
import { inputCost } from "../define/cost";
import type { Shader } from "../../device/backend";
import { checkDType } from "../define/elementwise";
import { checkIndices } from "../define/indices";
import { mapShader, type MapUniforms, runMap } from "../define/map";
import { occurrences } from "../define/occurrences";
import { apply, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";

interface ScatterAttributes {
  axis: number;
  length: number;
}

// Words: elements of x after the axis, number of indices, length of the axis in the result.
const element = `fn element(i: u32) -> T {
  let inner = uniforms.words.x;
  let count = uniforms.words.y;
  let length = i32(uniforms.words.z);
  let own = i32((i / inner) % uniforms.words.z);
  let base = (i / inner / uniforms.words.z) * count * inner + i % inner;
  var sum = T(0);
  for (var k = 0u; k < count; k++) {
    if (input1[k] == own || input1[k] == own - length) {
      sum += input0[base + k * inner];
    }
  }
  return sum;
}`;

/** Loops over the slices rather than the elements: an embedding has few slices and many elements. */
const reference: Shader<MapUniforms>["reference"] = ([x, indices], result, { words }) => {
  const [inner, count, length] = words as [number, number, number];
  const slices = (result.length / length / inner) * count;
  result.fill(0);
  for (let slice = 0; slice < slices; slice++) {
    const given = indices![slice % count]!;
    const own = given < 0 ? given + length : given;
    if (own < 0 || own >= length) continue;
    const to = (Math.floor(slice / count) * length + own) * inner;
    for (let i = 0; i < inner; i++) result[to + i]! += x![slice * inner + i]!;
  }
};

// Replaces the driver's loop over elements.
const shader: Shader<MapUniforms> = { ...mapShader("scatterAdd", { element }, () => 0), reference };

// The same by linked lists of the indices for each position: input1 contains the first index, input2 the next ones.
const listElement = `fn element(i: u32) -> T {
  let inner = uniforms.words.x;
  let own = (i / inner) % uniforms.words.z;
  let base = (i / inner / uniforms.words.z) * uniforms.words.y * inner + i % inner;
  var sum = T(0);
  for (var k = input1[own]; k >= 0; k = input2[k]) {
    sum += input0[base + u32(k) * inner];
  }
  return sum;
}`;

const listReference: Shader<MapUniforms>["reference"] = ([x, first, next], result, { words }) => {
  const [inner, count, length] = words as [number, number, number];
  const batches = result.length / length / inner;
  result.fill(0);
  for (let row = 0; row < batches * length; row++) {
    const from = Math.floor(row / length) * count * inner;
    for (let k = first![row % length]!; k >= 0; k = next![k]!)
      for (let i = 0; i < inner; i++) result[row * inner + i]! += x![from + k * inner + i]!;
  }
};

const listShader: Shader<MapUniforms> = {
  ...mapShader("scatterAdd by lists", { element: listElement }, () => 0),
  reference: listReference,
};

/** Number of comparisons above which linked lists justify two more dispatches. */
const manyComparisons = 2 ** 18;

const scatterAddOp: Op<ScatterAttributes> = {
  name: "scatterAdd",
  info: {
    description: "Slices summed at given indices along an axis: the reverse of gather.",
    source: "NumPy add.at",
  },
  infer([x, indices], { axis, length }) {
    checkIndices("scatterAdd", indices!.dtype);
    checkDType("scatterAdd", x!.dtype, ["float32", "int32"]);
    const rank = indices!.shape.length;
    if (!sameShape(x!.shape.slice(axis, axis + rank), indices!.shape)) {
      const expected = `slices ${formatShape(indices!.shape)} from axis ${axis} on, one for each index`;
      throw new ShapeError({ at: "scatterAdd", expected, got: formatShape(x!.shape) });
    }
    return { shape: x!.shape.toSpliced(axis, rank, length), dtype: x!.dtype };
  },
  cost: inputCost,
  run(call) {
    const {
      inputs,
      result,
      attributes: { axis, length },
    } = call;
    const [x, indices] = inputs as [Tensor, Tensor];
    const inner = sizeOf(result.shape.slice(axis + 1));
    const words = [inner, indices.size, length];
    const still = result.shape.map(() => 0);
    if (result.size * indices.size <= manyComparisons) {
      runMap(call, shader, { words, strides: [still, still] });
      return;
    }
    const { first, next } = occurrences(call, indices, length);
    runMap({ ...call, inputs: [x, first, next] }, listShader, { words, strides: [still, still, still] });
  },
  gradient: ({ inputs, gradient, attributes: { axis } }) => [gradient.gather(inputs[1]!, axis), undefined],
};

/**
 * The sum of the slices of a tensor at given indices along an axis: the reverse of `gather`.
 *
 * `[...before, ...indices.shape, ...after]` becomes `[...before, length, ...after]`, where the indices (int32) replace
 * the axes from `axis` on. Negative indices count from the end, and indices out of range are left out. Each element
 * adds its slices in order, so that a device repeats its own bits. float32 and int32 only. Source: NumPy `add.at`.
 * @throws DTypeError unless the indices are int32 and the tensor is float32 or int32.
 * @throws ShapeError unless there is a slice for each index.
 * @example
 * const x = tensor([[1, 2], [3, 4], [5, 6]]);
 * x.scatterAdd(tensor([0, 2, 0], { dtype: "int32" }), 0, 3); // => [[6, 8], [0, 0], [3, 4]]
 */
export function scatterAdd(x: Operand, indices: Operand, axis: number, length: number): Tensor {
  const rank = x.shape.length - indices.shape.length + 1;
  return apply(scatterAddOp, [x, indices], { axis: normalizeAxis(axis, rank, "scatterAdd"), length });
}
scatterAdd.op = scatterAddOp;

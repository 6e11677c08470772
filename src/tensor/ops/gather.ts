import { normalizeAxis, sizeOf, type Shape } from "../../base/shape";
import { elementCost, pickCost } from "../define/cost";
import { checkIndices } from "../define/indices";
import { elementShader, type MapReference, mapShader, runMap } from "../define/map";
import { apply, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";
import { rowsAt } from "./rowsAt";
import { scatterAdd } from "./scatterAdd";

// Words: elements of x after the axis, number of indices, length of the axis.
const index = `  let inner = uniforms.words.x;
  let count = uniforms.words.y;
  let length = i32(uniforms.words.z);
  let given = input1[(i / inner) % count];
  let k = select(given, given + length, given < 0);
  let at = (i / inner / count) * uniforms.words.z * inner + u32(clamp(k, 0, max(length - 1, 0))) * inner + i % inner;`;

const reference =
  (absent: number): MapReference =>
  (_, i, { words }, inputs) => {
    const [inner, count, length] = words as [number, number, number];
    const given = inputs[1]![Math.floor(i / inner) % count]!;
    const k = given < 0 ? given + length : given;
    if (k < 0 || k >= length) return absent;
    return inputs[0]![(Math.floor(i / inner / count) * length + k) * inner + (i % inner)]!;
  };

const inside = "k >= 0 && k < length";
const forFloat = mapShader(
  "gather",
  { element: `fn element(i: u32) -> T {\n${index}\n  return select(quiet_nan(f32(given)), input0[at], ${inside});\n}` },
  reference(NaN),
);
const forWhole = mapShader(
  "gather",
  { element: `fn element(i: u32) -> T {\n${index}\n  return select(0, input0[at], ${inside});\n}` },
  reference(0),
);

/** Any gather, as a separate loop. */
const plainOp: Op<{ axis: number }> = {
  name: "gather",
  info: { description: "The slices of a tensor at given indices along an axis.", source: "NumPy take" },
  infer([x, indices], { axis }) {
    checkIndices("gather", indices!.dtype);
    return { shape: x!.shape.toSpliced(axis, 1, ...indices!.shape), dtype: x!.dtype };
  },
  cost: pickCost,
  run(call) {
    const {
      inputs,
      result,
      attributes: { axis },
    } = call;
    const [x, indices] = inputs as [Tensor, Tensor];
    const words = [innerSize(x.shape, axis), indices.size, x.shape[axis]!];
    // The shader computes the positions in both inputs itself; strides are not used.
    const strides = inputs.map(() => result.shape.map(() => 0));
    runMap(call, result.dtype === "float32" ? forFloat : forWhole, { words, strides });
  },
  gradient({ inputs: [x, indices], gradient, attributes: { axis } }) {
    return [scatterAdd(gradient, indices!, axis, x!.shape[axis]!), undefined];
  },
};

// Converts indices to existing rows: negative ones count from the end, others are clamped.
const rowShader = elementShader("gather rows", {
  wgsl: `fn value(given: T, length: u32) -> T {
  let k = select(given, given + T(length), given < 0);
  return clamp(k, 0, T(length) - 1);
}`,
  inputs: 1,
  words: 1,
  reference: (given, length) => Math.max(0, Math.min(length - 1, given < 0 ? given + length : given)),
});

/** Returns the element of a row if its index is in range. */
function insideShader(absent: string, absentNumber: number) {
  const wgsl = `fn value(x: T, given: i32, length: u32) -> T {
  return select(${absent}, x, given < i32(length) && given >= -i32(length));
}`;
  return elementShader("gather inside", {
    wgsl,
    inputs: 2,
    words: 1,
    reference: (x, given, length) => (given < length && given >= -length ? x : absentNumber),
  });
}
const insideFloat = insideShader("quiet_nan(f32(given))", NaN);
const insideWhole = insideShader("T(0)", 0);

const rowOp: Op<{ length: number }> = {
  name: "gather rows",
  info: { description: "Indices along an axis, clamped to its range." },
  infer: ([indices]) => ({ shape: indices!.shape, dtype: "int32" }),
  cost: elementCost,
  run: (call) => runMap(call, rowShader, { words: [call.attributes.length] }),
};

const insideOp: Op<{ length: number }> = {
  name: "gather inside",
  info: { description: "Rows whose indices are in range; NaN or 0 for the others." },
  infer: ([rows]) => ({ shape: rows!.shape, dtype: rows!.dtype }),
  cost: elementCost,
  run(call) {
    const shader = call.result.dtype === "float32" ? insideFloat : insideWhole;
    runMap(call, shader, { words: [call.attributes.length] });
  },
};

const gatherOp: Op<{ axis: number }> = {
  ...plainOp,
  /** Rows of a table, which a plan can fuse with the ops that read them. */
  expand([x, indices], { axis }) {
    const [table, places] = [x!, indices!];
    const length = table.shape[axis]!;
    const inner = innerSize(table.shape, axis);
    if (table.size === 0 || places.size === 0 || table.size !== length * inner) {
      return apply(plainOp, [table, places], { axis });
    }
    const given = places.reshape([places.size]);
    const rows = rowsAt(table.reshape([length, inner]), apply(rowOp, [given], { length }), { value: 0 }, places.size);
    const held = apply(insideOp, [rows, given.reshape([places.size, 1])], { length });
    return held.reshape(table.shape.toSpliced(axis, 1, ...places.shape));
  },
};

function innerSize(shape: Shape, axis: number): number {
  return sizeOf(shape.slice(axis + 1));
}

/**
 * The slices of a tensor along an axis, at given indices.
 *
 * `[...before, n, ...after]` and indices of any shape become `[...before, ...indices.shape, ...after]`. `axis` defaults
 * to 0. The indices are int32, and negative ones count from the end. An index out of range yields NaN in float32 and 0
 * in int32 and bool, because a device cannot throw. The gradient of a slice is the sum over its uses. Source: NumPy
 * `take`.
 * @throws DTypeError unless the indices are int32.
 * @throws ShapeError if the tensor lacks the axis.
 * @example
 * const x = tensor([[1, 2], [3, 4], [5, 6]]);
 * x.gather(tensor([2, 0, -1], { dtype: "int32" })); // => [[5, 6], [1, 2], [5, 6]]
 * x.gather(tensor(1, { dtype: "int32" }), 1); // => [2, 4, 6]
 */
export function gather(x: Operand, indices: Operand, axis = 0): Tensor {
  return apply(gatherOp, [x, indices], { axis: normalizeAxis(axis, x.shape.length, "gather") });
}
gather.op = gatherOp;

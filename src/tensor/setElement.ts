import { type Shape, stridesOf } from "../base/shape";
import { ShapeError } from "../base/errors";
import { copyCost } from "./define/cost";
import { mapShader, runMap } from "./define/map";
import { apply, type Op } from "./graph";
import type { Tensor } from "./tensor";

const shader = mapShader(
  "setElement",
  {
    element:
      "fn element(i: u32) -> T {\n  return select(input0[i], bitcast<T>(uniforms.words.y), i == uniforms.words.x);\n}",
  },
  ([x], i, { words, scalars }) => (i === words[0] ? scalars[0]! : x!),
);

const bits = new DataView(new ArrayBuffer(4));

const setElementOp: Op<{ index: number; value: number }> = {
  name: "set",
  info: { description: "The same values with one element replaced." },
  infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  cost: copyCost,
  run(call) {
    const { index, value } = call.attributes;
    if (call.result.dtype === "float32") bits.setFloat32(0, value);
    else bits.setInt32(0, value);
    runMap(call, shader, { scalars: [value], words: [index, bits.getUint32(0)] });
  },
};

/**
 * Returns the position of an element in row-major order.
 * @throws ShapeError for an index outside the shape.
 */
export function flatIndex(index: readonly number[], shape: Shape, at: string): number {
  if (index.length !== shape.length) {
    throw new ShapeError({ at, expected: `${shape.length} indices`, got: JSON.stringify(index) });
  }
  const strides = stridesOf(shape);
  return index.reduce((sum, position, axis) => sum + normalizeIndex(position, shape[axis]!, at) * strides[axis]!, 0);
}

function normalizeIndex(position: number, length: number, at: string): number {
  const result = position < 0 ? position + length : position;
  if (Number.isInteger(position) && result >= 0 && result < length) return result;
  throw new ShapeError({ at, expected: `an index from ${-length} to ${length - 1}`, got: String(position) });
}

/** Returns a copy of `x` in which one element is `value`. */
export function setElement(x: Tensor, index: readonly number[], value: number): Tensor {
  return apply(setElementOp, [x], { index: flatIndex(index, x.shape, "set()"), value });
}

import { copyCost } from "../define/cost";
import { elementShader, runMap } from "../define/map";
import { checkDType } from "../define/elementwise";
import { apply, type Op } from "../graph";
import type { Operand, Tensor } from "../tensor";

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

const shader = elementShader("magnitudeBits", {
  wgsl: "fn value(x: f32) -> T {\n  return bitcast<i32>(x) & 0x7fffffff;\n}",
  inputs: 1,
  reference(x) {
    float[0] = x;
    return bits[0]! & 0x7fffffff;
  },
});

const magnitudeBitsOp: Op<undefined> = {
  name: "magnitudeBits",
  info: { description: "The bits of each float32 without its sign, as an integer." },
  infer([x]) {
    checkDType("magnitudeBits", x!.dtype, ["float32"]);
    return { shape: x!.shape, dtype: "int32" };
  },
  cost: copyCost,
  run: (call) => runMap(call, shader),
};

/** Bits of infinity: those of finite numbers are less, those of NaN are greater. */
export const infinityBits = 0x7f800000;

/**
 * Returns the bits of float32 numbers without their signs, int32. They order like magnitudes, with infinity and then
 * NaN as the greatest, so whole numbers show whether all elements are finite. That is faster than comparing floats, and
 * no shader compiler optimizes it away. No gradient flows through it.
 * @throws DTypeError unless `x` is float32.
 */
export function magnitudeBits(x: Operand): Tensor {
  return apply(magnitudeBitsOp, [x], undefined);
}

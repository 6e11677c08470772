/** The shader that writes a tensor into a region of another. */
import { stridesOf } from "../../base/shape";
import type { Shader } from "../../device/backend";
import type { OpCall } from "../graph";
import type { Tensor } from "../tensor";
import { joinAxes } from "./map";

interface InsertUniforms {
  size: number;
  /** Shape of the input, with adjacent axes merged. */
  shape: readonly number[];
  /** Strides along `shape` in the result. */
  strides: readonly number[];
  offset: number;
}

const words = { size: 0, rank: 1, offset: 2, shape: 4, strides: 12, total: 20 };

const insertShader: Shader<InsertUniforms> = {
  name: "place",
  link: { file: "ops/place" },
  pack({ size, shape, strides, offset }) {
    const packed = new Uint32Array(words.total);
    packed.set([size, shape.length, offset]);
    packed.set(shape, words.shape);
    packed.set(strides, words.strides);
    return packed;
  },
  form: ({ shape, strides, offset }) => ({ kind: "insert", shape, strides, offset }),
  reference([input], result, { size, shape, strides, offset }) {
    // Elements that remain adjacent are copied as one run.
    const run = strides.at(-1) === 1 ? shape.at(-1)! : 1;
    for (let i = 0; i < size; i += run) {
      let rest = i;
      let at = offset;
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        at += (rest % shape[axis]!) * strides[axis]!;
        rest = Math.floor(rest / shape[axis]!);
      }
      for (let k = 0; k < run; k++) result[at + k] = input![i + k]!;
    }
  },
};

/** Writes `input` into the call's result, with its first element at `corner`. */
export function insertSlice(
  call: Pick<OpCall<unknown>, "run" | "result">,
  input: Tensor,
  corner: readonly number[],
): void {
  if (input.size === 0) return;
  const strides = stridesOf(call.result.shape);
  const joined = joinAxes(input.shape, [strides]);
  const offset = corner.reduce((sum, at, axis) => sum + at * strides[axis]!, 0);
  const uniforms = { size: input.size, shape: joined.shape, strides: joined.strides[0]!, offset };
  call.run(insertShader, [input], call.result, uniforms, Math.ceil(input.size / 64));
}

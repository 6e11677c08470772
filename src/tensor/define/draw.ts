/** Random tensors: each element a function of 32 bits that Philox makes of a key and the element's place. */
import type { DType } from "../../base/dtype";
import { type Key, randomBits } from "../../base/random";
import type { Shape } from "../../base/shape";
import type { Shader } from "../../device/backend";
import { defaultDevice } from "../../device/open";
import type { TensorOptions } from "../creation";
import { apply, type Op } from "../graph";
import { stream } from "../stream";
import type { Tensor } from "../tensor";
import { checkDType } from "./elementwise";

export interface RandomOptions extends TensorOptions {
  /** The same key draws the same values on every device; without one, the next of the stream. */
  key?: Key;
}

interface DrawUniforms {
  size: number;
  key: Key;
  scalars: readonly number[];
  words: readonly number[];
}

export interface DrawAttributes {
  shape: Shape;
  dtype: DType;
  key: Key;
  /** At most two numbers that the distribution takes. */
  scalars?: readonly number[];
  /** At most two unsigned whole numbers that it takes. */
  words?: readonly number[];
}

export interface DrawDefinition {
  name: string;
  info: Op["info"];
  /** The WGSL expression of `bits`, an u32, of type T. */
  expression: string;
  reference(bits: number, uniforms: Pick<DrawUniforms, "scalars" | "words">): number;
}

export function defineDraw({ name, info, expression, reference }: DrawDefinition): Op<DrawAttributes> {
  const shader: Shader<DrawUniforms> = {
    name,
    link: { file: "drivers/draw", element: `fn element(bits: u32) -> T {\n  return ${expression};\n}` },
    pack({ size, key, scalars, words }) {
      const packed = Uint32Array.of(size, 0, ...key, 0, 0, 0, 0);
      new Float32Array(packed.buffer).set(scalars, 4);
      packed.set(words, 6);
      return packed;
    },
    reference(_, result, uniforms) {
      const bits = randomBits(uniforms.key, uniforms.size);
      for (let i = 0; i < bits.length; i++) result[i] = reference(bits[i]!, uniforms);
    },
  };
  return {
    name,
    info,
    infer: (_, { shape, dtype }) => ({ shape, dtype }),
    run({ result, attributes: { key, scalars = [], words = [] }, run }) {
      run(shader, [], result, { size: result.size, key, scalars, words }, Math.ceil(result.size / 256));
    },
  };
}

export type DrawArguments = readonly (number | RandomOptions | undefined)[];

/** Numbers, each with its default, and options behind the last that is given. */
export function splitArguments(
  given: DrawArguments,
  defaults: readonly number[],
): { numbers: number[]; options: RandomOptions } {
  const options = given.find((argument) => typeof argument === "object");
  const numbers = defaults.map((value, index) => (typeof given[index] === "number" ? given[index] : value));
  return { numbers, options: options ?? {} };
}

export interface DrawCall {
  shape: Shape;
  options: RandomOptions;
  /** Which it may give, the default first. */
  dtypes: readonly DType[];
  scalars?: readonly number[];
  words?: readonly number[];
}

/** Draws. @throws DTypeError for a dtype that the distribution does not give. */
export function draw(op: Op<DrawAttributes>, { shape, options, dtypes, scalars, words }: DrawCall): Tensor {
  const { key, dtype = dtypes[0]!, device = defaultDevice() } = options;
  checkDType(`random.${op.name}`, dtype, dtypes);
  return apply(op, [], { shape, dtype, key: key ?? stream.next(), scalars, words }, device);
}

/**
 * Random tensors: each element is a function of 32 bits that Philox generates from a key and the element's position.
 */
import type { DType } from "../../base/dtype";
import { type Key, philox, randomBits } from "../../base/randomKeys";
import type { Shape } from "../../base/shape";
import { copyCost } from "./cost";
import type { Shader } from "../../device/backend";
import type { ElementFunction } from "../../device/form";
import { defaultDevice } from "../../device/open";
import type { TensorOptions } from "../creation";
import { apply, type Op } from "../graph";
import { noteDraw } from "../scope";
import { stream } from "../stream";
import type { Tensor } from "../tensor";
import { checkDType } from "./elementwise";

/** Options of every draw. */
export interface RandomOptions extends TensorOptions {
  /**
   * The key to draw from: the same key draws the same values on every device. Defaults to the next key of the stream.
   */
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
  /** If the key is the stream's: its index among the keys that the closure draws. */
  place?: number;
  /** At most two numbers for the distribution. */
  scalars?: readonly number[];
  /** At most two unsigned whole numbers for the distribution. */
  words?: readonly number[];
}

export interface DrawDefinition {
  name: string;
  info: Op["info"];
  /** A WGSL expression of type T in `bits` (u32), the scalars `a` and `b` and the words `m` and `n`. */
  expression: string;
  reference(bits: number, uniforms: Pick<DrawUniforms, "scalars" | "words">): number;
}

const parameters = "a: f32, b: f32, m: u32, n: u32";

/** Returns a function for the random bits of an element; four consecutive elements share one Philox counter. */
function bitsByPlace(): (i: number, key0: number, key1: number) => number {
  const counter = new Uint32Array(4);
  let at = -1;
  let key: Key = [0, 0];
  return (i, key0, key1) => {
    if (at !== i >>> 2 || key[0] !== key0 || key[1] !== key1) {
      at = i >>> 2;
      key = [key0, key1];
      counter.fill(0);
      counter[0] = at;
      philox(counter, key);
    }
    return counter[i & 3]!;
  };
}

/** The same draw, computed for each element separately: for programs that fuse it with its uses. */
function drawnElement({ expression, reference }: DrawDefinition): ElementFunction {
  const bits = bitsByPlace();
  return {
    wgsl: `fn drawn(bits: u32, ${parameters}) -> T {
  return ${expression};
}

fn value(i: u32, ${parameters}, key0: u32, key1: u32) -> T {
  return drawn(philox(vec4u(i / 4u, 0u, 0u, 0u), vec2u(key0, key1))[i % 4u], a, b, m, n);
}`,
    indexed: true,
    inputs: 0,
    scalars: 2,
    words: 4,
    reference: (i, a, b, m, n, key0, key1) => reference(bits(i, key0, key1), { scalars: [a, b], words: [m, n] }),
  };
}

function drawShader(definition: DrawDefinition): Shader<DrawUniforms> {
  const { name, expression, reference } = definition;
  const single = drawnElement(definition);
  const element = `fn drawn(bits: u32, ${parameters}) -> T {
  return ${expression};
}

fn element(bits: u32) -> T {
  return drawn(bits, uniforms.scalars.x, uniforms.scalars.y, uniforms.words.x, uniforms.words.y);
}`;
  return {
    name,
    link: { file: "drivers/draw", element },
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
    form: ({ size, key, scalars, words }) => ({
      kind: "elements",
      element: single,
      shape: [size],
      strides: [],
      offsets: [],
      scalars: [scalars[0] ?? 0, scalars[1] ?? 0],
      words: [words[0] ?? 0, words[1] ?? 0, ...key],
    }),
  };
}

export function defineDraw(definition: DrawDefinition): Op<DrawAttributes> {
  const { name, info } = definition;
  const shader = drawShader(definition);
  return {
    name,
    info,
    volatile: ["key", "place", "scalars", "words"],
    infer: (_, { shape, dtype }) => ({ shape, dtype }),
    cost: copyCost,
    run({ result, attributes: { key, scalars = [], words = [] }, run }) {
      run(shader, [], result, { size: result.size, key, scalars, words }, Math.ceil(result.size / 256));
    },
  };
}

export type DrawArguments = readonly (number | RandomOptions | undefined)[];

/** Splits arguments into numbers, each with a default, and the options after them. */
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
  /** The dtypes that it can draw, the default first. */
  dtypes: readonly DType[];
  scalars?: readonly number[];
  words?: readonly number[];
}

/**
 * Draws a tensor.
 * @throws DTypeError for a dtype that the distribution does not support.
 */
export function draw(op: Op<DrawAttributes>, { shape, options, dtypes, scalars, words }: DrawCall): Tensor {
  const { key, dtype = dtypes[0]!, device = defaultDevice() } = options;
  checkDType(`random.${op.name}`, dtype, dtypes);
  const source = key ? { key } : { key: stream.next(), place: noteDraw() };
  return apply(op, [], { shape, dtype, ...source, scalars, words }, device);
}

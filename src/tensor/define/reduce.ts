/** Shaders of the driver `reduce`: the values along some axes folded into one. */
import { sizeOf, stridesOf } from "../../base/shape";
import type { Link, ReferenceArray, Shader } from "../../device/backend";
import type { OpCall } from "../graph";
import { joinAxes } from "./map";

export interface ReduceUniforms {
  keptShape: readonly number[];
  keptStrides: readonly number[];
  reducedShape: readonly number[];
  reducedStrides: readonly number[];
  /** What folding leaves as it is: 0 for a sum. */
  start: number;
  /** True if `start` is packed as a float's bits. */
  float: boolean;
}

const words = { size: 0, count: 1, start: 2, keptRank: 3, keptShape: 4, keptStrides: 12, reducedRank: 20, reducedShape: 24, reducedStrides: 32, total: 40 };

function packReduce(uniforms: ReduceUniforms): Uint32Array<ArrayBuffer> {
  const packed = new Uint32Array(words.total);
  packed[words.size] = sizeOf(uniforms.keptShape);
  packed[words.count] = sizeOf(uniforms.reducedShape);
  if (uniforms.float) new Float32Array(packed.buffer)[words.start] = uniforms.start;
  else new Int32Array(packed.buffer)[words.start] = uniforms.start;
  packed[words.keptRank] = uniforms.keptShape.length;
  packed.set(uniforms.keptShape, words.keptShape);
  packed.set(uniforms.keptStrides, words.keptStrides);
  packed[words.reducedRank] = uniforms.reducedShape.length;
  packed.set(uniforms.reducedShape, words.reducedShape);
  packed.set(uniforms.reducedStrides, words.reducedStrides);
  return packed;
}

/** Every position of a strided walk, in order. */
function positions(shape: readonly number[], strides: readonly number[]): Int32Array {
  const result = new Int32Array(sizeOf(shape));
  for (let i = 0; i < result.length; i++) {
    let rest = i;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      result[i]! += (rest % shape[axis]!) * strides[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
  }
  return result;
}

/**
 * Sums in pairs, so that float32 loses about as little as the GPU's tree does.
 * Any fold whose order does not matter may go through it.
 */
function foldPairs(read: (k: number) => number, from: number, to: number, fold: (a: number, b: number) => number, start: number): number {
  if (to - from <= 16) {
    let folded = start;
    for (let k = from; k < to; k++) folded = fold(folded, read(k));
    return folded;
  }
  const middle = (from + to) >>> 1;
  return fold(foldPairs(read, from, middle, fold, start), foldPairs(read, middle, to, fold, start));
}

/** A shader that folds with the WGSL function `NAME(a, b)` of `shaders/functions/`, and `fold` in plain loops. */
export function reduceShader(name: string, link: Omit<Link, "file">, fold: (a: number, b: number) => number): Shader<ReduceUniforms> {
  return {
    name,
    link: { file: "drivers/reduce", ...link },
    pack: packReduce,
    reference([input], result, uniforms) {
      const kept = positions(uniforms.keptShape, uniforms.keptStrides);
      const reduced = positions(uniforms.reducedShape, uniforms.reducedStrides);
      const rounded = input instanceof Float32Array ? (a: number, b: number) => Math.fround(fold(a, b)) : fold;
      for (let i = 0; i < kept.length; i++) {
        const read = (k: number) => (input as ReferenceArray)[kept[i]! + reduced[k]!]!;
        result[i] = foldPairs(read, 0, reduced.length, rounded, uniforms.start);
      }
    },
  };
}

/** Where the values of each reduced element lie: axes that stay, and axes that go. */
export function reductionLayout(shape: readonly number[], axes: readonly number[]): Omit<ReduceUniforms, "start" | "float"> {
  const strides = stridesOf(shape);
  const side = (reduced: boolean) => {
    const list = shape.map((_, axis) => axis).filter((axis) => axes.includes(axis) === reduced);
    const joined = joinAxes(list.map((axis) => shape[axis]!), [list.map((axis) => strides[axis]!)]);
    return { shape: joined.shape, strides: joined.strides[0]! };
  };
  const kept = side(false);
  const reduced = side(true);
  return { keptShape: kept.shape, keptStrides: kept.strides, reducedShape: reduced.shape, reducedStrides: reduced.strides };
}

/** Runs a reduce shader over the call's one input; `start` in the input's dtype. */
export function runReduce<A>(call: OpCall<A>, shader: Shader<ReduceUniforms>, axes: readonly number[], start: number): void {
  const [input] = call.inputs;
  const uniforms = { ...reductionLayout(input!.shape, axes), start, float: input!.dtype === "float32" };
  call.run(shader, [input!], call.result, uniforms, call.result.size);
}

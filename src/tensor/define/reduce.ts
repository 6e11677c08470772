/** Shaders of the drivers `reduce` and `fold`: the values along some axes are folded into one. */
import { sizeOf, stridesOf } from "../../base/shape";
import type { Link, ReferenceArray, Shader } from "../../device/backend";
import type { FoldFunction } from "../../device/form";
import type { OpCall } from "../graph";
import type { Tensor } from "../tensor";
import { joinAxes } from "./map";

export interface ReductionLayout {
  keptShape: readonly number[];
  keptStrides: readonly number[];
  reducedShape: readonly number[];
  reducedStrides: readonly number[];
}

export interface ReduceUniforms extends ReductionLayout {
  /** The neutral element of the fold: 0 for a sum. */
  start: number;
  /** True if `start` is packed as the bits of a float. */
  float: boolean;
  /** Number of parts in which the values of each element are folded; the result then contains the parts. */
  parts: number;
}

/** A fold in two variants: one workgroup for each element, and one invocation for each element. */
export interface Fold {
  readonly byWorkgroup: Shader<ReduceUniforms>;
  readonly byInvocation: Shader<ReduceUniforms>;
}

const invocations = 64;

const words = {
  size: 0,
  count: 1,
  start: 2,
  keptRank: 3,
  keptShape: 4,
  keptStrides: 12,
  reducedRank: 20,
  part: 21,
  parts: 22,
  reducedShape: 24,
  reducedStrides: 32,
  total: 40,
};

function partLength({ reducedShape, parts }: ReduceUniforms): number {
  return Math.ceil(sizeOf(reducedShape) / parts);
}

export function packReduce(uniforms: ReduceUniforms): Uint32Array<ArrayBuffer> {
  const packed = new Uint32Array(words.total);
  packed[words.size] = sizeOf(uniforms.keptShape);
  packed[words.count] = sizeOf(uniforms.reducedShape);
  if (uniforms.float) new Float32Array(packed.buffer)[words.start] = uniforms.start;
  else new Int32Array(packed.buffer)[words.start] = uniforms.start;
  packed[words.keptRank] = uniforms.keptShape.length;
  packed.set(uniforms.keptShape, words.keptShape);
  packed.set(uniforms.keptStrides, words.keptStrides);
  packed[words.reducedRank] = uniforms.reducedShape.length;
  packed[words.part] = partLength(uniforms);
  packed[words.parts] = uniforms.parts;
  packed.set(uniforms.reducedShape, words.reducedShape);
  packed.set(uniforms.reducedStrides, words.reducedStrides);
  return packed;
}

/** Returns every position of a strided traversal, in order. */
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

/** For a reference: returns where the values of each element begin, and their offsets from there. */
export function readOffsets(layout: ReductionLayout): { kept: Int32Array; reduced: Int32Array } {
  return {
    kept: positions(layout.keptShape, layout.keptStrides),
    reduced: positions(layout.reducedShape, layout.reducedStrides),
  };
}

/**
 * Folds in pairs, so that float32 loses about as little as in the GPU's tree. Suitable for any fold whose order does
 * not matter.
 */
export function foldPairs(
  read: (k: number) => number,
  from: number,
  to: number,
  fold: (a: number, b: number) => number,
  start: number,
): number {
  if (to - from <= 16) {
    let folded = start;
    for (let k = from; k < to; k++) folded = fold(folded, read(k));
    return folded;
  }
  const middle = (from + to) >>> 1;
  return fold(foldPairs(read, from, middle, fold, start), foldPairs(read, middle, to, fold, start));
}

/**
 * Defines a fold by the WGSL function `(a, b)` of that name in `shaders/functions/`, and by the same function in plain
 * numbers.
 * @param integerFold for int32, if it differs
 */
export function defineFold(
  name: string,
  wgsl: string,
  fold: (a: number, b: number) => number,
  integerFold = fold,
): Fold {
  const element = `fn element(a: T, b: T) -> T {\n  return ${wgsl}(a, b);\n}`;
  const inFloat32 = (a: number, b: number) => Math.fround(fold(a, b));
  const reference: Shader<ReduceUniforms>["reference"] = ([input], result, uniforms) => {
    const { kept, reduced } = readOffsets(uniforms);
    const rounded = input instanceof Float32Array ? inFloat32 : input instanceof Float64Array ? fold : integerFold;
    const { parts, start } = uniforms;
    const length = partLength(uniforms);
    for (let i = 0; i < kept.length * parts; i++) {
      const base = kept[Math.floor(i / parts)]!;
      const from = (i % parts) * length;
      const read = (k: number) => (input as ReferenceArray)[base + reduced[k]!]!;
      result[i] = foldPairs(read, from, Math.min(from + length, reduced.length), rounded, start);
    }
  };
  const function_: FoldFunction = { wgsl, reference: fold, integerReference: integerFold };
  const shader = (file: string, link: Omit<Link, "file">): Shader<ReduceUniforms> => ({
    name: `${name} by ${file}`,
    link: { file, ...link },
    pack: packReduce,
    reference,
    form: (uniforms) => ({ kind: "fold", fold: function_, ...uniforms }),
  });
  return { byWorkgroup: shader("drivers/reduce", { element }), byInvocation: shader("drivers/fold", { element }) };
}

/**
 * Returns where the values of each reduced element are located: the axes that remain, and the axes that are reduced.
 */
export function reductionLayout(shape: readonly number[], axes: readonly number[]): ReductionLayout {
  const strides = stridesOf(shape);
  const side = (reduced: boolean) => {
    const list = shape.map((_, axis) => axis).filter((axis) => axes.includes(axis) === reduced);
    const joined = joinAxes(
      list.map((axis) => shape[axis]!),
      [list.map((axis) => strides[axis]!)],
    );
    return { shape: joined.shape, strides: joined.strides[0]! };
  };
  const kept = side(false);
  const reduced = side(true);
  return {
    keptShape: kept.shape,
    keptStrides: kept.strides,
    reducedShape: reduced.shape,
    reducedStrides: reduced.strides,
  };
}

/** A workgroup folds at least this many values before an element is split into parts. */
const leastPart = 4096;

/** Returns 1 in most cases; more if few elements of many values would leave the device idle. */
function partsFor(size: number, count: number): number {
  return size >= 64 ? 1 : Math.max(1, Math.min(256, Math.ceil(count / leastPart)));
}

/** True if one invocation for each element keeps the device busy, or an element has too few values to divide. */
function foldsByInvocation(size: number, count: number): boolean {
  return count <= 32 || (size >= 4096 && count <= 1024);
}

/** Runs the variant of the fold that suits the sizes. */
export function runEither(
  call: Pick<OpCall<unknown>, "run">,
  fold: Fold,
  input: Tensor,
  result: Tensor,
  uniforms: ReduceUniforms,
): void {
  if (foldsByInvocation(result.size, sizeOf(uniforms.reducedShape))) {
    call.run(fold.byInvocation, [input], result, { ...uniforms, parts: 1 }, Math.ceil(result.size / invocations));
  } else {
    call.run(fold.byWorkgroup, [input], result, uniforms, result.size);
  }
}

/** Folds `input` along `axes` into `result`; `start` is in the input's dtype. */
export function runFold(
  call: Pick<OpCall<unknown>, "run" | "scratch" | "joined">,
  fold: Fold,
  input: Tensor,
  result: Tensor,
  axes: readonly number[],
  start: number,
): void {
  const layout = reductionLayout(input.shape, axes);
  const parts = call.joined ? 1 : partsFor(result.size, sizeOf(layout.reducedShape));
  const uniforms: ReduceUniforms = { ...layout, start, float: input.dtype === "float32", parts };
  if (parts === 1) {
    runEither(call, fold, input, result, uniforms);
    return;
  }
  const partial = call.scratch([result.size, parts], input.dtype);
  call.run(fold.byWorkgroup, [input], partial, uniforms, partial.size);
  runEither(call, fold, partial, result, { ...uniforms, ...reductionLayout(partial.shape, [1]), parts: 1 });
}

/** Shaders of the driver `map`: one function for each element of the result. */
import { broadcastStrides, type Shape, sizeOf, stridesOf } from "../../base/shape";
import type { Link, ReferenceArray, Shader } from "../../device/backend";
import type { ElementFunction } from "../../device/form";
import type { OpCall } from "../graph";
import type { Tensor } from "../tensor";

/** The greatest number of inputs that are read through strides. */
export const maxMapInputs = 3;
const invocations = 64;

export interface MapUniforms {
  /** Shape of the result, with adjacent axes merged. */
  shape: readonly number[];
  /** Strides of each input along `shape`, in elements. */
  strides: readonly (readonly number[])[];
  /** Offset of the first element of each input. */
  offsets: readonly number[];
  /** At most two numbers that the function takes besides tensors. */
  scalars: readonly number[];
  /** At most four unsigned whole numbers that the function takes. */
  words: readonly number[];
}

/** Computes element `i` from the values of its inputs, or from the whole inputs if it reads them at other positions. */
export type MapReference = (
  values: number[],
  i: number,
  uniforms: MapUniforms,
  inputs: readonly ReferenceArray[],
) => number;

const words = { size: 0, rank: 1, scalars: 2, shape: 4, strides: 12, offsets: 36, words: 40, total: 44 };

function packMap({ shape, strides, offsets, scalars, words: whole }: MapUniforms): Uint32Array<ArrayBuffer> {
  const packed = new Uint32Array(words.total);
  packed[words.size] = sizeOf(shape);
  packed[words.rank] = shape.length;
  new Float32Array(packed.buffer).set(scalars, words.scalars);
  packed.set(shape, words.shape);
  strides.forEach((list, input) => packed.set(list, words.strides + input * 8));
  packed.set(offsets, words.offsets);
  packed.set(whole, words.words);
  return packed;
}

/** Calls `visit` with the position in every input, for each element in order. */
function walk({ shape, strides, offsets }: MapUniforms, visit: (i: number, at: readonly number[]) => void): void {
  const size = sizeOf(shape);
  const index = new Array<number>(shape.length).fill(0);
  const at = strides.map((_, input) => offsets[input] ?? 0);
  for (let i = 0; i < size; i++) {
    visit(i, at);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      for (let input = 0; input < at.length; input++) at[input]! += strides[input]![axis]!;
      if (++index[axis]! < shape[axis]!) break;
      for (let input = 0; input < at.length; input++) at[input]! -= strides[input]![axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
}

/** As `walk`, for inputs that are read with one stride each: most calls, once adjacent axes are merged. */
function walkLine({ shape, strides, offsets }: MapUniforms, visit: (i: number, at: readonly number[]) => void): void {
  const size = shape[0] ?? 1;
  const at = strides.map((_, input) => offsets[input] ?? 0);
  const steps = strides.map((list) => list[0] ?? 0);
  for (let i = 0; i < size; i++) {
    visit(i, at);
    for (let input = 0; input < at.length; input++) at[input]! += steps[input]!;
  }
}

/** Returns a shader that computes `reference` for each element. */
export function mapShader(name: string, link: Omit<Link, "file">, reference: MapReference): Shader<MapUniforms> {
  return {
    name,
    link: { file: "drivers/map", ...link },
    pack: packMap,
    reference(inputs, result, uniforms) {
      const values = new Array<number>(inputs.length).fill(0);
      const visit = (i: number, at: readonly number[]) => {
        for (let input = 0; input < at.length; input++) values[input] = inputs[input]![at[input]!]!;
        result[i] = reference(values, i, uniforms, inputs);
      };
      if (uniforms.shape.length <= 1) walkLine(uniforms, visit);
      else walk(uniforms, visit);
    },
  };
}

/** Returns the driver's `element`, which reads the function's arguments and calls it. */
function elementGlue({ wgsl, inputs, indexed, scalars = 0, words: wholes = 0 }: ElementFunction): string {
  const values = [
    ...(indexed ? ["i"] : []),
    ...Array.from({ length: inputs }, (_, k) => `input${k}[source(i, ${k}u)]`),
    ...["x", "y"].slice(0, scalars).map((part) => `uniforms.scalars.${part}`),
    ...["x", "y", "z", "w"].slice(0, wholes).map((part) => `uniforms.words.${part}`),
  ];
  return `${wgsl}\n\nfn element(i: u32) -> T {\n  return value(${values.join(", ")});\n}`;
}

/** Returns a shader that computes `element` for each position of the result. */
export function elementShader(name: string, element: ElementFunction): Shader<MapUniforms> {
  const { reference, indexed, scalars = 0, words: wholes = 0 } = element;
  const plain = !indexed && scalars === 0 && wholes === 0;
  const all: MapReference = (values, i, uniforms) => {
    const numbers = [...values, ...uniforms.scalars.slice(0, scalars), ...uniforms.words.slice(0, wholes)];
    return indexed ? reference(i, ...numbers) : reference(...numbers);
  };
  const byArity: MapReference[] = [
    all,
    ([a]) => reference(a!),
    ([a, b]) => reference(a!, b!),
    ([a, b, c]) => reference(a!, b!, c!),
  ];
  return {
    ...mapShader(name, { element: elementGlue(element) }, plain ? byArity[element.inputs]! : all),
    form: (uniforms) => ({ kind: "elements", element, ...uniforms }),
  };
}

/** Copies its input: for ops that only read elements from other positions. */
export const copyShader: Shader<MapUniforms> = elementShader("copy", {
  wgsl: "fn value(x: T) -> T {\n  return x;\n}",
  inputs: 1,
  reference: (x) => x,
});

/** Merges adjacent axes that every input traverses like one axis, which saves divisions for each element. */
export function joinAxes(
  shape: Shape,
  strides: readonly (readonly number[])[],
): Pick<MapUniforms, "shape" | "strides"> {
  const joined: number[] = [];
  const kept: number[][] = strides.map(() => []);
  shape.forEach((length, axis) => {
    if (length === 1) return;
    const last = joined.length - 1;
    const joins = last >= 0 && strides.every((list, input) => kept[input]![last] === list[axis]! * length);
    if (joins) joined[last]! *= length;
    else joined.push(length);
    strides.forEach((list, input) => {
      if (joins) kept[input]![last] = list[axis]!;
      else kept[input]!.push(list[axis]!);
    });
  });
  return { shape: joined, strides: kept };
}

const lineShaders = new WeakMap<Shader<MapUniforms>, Shader<MapUniforms>>();

/** Returns the same program without a loop over axes, for a single line: most calls. */
function alongLine(shader: Shader<MapUniforms>): Shader<MapUniforms> {
  let line = lineShaders.get(shader);
  if (!line) {
    line = { ...shader, name: `${shader.name} along a line`, link: { ...shader.link, file: "drivers/map_line" } };
    lineShaders.set(shader, line);
  }
  return line;
}

export interface MapOptions {
  /** Strides of each input along the result's shape; those of broadcasting by default. */
  strides?: readonly (readonly number[])[];
  offsets?: readonly number[];
  scalars?: readonly number[];
  words?: readonly number[];
}

/** Runs a map shader over the inputs of a call into its result. */
export function runMap(
  call: Pick<OpCall<unknown>, "inputs" | "result" | "run">,
  shader: Shader<MapUniforms>,
  options: MapOptions = {},
): void {
  const { inputs, result } = call;
  const strides = options.strides ?? inputs.map((input) => broadcastStrides(input.shape, result.shape));
  const uniforms: MapUniforms = {
    ...joinAxes(result.shape, strides),
    offsets: options.offsets ?? inputs.map(() => 0),
    scalars: options.scalars ?? [],
    words: options.words ?? [],
  };
  const isLine = uniforms.shape.length <= 1;
  call.run(isLine ? alongLine(shader) : shader, inputs, result, uniforms, Math.ceil(result.size / invocations));
}

/** Returns the strides of an input that is read along permuted axes, as in `transpose`. */
export function stridesAlong(input: Tensor, axes: readonly number[]): number[] {
  const strides = stridesOf(input.shape);
  return axes.map((axis) => strides[axis]!);
}

/**
 * Shape rules of layers: the shape of a result follows from options and the shape of the input. They know no tensors and
 * no devices, so that the page shows shapes without a session. A kind names its rule in its `info`.
 */
import { ShapeError } from "./errors";
import { formatShape, maxRank, type PartialShape, resolveReshape } from "./shape";
import { checkWindowFits, type Pair, windowOf, windowPositions } from "./slidingWindow";

/** Values of a layer's fields by name, defaults included; undefined for a value that only a run of the code knows. */
export type ShapeFields = Readonly<Record<string, unknown>>;

export interface ShapeCall {
  readonly fields: ShapeFields;
  /** Null is any length. */
  readonly inputShape: PartialShape;
  /** Label of the layer in errors. */
  readonly at: string;
}

/**
 * Returns the shape of the result, in which null is a length that is not known; null if not even the rank is known.
 * @throws ShapeError for an input that does not fit
 */
export type ShapeRule = (call: ShapeCall) => PartialShape | null;

/** Returns a whole number from the fields, or null if it is not known. */
function count(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

/** @param axes words for the axes of the expected input */
function misfit({ at, inputShape }: ShapeCall, axes: string, remedy?: string): ShapeError {
  return new ShapeError({ at, expected: `input [${axes}]`, got: formatShape(inputShape), remedy });
}

/** @throws ShapeError unless the input has a last axis, of features. */
function checkFeatures(call: ShapeCall): void {
  if (call.inputShape.length === 0) throw misfit(call, "..., in", "Use reshape() to give it an axis of features.");
}

/** @throws ShapeError unless the input is a batch of images. */
function checkImages(call: ShapeCall): void {
  const { inputShape } = call;
  if (inputShape.length === 4) return;
  const lengths = inputShape.length === 3 ? [...inputShape.slice(1), 1] : ["height", "width", "channels"];
  const remedy = `Add reshape([${lengths.map((length) => length ?? "?").join(", ")}]) before it.`;
  throw misfit(call, "batch, height, width, channels", remedy);
}

/** @throws ShapeError unless the input is a batch of sequences. */
function checkSequences(call: ShapeCall): void {
  const { inputShape } = call;
  if (inputShape.length === 3) return;
  const lengths = inputShape.length > 3 ? [-1, inputShape.at(-1) ?? "features"] : ["steps", "features"];
  throw misfit(call, "batch, steps, features", `Add reshape([${lengths.join(", ")}]) before it.`);
}

/** Slides a window over images. @param channels returns the channels of the result for those of the images */
function slide(
  call: ShapeCall,
  kernel: unknown,
  strides: unknown,
  channels: (images: number | null) => number | null,
): PartialShape {
  checkImages(call);
  const { fields, inputShape, at } = call;
  const [batch, height, width, depth] = inputShape as [null, null, null, null];
  const { padding, dilationRate = 1 } = fields;
  if (kernel === undefined || strides === undefined || padding === undefined)
    return [batch, null, null, channels(depth)];
  const options = { padding: padding as "valid" | "same", dilationRate: dilationRate as Pair };
  const window = windowOf(at, kernel as Pair, strides as Pair, options);
  const positions = windowPositions([height, width], window);
  checkWindowFits(at, inputShape, window, positions);
  return [batch, ...positions, channels(depth)];
}

const shapeRules = {
  /** The same shape. */
  same: ({ inputShape }) => inputShape,

  /** The same shape; a softmax needs an axis. */
  activation(call) {
    if (call.fields.activation === "softmax") checkFeatures(call);
    return call.inputShape;
  },

  /** The same shape, of examples in a batch. */
  examples(call) {
    if (call.inputShape.length === 0) throw misfit(call, "batch, ...", "Use reshape() to give it an axis of examples.");
    return call.inputShape;
  },

  /** The same shape, with features along the last axis. */
  features(call) {
    checkFeatures(call);
    return call.inputShape;
  },

  units(call) {
    checkFeatures(call);
    return [...call.inputShape.slice(0, -1), count(call.fields.units)];
  },

  convolution(call) {
    const { kernelSize, strides, filters } = call.fields;
    return slide(call, kernelSize, strides, () => count(filters));
  },

  depthwise(call) {
    const { kernelSize, strides, depthMultiplier } = call.fields;
    const multiplier = count(depthMultiplier);
    return slide(call, kernelSize, strides, (depth) =>
      depth === null || multiplier === null ? null : depth * multiplier,
    );
  },

  pool(call) {
    const { poolSize, strides } = call.fields;
    return slide(call, poolSize, strides === null ? poolSize : strides, (depth) => depth);
  },

  globalPool(call) {
    checkImages(call);
    const [batch, , , channels] = call.inputShape as [null, null, null, null];
    const { keepDims } = call.fields;
    if (keepDims === undefined) return null;
    return keepDims ? [batch, 1, 1, channels] : [batch, channels];
  },

  embedding({ fields, inputShape, at }) {
    if (inputShape.length < maxRank) return [...inputShape, count(fields.outputDim)];
    throw new ShapeError({ at, expected: `input of rank at most ${maxRank - 1}`, got: formatShape(inputShape) });
  },

  recurrent(call) {
    checkSequences(call);
    const [batch, steps] = call.inputShape as [null, null, null];
    const { returnSequences } = call.fields;
    const units = count(call.fields.units);
    if (returnSequences === undefined) return null;
    return returnSequences ? [batch, steps, units] : [batch, units];
  },

  sequences(call) {
    checkSequences(call);
    return call.inputShape;
  },

  flatten({ inputShape: [batch = 1, ...rest] }) {
    return [batch, rest.includes(null) ? null : (rest as number[]).reduce((size, length) => size * length, 1)];
  },

  reshape({ fields: { targetShape }, inputShape: [batch = 1, ...rest], at }) {
    if (!Array.isArray(targetShape)) return null;
    const lengths = targetShape as number[];
    const known = rest.every((length) => length !== null);
    const resolved = known ? resolveReshape(rest, lengths, at) : lengths;
    return [batch, ...resolved.map((length) => (length < 0 ? null : length))];
  },
} satisfies Record<string, ShapeRule>;

/** Returns the rule that a kind names; undefined if it names none, as a class declared in a cell. */
export function shapeRuleOf({ shapeRule }: { readonly shapeRule?: string }): ShapeRule | undefined {
  // The name may come from a session, which may send any text.
  return shapeRule !== undefined && Object.hasOwn(shapeRules, shapeRule)
    ? shapeRules[shapeRule as keyof typeof shapeRules]
    : undefined;
}

/**
 * Adds the defaults of a kind's fields to given values. A field that is given as undefined stays unknown.
 */
export function withDefaults(fields: readonly { name: string; default?: unknown }[], given: ShapeFields): ShapeFields {
  return { ...Object.fromEntries(fields.map(({ name, default: value }) => [name, value])), ...given };
}

/** Fast paths of CPU:0 that replace a shader's reference: loops of known form over float32 and int32 elements. */
import { sizeOf } from "../../base/shape";
import type { ElementLoop, FoldLoop, Form, ProductLoop } from "../form";
import type { Elements } from "../shader";
import { fillFor, foldFor } from "./innerLoops";
import { multiplyFloat32 } from "./matmul/multiplyFloat32";
import { stridedOffsets } from "./stridedOffsets";

/**
 * Runs line by line along the last axis; a number is an input of one value. Returns false for functions that take the
 * index or more arguments than `fillFor` supports.
 */
function runElements(loop: ElementLoop, inputs: readonly Elements[], result: Elements): boolean {
  const { element, shape, strides, offsets } = loop;
  const numbers = [...loop.scalars.slice(0, element.scalars ?? 0), ...loop.words.slice(0, element.words ?? 0)];
  const given = [...inputs, ...numbers.map((number) => Float64Array.of(number))];
  const of = element.reference;
  const fill = fillFor[given.length - 1]?.(of);
  if (element.indexed || !fill) return false;
  const count = shape.at(-1) ?? 1;
  const steps = [...strides.map((list) => list.at(-1) ?? 0), ...numbers.map(() => 0)];
  const outer = shape.slice(0, -1);
  const starts = strides.map((list, input) => stridedOffsets(outer, list.slice(0, -1), offsets[input] ?? 0));
  const lines = sizeOf(outer);
  const at = steps.map(() => 0);
  for (let line = 0; line < lines; line++) {
    for (let input = 0; input < starts.length; input++) at[input] = starts[input]![line]!;
    fill(of, result, line * count, count, given, at, steps);
  }
  return true;
}

/** Returns false if the folded elements do not form a single line. */
function runFold(loop: FoldLoop, input: Elements, result: Elements): boolean {
  if (loop.reducedShape.length > 1) return false;
  const count = loop.reducedShape[0] ?? 1;
  const step = loop.reducedStrides[0] ?? 0;
  const float = input instanceof Float32Array;
  const of = float ? loop.fold.reference : loop.fold.integerReference;
  const fold = foldFor(of);
  const kept = stridedOffsets(loop.keptShape, loop.keptStrides, 0);
  for (let i = 0; i < kept.length; i++) result[i] = fold(of, input, kept[i]!, step, count, loop.start, float);
  return true;
}

/**
 * Returns true if the batch is equivalent to one product: B is shared, and the rows of A continue from one matrix to
 * the next.
 */
export function isOneProduct({ rows, aStrides, batchShape, aBatch, bBatch }: ProductLoop): boolean {
  if (bBatch.some((stride) => stride !== 0)) return false;
  let next = rows * aStrides[0];
  for (let axis = batchShape.length - 1; axis >= 0; axis--) {
    if (batchShape[axis] !== 1 && aBatch[axis] !== next) return false;
    next *= batchShape[axis]!;
  }
  return true;
}

/** Returns false for int32, whose products wrap. */
function runProducts(loop: ProductLoop, [a, b]: readonly Elements[], result: Elements): boolean {
  if (!(a instanceof Float32Array && b instanceof Float32Array && result instanceof Float32Array)) return false;
  const { rows, columns, depth, aStrides, bStrides, batchShape, aBatch, bBatch } = loop;
  const batches = sizeOf(batchShape);
  const product = { columns, depth, aStrides, bStrides };
  if (isOneProduct(loop)) {
    multiplyFloat32(a, b, result, { ...product, rows: rows * batches, aOffset: 0, bOffset: 0, resultOffset: 0 });
    return true;
  }
  const aOffsets = stridedOffsets(batchShape, aBatch, 0);
  const bOffsets = stridedOffsets(batchShape, bBatch, 0);
  for (let index = 0; index < batches; index++) {
    const offsets = { aOffset: aOffsets[index]!, bOffset: bOffsets[index]!, resultOffset: index * rows * columns };
    multiplyFloat32(a, b, result, { ...product, rows, ...offsets });
  }
  return true;
}

/** Runs a loop by its form. Returns false if the shader's reference must run instead. */
export function runForm(form: Form, inputs: readonly Elements[], result: Elements): boolean {
  switch (form.kind) {
    case "elements":
      return runElements(form, inputs, result);
    case "fold":
      return runFold(form, inputs[0]!, result);
    case "take":
    case "window":
    case "pool":
    case "insert":
      return false;
    case "product":
      return runProducts(form, inputs, result);
  }
}

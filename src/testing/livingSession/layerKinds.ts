/** Which built-in layers fit which inputs: found out by trying, so that a new kind is drawn like the others. */
import { WeightroomError } from "../../base/errors";
import { sizeOf } from "../../base/shape";
import { setDefaultDevice } from "../../device/open";
import { sequential } from "../../index";
import { blockMakers, buildLayer } from "./build";
import { Draw } from "./draw";
import { drawCall } from "./drawFields";
import type { LayerPlan } from "./plans";

const mostOutputs = 600;

/** The shape of one result for one example's shape; undefined where they do not fit, or the result is empty or large. */
export function shapeAfter(layer: LayerPlan, input: readonly number[]): number[] | undefined {
  const before = setDefaultDevice("CPU:0");
  const block = (() => {
    try {
      // Around it, since a layer's own build only makes its weights.
      const made = sequential([buildLayer(layer)]);
      made.build([3, ...input]);
      return made;
    } catch (error) {
      if (error instanceof WeightroomError) return undefined;
      throw error;
    } finally {
      setDefaultDevice(before);
    }
  })();
  if (!block) return undefined;
  const [, ...output] = block.lastOutputShape as [null, ...number[]];
  for (const weight of block.weights) weight.dispose();
  const size = sizeOf(output);
  return size > 0 && size <= mostOutputs ? output : undefined;
}

export const takesWholeNumbers = (kind: string): boolean =>
  blockMakers[kind]!.info.fields.some(({ name }) => name === "inputDim");

/** All kinds but those that hold others. */
export const layerKinds = Object.keys(blockMakers).filter((kind) => !blockMakers[kind]!.info.container);

function fits(kind: string, input: readonly number[]): boolean {
  const draw = new Draw(1);
  const calls = Array.from({ length: 6 }, () => drawCall(blockMakers[kind]!.info, draw, input, {}));
  return calls.some((call) => shapeAfter(call, input) !== undefined);
}

export interface Families {
  /** Of whole numbers. */
  embeddings: string[];
  /** Those that take nothing but images. */
  images: string[];
  /** Those that walk through sequences, and may give every step. */
  recurrent: string[];
  /** All others that take nothing but sequences. */
  attention: string[];
  /** Those that take anything. */
  others: string[];
}

let found: Families | undefined;

export function families(): Families {
  if (found) return found;
  const sorted: Families = { embeddings: [], images: [], recurrent: [], attention: [], others: [] };
  for (const kind of layerKinds) {
    const [vector, sequence, image] = [[6], [5, 6], [6, 6, 2]].map((shape) => fits(kind, shape));
    const hasSequences = blockMakers[kind]!.info.fields.some(({ name }) => name === "returnSequences");
    if (takesWholeNumbers(kind)) sorted.embeddings.push(kind);
    else if (vector || (sequence && image)) sorted.others.push(kind);
    else if (image) sorted.images.push(kind);
    else if (sequence) sorted[hasSequences ? "recurrent" : "attention"].push(kind);
  }
  return (found = sorted);
}

/** Determines by trial which built-in layers accept which inputs, so that new kinds are drawn like the others. */
import { WeightroomError } from "../../base/errors";
import { sizeOf } from "../../base/shape";
import { setDefaultDevice } from "../../device/open";
import { sequential } from "../../index";
import { blockMakers, buildLayer } from "./build";
import { Draw } from "./draw";
import { drawCall } from "./drawFields";
import type { LayerPlan } from "./casePlans";

const mostOutputs = 600;

/**
 * Returns the output shape of a layer for one row of this shape; undefined if the layer rejects it or the output is
 * empty or too large.
 */
export function shapeAfter(layer: LayerPlan, input: readonly number[]): number[] | undefined {
  const before = setDefaultDevice("CPU:0");
  const block = (() => {
    try {
      // Inside `sequential`, because a layer's own build only creates its weights.
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

/** All kinds except containers. */
export const layerKinds = Object.keys(blockMakers).filter((kind) => !blockMakers[kind]!.info.children);

function fits(kind: string, input: readonly number[]): boolean {
  const draw = new Draw(1);
  const calls = Array.from({ length: 6 }, () => drawCall(blockMakers[kind]!.info, draw, input, {}));
  return calls.some((call) => shapeAfter(call, input) !== undefined);
}

export interface Families {
  /** Layers of integer inputs. */
  embeddings: string[];
  /** Layers that accept only images. */
  images: string[];
  /** Layers that iterate over sequences and have `returnSequences`. */
  recurrent: string[];
  /** All other layers that accept only sequences. */
  attention: string[];
  /** Layers that accept any input. */
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

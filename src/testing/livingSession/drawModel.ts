/** Draws models of every family: stacks of layers as users build them, in odd sizes. */
import type { Json } from "../../base/info";
import { sizeOf } from "../../base/shape";
import { activationNames } from "../../nn/define/activations";
import { blockMakers } from "./build";
import type { LayerPlan, ModelPlan } from "./casePlans";
import type { Draw } from "./draw";
import { drawCall } from "./drawFields";
import { families, layerKinds, shapeAfter, takesWholeNumbers } from "./layerKinds";
import type { WrapperName } from "./ownBlocks";

/** The layers so far and their output shape. */
class Stack {
  readonly layers: LayerPlan[] = [];

  constructor(
    readonly draw: Draw,
    public shape: number[],
  ) {}

  /** Adds a layer if it fits. */
  put(layer: LayerPlan): boolean {
    const after = shapeAfter(layer, this.shape);
    if (!after) return false;
    this.layers.push(layer);
    this.shape = after;
    return true;
  }

  /** Adds a layer of one of these kinds. Retries, because some do not fit the shape. */
  any(kinds: readonly string[], fixed: { [name: string]: Json } = {}): boolean {
    for (let attempt = 0; attempt < 8; attempt++) {
      const { info } = blockMakers[this.draw.pick(kinds)]!;
      const own = Object.fromEntries(
        Object.entries(fixed).filter(([name]) => info.fields.some((f) => f.name === name)),
      );
      if (this.put(drawCall(info, this.draw, this.shape, own))) return true;
    }
    return false;
  }

  dense(units: number): void {
    const activation = this.draw.pick(activationNames);
    this.put({ kind: "dense", args: [units, { activation }] });
  }

  /** Adds a layer, inside a custom block if it preserves the shape. */
  wrapped(layer: LayerPlan): void {
    const kind = this.draw.pick<WrapperName>(["Residual", "Residual", "Twice", "Gate"]);
    if (!this.put({ kind, args: [], of: [layer] })) this.put(layer);
  }
}

/** Mostly short, because every time step is a part of the graph. */
function drawSteps(draw: Draw): number {
  const kind = draw.weighted({ short: 75, middle: 12, long: 13 });
  return kind === "short" ? draw.whole(3, 6) : kind === "middle" ? draw.whole(7, 20) : draw.whole(21, 128);
}

function recurrent(stack: Stack): void {
  const long = stack.shape[0]! > 20;
  const layers = long ? 1 : stack.draw.weighted({ "1": 70, "2": 25, "3": 5 });
  for (let left = Number(layers); left > 0; left--) {
    const units = stack.draw.whole(1, long ? 4 : 9);
    const returnSequences = left > 1 || stack.draw.chance(0.25);
    stack.any(families().recurrent, { units, returnSequences });
    if (stack.draw.chance(0.2)) stack.any(families().others);
    if (stack.shape.length < 2) return;
  }
}

/** As in a transformer, with common omissions and additions. */
function attention(stack: Stack): void {
  for (let left = stack.draw.chance(0.85) ? 1 : 2; left > 0; left--) {
    const width = stack.shape.at(-1)!;
    for (let attempt = 0; attempt < 8; attempt++) {
      const { info } = blockMakers[stack.draw.pick(families().attention)]!;
      const layer = drawCall(info, stack.draw, stack.shape, {});
      if (!shapeAfter(layer, stack.shape)) continue;
      stack.wrapped(layer);
      break;
    }
    if (stack.draw.chance(0.6)) stack.any(["layerNorm"]);
    if (stack.draw.chance(0.6)) continue;
    const wide: LayerPlan = {
      kind: "dense",
      args: [stack.draw.whole(2, 13), { activation: stack.draw.pick(activationNames) }],
    };
    stack.put({ kind: "Residual", args: [], of: [wide, { kind: "dense", args: [width] }] });
  }
  if (stack.shape.length === 2 && stack.draw.chance(0.5)) stack.put({ kind: "MeanOfSteps", args: [] });
}

function images(stack: Stack): void {
  for (let left = stack.draw.whole(1, 3); left > 0; left--) {
    stack.any(stack.draw.chance(0.7) ? families().images : families().others);
    if (stack.shape.length !== 3) return;
  }
}

function vectors(stack: Stack): void {
  for (let left = stack.draw.whole(0, 2); left > 0; left--) {
    if (stack.draw.chance(0.6)) stack.dense(stack.draw.whole(1, 33));
    else if (stack.draw.chance(0.3)) stack.wrapped({ kind: "dense", args: [stack.shape.at(-1)!] });
    else stack.any(families().others);
  }
}

function deep(stack: Stack): void {
  const width = stack.draw.whole(2, 8);
  for (let left = stack.draw.whole(5, 13); left > 0; left--) {
    stack.dense(stack.draw.chance(0.7) ? width : stack.draw.whole(1, 9));
    if (stack.draw.chance(0.1)) stack.any(["batchNorm", "layerNorm", "dropout"]);
  }
}

/** Any layers that fit, however unusual. */
function anything(stack: Stack): void {
  const kinds = layerKinds.filter((kind) => !takesWholeNumbers(kind));
  for (let left = stack.draw.whole(1, 4); left > 0; left--) stack.any(kinds);
}

function embedded(stack: Stack): void {
  const then = stack.draw.weighted({ recurrent: 3, attention: 2, nothing: 5 });
  if (then === "recurrent") recurrent(stack);
  if (then === "attention") attention(stack);
}

const drawers = {
  vectors: { weight: 34, body: vectors, input: (draw: Draw) => [draw.whole(1, 24)] },
  deep: { weight: 3, body: deep, input: (draw: Draw) => [draw.whole(1, 9)] },
  images: {
    weight: 18,
    body: images,
    input: (draw: Draw) => [draw.whole(3, 9), draw.whole(3, 9), draw.whole(1, 3)],
  },
  recurrent: { weight: 14, body: recurrent, input: (draw: Draw) => [drawSteps(draw), draw.whole(1, 5)] },
  attention: { weight: 6, body: attention, input: (draw: Draw) => [draw.whole(1, 7), draw.whole(2, 8)] },
  embedded: { weight: 10, body: embedded, input: (draw: Draw) => [draw.whole(2, 5)] },
  anything: {
    weight: 15,
    body: anything,
    input: (draw: Draw) => draw.pick([[draw.whole(1, 12)], [draw.whole(2, 9), draw.whole(1, 5)], [6, 5, 2]]),
  },
};

export type ModelFamily = keyof typeof drawers;

/** @param lastWidth width of the predictions; the last layer is a dense layer of this width */
export function drawModel(draw: Draw, lastWidth: number): { family: ModelFamily; model: ModelPlan } {
  const weights = Object.fromEntries(Object.entries(drawers).map(([name, { weight }]) => [name, weight]));
  const family = draw.weighted(weights) as ModelFamily;
  const { body, input: drawInput } = drawers[family];
  const input = drawInput(draw);
  const vocabulary = family === "embedded" ? draw.whole(2, 20) : 0;
  const stack = new Stack(draw, input);
  if (vocabulary > 0) stack.any(families().embeddings, { inputDim: vocabulary + draw.whole(0, 3) });
  body(stack);
  if (stack.shape.length > 2 || sizeOf(stack.shape) > 100 || (stack.shape.length > 1 && draw.chance(0.6)))
    stack.put({ kind: "flatten", args: [] });
  stack.put({ kind: "dense", args: [lastWidth] });
  return { family, model: { input, vocabulary, layers: stack.layers, output: stack.shape } };
}

/** Draws a whole case from its seed: a model, its data, its training and the actions of a user. */
import type { Json } from "../../base/info";
import type { FileFormat } from "../../formats/fileFormat";
import * as formats from "../../formats/index";
import { inOrder, lossMakers, metricMakers, optimizerMakers, scheduleMakers } from "./build";
import { Draw } from "./draw";
import { drawField, drawOptions } from "./drawFields";
import { drawModel } from "./drawModel";
import { lossNeeds } from "./losses";
import type { SessionAction, Case, Fate, FitAction, LossPlan, DrawnCall, OptimizerPlan } from "./casePlans";

const extensions = Object.values(inOrder<FileFormat>(formats))
  .filter(({ write, holds }) => write !== undefined && holds !== "one tensor")
  .map((format) => format.extensions[0]);

const rates: { [name: string]: (draw: Draw) => Json } = {
  boundaries: () => [2, 5],
  values: (draw) => [draw.between(0.001, 0.02), 0.005, 0.001],
};

function drawRate(draw: Draw): number {
  return 10 ** draw.between(-4, -1.7);
}

function drawSchedule(draw: Draw): DrawnCall {
  const kind = draw.pick(Object.keys(scheduleMakers));
  const needed = scheduleMakers[kind]!.info.fields.filter((field) => field.default === undefined);
  const entries = needed.map((field): [string, Json] => {
    const own = rates[field.name];
    if (own) return [field.name, own(draw)];
    return [field.name, field.name.toLowerCase().includes("rate") ? drawRate(draw) : drawField(field, draw, [])];
  });
  return { kind, args: [Object.fromEntries(entries)] };
}

function drawOptimizer(draw: Draw): OptimizerPlan {
  const kind = draw.pick(Object.keys(optimizerMakers));
  const drawn = drawOptions(optimizerMakers[kind]!.info, draw, { without: ["learningRate"], share: 0.15 });
  // The ways of clipping exclude each other.
  const clipping = ["clipNorm", "globalClipNorm", "clipValue"].filter((name) => name in drawn);
  for (const name of clipping.slice(1)) delete drawn[name];
  const options = { ...drawn, learningRate: drawRate(draw) };
  if (!draw.chance(0.15)) return { kind, options };
  const { learningRate: _, ...rest } = options;
  return { kind, options: rest, schedule: drawSchedule(draw) };
}

function drawLoss(draw: Draw): LossPlan {
  const kind = draw.pick(Object.keys(lossMakers));
  return { kind, options: drawOptions(lossMakers[kind]!.info, draw) };
}

function drawFit(draw: Draw, rows: number): FitAction {
  const few = draw.chance(0.8);
  // A last batch of another size needs another program; about half of the cases have none.
  const batchSize = draw.chance(0.65) ? rows : draw.whole(Math.max(1, Math.ceil(rows / 6)), rows + 3);
  return {
    do: "fit",
    epochs: few ? draw.whole(1, 3) : draw.whole(4, 9),
    batchSize,
    shuffle: draw.chance(0.6),
    validation: rows > 3 ? draw.weighted({ none: 7, split: 2, data: 1 }) : "none",
    weighted: draw.chance(0.2),
    stopAfter: draw.chance(0.1) ? 1 : 0,
    pauseAfter: draw.chance(0.1) ? draw.whole(1, 4) : 0,
  };
}

const actionWeights: Readonly<Record<SessionAction["do"], number>> = {
  fit: 20,
  evaluate: 12,
  predict: 16,
  minimize: 18,
  gradients: 8,
  "compile function": 8,
  "eager ops": 8,
  "save and load": 8,
  stop: 8,
  freeze: 4,
  "move there and back": 3,
  "look at plans": 3,
  "compile anew": 4,
};

/** @param before earlier actions, because users often repeat one */
function drawAction(draw: Draw, rows: number, before: readonly SessionAction[]): SessionAction {
  if (draw.chance(0.25)) return draw.pick(before);
  const kind = draw.weighted(actionWeights);
  const batchSize = draw.whole(Math.max(1, Math.ceil(rows / 6)), rows + 2);
  if (kind === "fit") return drawFit(draw, rows);
  if (kind === "evaluate" || kind === "predict") return { do: kind, batchSize };
  if (kind === "minimize") return { do: kind, steps: draw.whole(1, 6), keepGradients: draw.chance(0.2) };
  if (kind === "gradients") return { do: kind, training: draw.chance(0.3), times: draw.whole(1, 3) };
  if (kind === "compile function")
    return { do: kind, replay: draw.chance(0.5), rows: Array.from({ length: 4 }, () => draw.whole(1, rows)) };
  if (kind === "eager ops") return { do: kind, seed: draw.whole(0, 1e6), tidy: draw.chance(0.5) };
  if (kind === "save and load")
    return { do: kind, extension: draw.pick(extensions), into: draw.pick(["itself", "another", "one not built"]) };
  if (kind === "stop")
    return { do: kind, during: draw.pick(["fit", "evaluate", "predict", "minimize"]), afterTurns: draw.whole(0, 12) };
  if (kind === "freeze") return { do: kind, layer: draw.whole(0, 9), steps: draw.whole(1, 3) };
  if (kind === "compile anew") return { do: kind, optimizer: drawOptimizer(draw) };
  return { do: kind };
}

const fates: Readonly<Record<Fate, number>> = { freed: 4, dropped: 3, kept: 1.5, "used again": 1.5 };
/** Largest distance, in cases, to an earlier model that is trained again. */
const farthest = 8;

/**
 * Draws a case. Nearly half of the cases rerun an earlier one, as a user reruns a cell: the same model with new weights
 * and data, so that the device finds programs that it compiled before.
 */
export function drawCase(seed: number): Case {
  const draw = new Draw(seed ^ 0x2545f491);
  if (seed <= farthest || draw.chance(0.55)) return drawNewCase(seed);
  const before = drawCase(seed - draw.whole(1, farthest));
  const actions = draw.chance(0.5) ? before.actions : before.actions.toReversed();
  const fate = draw.weighted(fates);
  const later = fate === "used again" ? [draw.pick(actions), draw.pick(actions)] : [];
  return { ...before, seed, actions, fate, later };
}

/** Each part has its own random numbers, so that changing how one is drawn does not affect the others. */
function drawNewCase(seed: number): Case {
  const parts = new Draw(seed);
  const next = () => new Draw(parts.whole(0, 2 ** 31));
  const loss = drawLoss(next());
  const { truth } = lossNeeds[loss.kind as keyof typeof lossNeeds];
  const shape = next();
  const wide = truth === "classes" || truth === "one hot" || truth === "distributions";
  const { family, model } = drawModel(next(), wide ? shape.whole(2, 6) : shape.whole(1, 4));
  addHead(loss, model.layers, shape);
  const long = model.input.length === 2 && model.input[0]! > 20;
  const rows = long ? shape.whole(2, 7) : shape.whole(2, 40);
  const script = next();
  const actions: SessionAction[] = [drawFit(script, rows)];
  for (let left = script.whole(0, 3); left > 0; left--) actions.push(drawAction(script, rows, actions));
  // Some cases do not start with training.
  if (script.chance(0.3)) actions.push(actions.shift()!);
  const fate: Fate = script.weighted(fates);
  const later = fate === "used again" ? [script.pick(actions), drawAction(script, rows, actions)] : [];
  const metrics = script.chance(0.4) ? [script.pick(Object.keys(metricMakers))] : [];
  return { seed, family, model, rows, loss, metrics, optimizer: drawOptimizer(next()), actions, fate, later };
}

/** Makes predictions valid for the loss, by an additional layer or by the last layer's activation. */
function addHead(loss: LossPlan, layers: Case["model"]["layers"], draw: Draw): void {
  const { head } = lossNeeds[loss.kind as keyof typeof lossNeeds];
  const activation = loss.options["fromLogits"] === true ? "linear" : head;
  const last = layers.at(-1)!;
  if (draw.chance(0.5)) layers.push({ kind: "activation", args: [activation] });
  else last.args = [last.args[0]!, { activation }];
}

import { describe, expect, test } from "vitest";
import { activationNames } from "../../nn/activations";
import { blockMakers, lossMakers, optimizerMakers, scheduleMakers } from "./build";
import { drawCase } from "./drawCase";
import { describeCase } from "./describeCase";
import { layerKinds } from "./layerKinds";
import { lossNeeds } from "./losses";
import type { Action, Case, LayerPlan, OptimizerPlan } from "./plans";
import { leaksIn } from "./summary";

const cases = Array.from({ length: 700 }, (_, index) => drawCase(index + 1));

function missing(all: readonly string[], drawn: readonly string[]): string[] {
  const seen = new Set(drawn);
  return all.filter((name) => !seen.has(name));
}

function layersIn(layers: readonly LayerPlan[]): LayerPlan[] {
  return layers.flatMap((layer) => [layer, ...layersIn(layer.of ?? [])]);
}

function optimizersIn({ optimizer, actions, later }: Case): OptimizerPlan[] {
  return [optimizer, ...[...actions, ...later].flatMap((action) => ("optimizer" in action ? [action.optimizer] : []))];
}

describe("700 seeds of living sessions", () => {
  test("draw every kind of layer, activation, loss, optimizer and schedule that there is", () => {
    const layers = cases.flatMap(({ model }) => layersIn(model.layers));
    const told = layers.map(({ args }) => JSON.stringify(args)).join();
    const optimizers = cases.flatMap(optimizersIn);
    expect({
      layers: missing(
        layerKinds,
        layers.map(({ kind }) => kind),
      ),
      containers: Object.keys(blockMakers).filter((kind) => blockMakers[kind]!.info.container),
      activations: activationNames.filter((name) => !told.includes(`"${name}"`)),
      losses: missing(
        Object.keys(lossMakers),
        cases.map(({ loss }) => loss.kind),
      ),
      optimizers: missing(
        Object.keys(optimizerMakers),
        optimizers.map(({ kind }) => kind),
      ),
      schedules: missing(
        Object.keys(scheduleMakers),
        optimizers.flatMap(({ schedule }) => schedule?.kind ?? []),
      ),
      lossesWithNeeds: missing(Object.keys(lossMakers), Object.keys(lossNeeds)),
    }).toEqual({
      layers: [],
      containers: ["sequential"],
      activations: [],
      losses: [],
      optimizers: [],
      schedules: [],
      lossesWithNeeds: [],
    });
  });

  test("draw everything that a person does, every end of a model, and sequences of up to 128 steps", () => {
    const actions = cases.flatMap((one) => [...one.actions, ...one.later]);
    const kinds: Record<Action["do"], number> = {
      fit: 0,
      evaluate: 0,
      predict: 0,
      minimize: 0,
      gradients: 0,
      "compile function": 0,
      "eager ops": 0,
      "save and load": 0,
      stop: 0,
      freeze: 0,
      "move there and back": 0,
      "look at plans": 0,
      "compile anew": 0,
    };
    for (const action of actions) kinds[action.do]++;
    expect(Object.entries(kinds).filter(([, count]) => count < 5)).toEqual([]);
    expect(
      missing(
        ["freed", "dropped", "kept", "used again"],
        cases.map(({ fate }) => fate),
      ),
    ).toEqual([]);
    const steps = cases.filter(({ family }) => family === "recurrent").map(({ model }) => model.input[0]!);
    expect(Math.max(...steps)).toBeGreaterThan(100);
    expect(steps.filter((count) => count <= 6).length).toBeGreaterThan(steps.length / 2);
  });

  test("draw the same case from the same seed, and tell it in two lines", () => {
    expect(drawCase(17)).toEqual(cases[16]);
    expect(describeCase(cases[16]!).split("\n")).toHaveLength(2);
  });
});

test("what is held may rise by what plans keep, not with the number of models", () => {
  const level = (cases1: number, buffers: number, bytes: number) => ({ cases: cases1, buffers, bytes });
  expect(leaksIn([level(15, 20, 5000), level(30, 44, 9000), level(45, 60, 20_000), level(60, 50, 9000)])).toEqual([]);
  expect(leaksIn([level(15, 20, 5000), level(30, 44, 9000), level(45, 95, 9000), level(60, 60, 3_000_000)])).toEqual([
    "LEAK: bytes of GPU:0 went from 9000 to 3000000",
    "LEAK: buffers of GPU:0 went from 44 to 95",
  ]);
});

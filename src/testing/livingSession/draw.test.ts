import { describe, expect, test } from "vitest";
import { activationNames } from "../../nn/define/activations";
import { blockMakers, lossMakers, optimizerMakers, scheduleMakers } from "./build";
import type { SessionAction, Case, LayerPlan, OptimizerPlan } from "./casePlans";
import { describeCase } from "./describeCase";
import { drawCase } from "./drawCase";
import { layerKinds } from "./layerKinds";
import { lossNeeds } from "./losses";
import { leaksIn } from "./sessionSummary";
import { usual } from "./usual";

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

/** Returns the kinds of each sort that no case draws. */
function missingIn(drawn: readonly Case[]) {
  const layers = drawn.flatMap(({ model }) => layersIn(model.layers));
  const told = layers.map(({ args }) => JSON.stringify(args)).join();
  const made = drawn.flatMap(optimizersIn);
  const kinds = (plans: readonly { kind: string }[]) => plans.map(({ kind }) => kind);
  return {
    layers: missing(layerKinds, kinds(layers)),
    activations: activationNames.filter((name) => !told.includes(`"${name}"`)),
    losses: missing(Object.keys(lossMakers), kinds(drawn.map(({ loss }) => loss))),
    optimizers: missing(Object.keys(optimizerMakers), kinds(made)),
    schedules: missing(Object.keys(scheduleMakers), kinds(made.flatMap(({ schedule }) => schedule ?? []))),
  };
}

describe("700 seeds of living sessions", () => {
  test("draw every kind of layer, activation, loss, optimizer and schedule", () => {
    expect(missingIn(cases)).toEqual({ layers: [], activations: [], losses: [], optimizers: [], schedules: [] });
    expect(missing(Object.keys(lossMakers), Object.keys(lossNeeds))).toEqual([]);
    expect(Object.keys(blockMakers).filter((kind) => blockMakers[kind]!.info.children)).toEqual(["sequential"]);
  });

  test("draw every action, every fate of a model, and sequences of up to 128 time steps", () => {
    const actions = cases.flatMap((one) => [...one.actions, ...one.later]);
    const kinds: Record<SessionAction["do"], number> = {
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

  test("draw the same case from the same seed, and describe it in two lines", () => {
    expect(drawCase(17)).toEqual(cases[16]);
    expect(describeCase(cases[16]!).split("\n")).toHaveLength(2);
  });
});

describe("the seeds that every test run covers", () => {
  const few = Array.from({ length: usual.count }, (_, index) => drawCase(usual.from + index));

  test("draw every kind of layer, activation, loss and optimizer", () => {
    const { schedules: _, ...drawn } = missingIn(few);
    expect(drawn).toEqual({ layers: [], activations: [], losses: [], optimizers: [] });
  });

  test("draw two recurrent nets of more than 64 time steps, one of them of more than 100, and several of many dense layers", () => {
    const long = few.filter(({ family, model }) => family === "recurrent" && model.input[0]! > 64);
    const nets = new Set(long.map(({ model }) => JSON.stringify(model)));
    const deep = few.filter(({ model }) => model.layers.filter(({ kind }) => kind === "dense").length > 8);
    expect({
      nets: nets.size >= 2,
      longest: long.some(({ model }) => model.input[0]! > 100),
      deep: deep.length >= 2,
      // They must not come first, so that programs of other models are already compiled when they run.
      first: [...long, ...deep].every(({ seed }) => seed > usual.from),
    }).toEqual({ nets: true, longest: true, deep: true, first: true });
  });
});

test("memory that remains after all models are gone may not grow at all", () => {
  const level = (after: number, buffers: number, bytes: number) => ({ cases: after, buffers, bytes });
  expect(leaksIn([level(0, 1, 2048), level(30, 1, 2048), level(60, 1, 1024)])).toEqual([]);
  expect(leaksIn([level(0, 1, 2048), level(30, 1, 2048), level(60, 61, 2288)])).toEqual([
    "LEAK: bytes of GPU:0 went from 2048 to 2288 after 60 models",
    "LEAK: buffers of GPU:0 went from 1 to 61 after 60 models",
  ]);
});

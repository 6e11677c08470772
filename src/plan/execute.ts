/** Computes what a closure recorded: by a plan, or op by op where a plan is not worth compiling. */
import type { Key } from "../base/random";
import { full } from "../tensor/creation";
import { pendingInOrder } from "../tensor/graph";
import type { Position } from "../tensor/ops/rowsAt";
import { ownerOf, Parameter } from "../tensor/parameter";
import { stream } from "../tensor/stream";
import { keep, outsideScopes, type Scope, suspendScope, tensorsIn } from "../tensor/scope";
import { Tensor } from "../tensor/tensor";
import { describeGraph } from "./graphKey";
import { bitsOf, numbersOf, volatileTensors } from "./lower";
import { fitsDevice, Plan, type PreparedPlan, preparePlan, type StepGraph } from "./plan";
import { PlanCache } from "./planCache";
import type { ParameterUpdate, Step } from "./step";

const plans = new PlanCache();

/** Takes back what was assigned a recorded value. */
export function takeEffectsBack(scope: Scope): void {
  for (const undo of scope.effects.values()) undo();
  scope.effects.clear();
}

/** Turns assignments inside the closure into updates, and gives the parameters back the values that the graph read. */
function effectsOf(scope: Scope): ParameterUpdate[] {
  const parameters = [...scope.effects.keys()].filter((key) => key instanceof Parameter);
  const updates = parameters.map((parameter): ParameterUpdate => [parameter, parameter.asTensor()]);
  takeEffectsBack(scope);
  return updates;
}

/** Recorded tensors that blocks hold in their fields past the closure. */
function heldIn(scope: Scope): Tensor[] {
  const held = [...scope.holders].flatMap((holder) => [...holder.heldTensors()]);
  return tensorsIn(held).filter((tensor): tensor is Tensor => tensor instanceof Tensor);
}

/** A step that was recorded and compiled, to be run as often as need be. */
export class RecordedStep {
  /** What brings numbers to each run: constants are looked up once, positions and draws each time. */
  private readonly sources: readonly (() => readonly number[])[];

  constructor(
    private readonly plan: Plan,
    private readonly graph: StepGraph,
    private readonly inputs: readonly Tensor[],
  ) {
    this.sources = volatileTensors(graph.order).map(sourceOf);
  }

  /**
   * Queues `count` runs, one after the other, in one submit where the device allows it. Random ops draw anew each time.
   * @param prepare called before each: sets positions, and gives the numbers that the step's extension takes.
   */
  run(count: number, prepare: (index: number) => readonly number[]): void {
    const all: number[] = [];
    for (let index = 0; index < count; index++) {
      const numbers = prepare(index);
      for (const source of this.sources) all.push(...source());
      for (const number of numbers) all.push(bitsOf(number));
    }
    for (const slot of this.plan.run(this.inputs, Uint32Array.from(all), count)) this.graph.backend.free(slot);
  }

  /** Frees its memory once what was queued is done. */
  dispose(): void {
    this.plan.dispose();
  }
}

/** What brings a recorded tensor's numbers to each run: a position as it is then, a draw with the next key, a constant. */
function sourceOf(tensor: Tensor): () => readonly number[] {
  const attributes = tensor.node!.attributes as { key?: Key; start?: Position };
  const { start } = attributes;
  if (start) return () => [start.value];
  if (!attributes.key) {
    const fixed = numbersOf(tensor);
    return () => fixed;
  }
  return () => {
    attributes.key = stream.next();
    return numbersOf(tensor);
  };
}

/** Compiles a step of the scope's closure; only what it replaces is kept of its runs. */
export async function compileStep(step: Step, scope: Scope): Promise<RecordedStep> {
  const effects = effectsOf(scope);
  const { backend } = step.roots[0]!;
  const values = effects.map(([, value]) => value);
  const order = pendingInOrder([...step.roots, ...values]);
  const { leaves } = describeGraph(order, [...values, ...step.targets]);
  const graph: StepGraph = { step, backend, order, leaves, wanted: [], effects };
  keep([...order, ...leaves]);
  const plan = await compileIn(scope, preparePlan(graph));
  return new RecordedStep(
    plan,
    graph,
    leaves.filter((leaf) => !stateOf(leaf)),
  );
}

/** Computes a step of the scope's closure, and gives the outputs of its extension. */
export async function execute(step: Step, scope: Scope): Promise<readonly Tensor[]> {
  const effects = effectsOf(scope);
  const wanted = [...new Set([...step.roots, ...heldIn(scope)])].filter((tensor) => tensor.pending);
  const order = pendingInOrder([...wanted, ...effects.map(([, value]) => value)]);
  const { backend } = step.roots[0]!;
  const named = [...wanted, ...effects.map(([, value]) => value), ...step.targets];
  const { leaves, text } = describeGraph(order, named);
  const isOnOneDevice = [...order, ...leaves, ...step.states].every(({ device }) => device === backend.device);
  if (!isOnOneDevice || backend.compiles === "never") return computeEagerly(step, wanted, effects);
  const assigned = effects.map(([parameter]) => parameter);
  const states = [...leaves.flatMap((leaf) => stateOf(leaf) ?? []), ...step.states, ...assigned];
  const stateText = step.states.map(({ dtype, shape }) => `${dtype}[${shape.join()}]`).join();
  const effectText = assigned.map((parameter) => states.indexOf(parameter)).join();
  const key = [backend.device, step.key, stateText, effectText, text].join("|");
  const entry = plans.entry(key);
  if (!entry.isSeenBefore() && backend.compiles === "slowly") return computeEagerly(step, wanted, effects);
  const graph: StepGraph = { step, backend, order, leaves, wanted, effects };
  let plan = entry.planFor([...new Set(states)]);
  if (!plan) {
    const prepared = preparePlan(graph);
    if (!fitsDevice(prepared)) return computeEagerly(step, wanted, effects);
    plan = await compileIn(scope, prepared);
    entry.add(plan);
  }
  suspendScope(scope);
  return runPlan(plan, graph);
}

function stateOf(leaf: Tensor): Parameter | undefined {
  const parameter = ownerOf(leaf);
  return parameter?.asTensor() === leaf ? parameter : undefined;
}

function compileIn(scope: Scope, prepared: PreparedPlan): Promise<Plan> {
  // What others compute meanwhile is none of this closure's.
  suspendScope(scope);
  return Plan.compile(prepared, scope.name);
}

function runPlan(plan: Plan, { step, leaves, order, wanted, backend }: StepGraph): Tensor[] {
  const inputs = leaves.filter((leaf) => !stateOf(leaf));
  const numbers = Uint32Array.from([...volatileTensors(order).flatMap(numbersOf), ...step.numbers.map(bitsOf)]);
  const slots = plan.run(inputs, numbers);
  wanted.forEach((tensor, index) => tensor.settle(slots[index]!));
  return slots
    .slice(wanted.length)
    .map((slot, index) =>
      Tensor.over({ backend, slot, references: 0 }, plan.shapeOf(wanted.length + index), slot.dtype),
    );
}

function computeEagerly(step: Step, wanted: readonly Tensor[], effects: readonly ParameterUpdate[]): readonly Tensor[] {
  const { device } = step.roots[0]!;
  const numbers = step.numbers.map((number) => full([], number, { device }));
  const { outputs, updates } = step.extend(numbers);
  const all = [...effects, ...updates];
  for (const tensor of [...wanted, ...outputs, ...all.map(([, value]) => value)]) tensor.slot();
  outsideScopes(() => {
    for (const [parameter, value] of all) parameter.assign(value);
  });
  return outputs;
}

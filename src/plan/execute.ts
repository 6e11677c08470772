/** Computes what a closure recorded: by a plan, or op by op where a plan is not worth compiling. */
import type { Key } from "../base/random";
import { full } from "../tensor/creation";
import { type Op, recordedInOrder } from "../tensor/graph";
import type { Position } from "../tensor/ops/rowsAt";
import { Parameter } from "../tensor/parameter";
import { stream } from "../tensor/stream";
import { outsideScopes, releaseFromScopes, type Scope, suspendScope, tensorsIn } from "../tensor/scope";
import { type Node, Tensor } from "../tensor/tensor";
import { describeGraph } from "./graphKey";
import { bitsOf, numbersOf, volatileTensors } from "./lower";
import { NotReplayable } from "./notReplayable";
import { fitsDevice, Plan, preparePlan, stateOf, type StepGraph } from "./plan";
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

/** Recorded tensors that blocks hold in their fields past the closure, or that were passed to `keep`. */
function heldIn(scope: Scope): Tensor[] {
  const held = [...[...scope.holders].flatMap((holder) => [...holder.heldTensors()]), ...scope.kept];
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

function isView(tensor: Tensor): boolean {
  const { run, expand } = (tensor.node as Node<Op>).op;
  return !run && !expand;
}

/** A graph and the text that tells it from others. */
interface Described {
  readonly graph: StepGraph;
  readonly text: string;
}

/** What of a closure leads to what is wanted of it. */
function graphOf(step: Step, wanted: readonly Tensor[], effects: readonly ParameterUpdate[]): Described {
  const values = effects.map(([, value]) => value);
  const recorded = recordedInOrder([...wanted, ...values, ...step.roots]);
  const order = recorded.filter(({ pending }) => pending);
  const computed = order.length === recorded.length ? [] : recorded.filter(({ pending }) => !pending);
  const { leaves, text } = describeGraph(recorded, [...wanted, ...values, ...step.targets]);
  const graph: StepGraph = { step, backend: step.roots[0]!.backend, order, leaves, computed, wanted, effects };
  return { graph, text };
}

/**
 * Compiles a step of the scope's closure; only what it replaces is kept of its runs.
 * @throws NotReplayable where values were computed before the closure came to its end.
 */
export async function compileStep(step: Step, scope: Scope): Promise<RecordedStep> {
  const { graph } = graphOf(step, [], effectsOf(scope));
  if (graph.computed.length > 0) throw new NotReplayable(scope.name);
  releaseFromScopes([...graph.order, ...graph.leaves]);
  const prepared = preparePlan(graph);
  // What others compute meanwhile is none of this closure's.
  suspendScope(scope);
  return new RecordedStep(await Plan.compile(prepared, scope.name), graph, graph.leaves);
}

/** Computes a step of the scope's closure, and gives the outputs of its extension. */
export async function execute(step: Step, scope: Scope): Promise<readonly Tensor[]> {
  const effects = effectsOf(scope);
  const wanted = [...new Set([...step.roots, ...heldIn(scope)])].filter((tensor) => tensor.pending);
  const described = graphOf(step, wanted, effects);
  const found = findPlan(described, scope.name, () => suspendScope(scope));
  if (!found) return computeEagerly(step, wanted, effects);
  const plan = found instanceof Promise ? await found : found;
  suspendScope(scope);
  return runPlan(plan, described.graph);
}

/**
 * Computes a tensor that is read while its closure records, with all that it is made of: gradients may need that.
 * Returns nothing where that is done at once.
 */
export function executePart(tensor: Tensor, closure: string): void | Promise<void> {
  const extend = () => ({ outputs: [], updates: [] });
  const step: Step = { roots: [tensor], key: "part", targets: [], states: [], numbers: [], extend };
  // Constants and draws are made anew where they are needed; views are another's values.
  const wanted = recordedInOrder([tensor]).filter(
    (one) => one === tensor || (one.pending && !isView(one) && one.node!.inputs.length > 0),
  );
  const described = graphOf(step, wanted, []);
  const found = findPlan(described, closure, () => undefined);
  if (found instanceof Promise) return found.then((plan) => void runPlan(plan, described.graph));
  if (found) runPlan(found, described.graph);
  else tensor.ensureValues();
}

/**
 * The plan of a graph, compiled if need be; undefined where it is better computed op by op.
 * @param closure what it was recorded in
 * @param onCompile called before it is compiled
 */
function findPlan(
  { graph, text }: Described,
  closure: string,
  onCompile: () => void,
): Plan | Promise<Plan> | undefined {
  const { step, backend, order, leaves, computed, effects } = graph;
  const isHere = ({ device }: { device: string }) => device === backend.device;
  const isOnOneDevice = [order, leaves, computed, step.states].every((list) => list.every(isHere));
  if (!isOnOneDevice || backend.compiles === "never") return undefined;
  const assigned = effects.map(([parameter]) => parameter);
  const states = [...leaves.flatMap((leaf) => stateOf(leaf) ?? []), ...step.states, ...assigned];
  const stateText = step.states.map(({ dtype, shape }) => `${dtype}[${shape.join()}]`).join();
  const effectText = assigned.map((parameter) => states.indexOf(parameter)).join();
  const entry = plans.entry([backend.device, step.key, stateText, effectText, text].join("|"));
  if (!entry.isSeenBefore() && backend.compiles === "slowly") return undefined;
  const known = entry.planFor([...new Set(states)]);
  if (known) return known;
  const prepared = preparePlan(graph);
  if (!fitsDevice(prepared)) return undefined;
  const add = (plan: Plan) => {
    entry.add(plan);
    return plan;
  };
  onCompile();
  const plan = Plan.compile(prepared, closure);
  return plan instanceof Promise ? plan.then(add) : add(plan);
}

function runPlan(plan: Plan, { step, leaves, computed, order, wanted, backend }: StepGraph): Tensor[] {
  const numbers = Uint32Array.from([...volatileTensors(order).flatMap(numbersOf), ...step.numbers.map(bitsOf)]);
  const slots = plan.run([...leaves, ...computed], numbers);
  wanted.forEach((tensor, index) => {
    // While the plan was compiled it may have been computed by itself.
    if (tensor.pending) tensor.settle(slots[index]!);
    else backend.free(slots[index]!);
  });
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

/** Computes recorded graphs, by a plan, or op by op if compiling a plan does not pay. */
import { full } from "../tensor/creation";
import { type Op, recordedInOrder } from "../tensor/graph";
import { Parameter } from "../tensor/parameter";
import { outsideScopes, releaseFromScopes, type Scope, suspendScope, tensorsIn } from "../tensor/scope";
import { type Node, Tensor } from "../tensor/tensor";
import { describeGraph } from "./graphKey";
import { preparedFor } from "./keptPrograms";
import { bitsOf, numbersOf, volatileTensors } from "./lower";
import { NotReplayable } from "./notReplayable";
import { fitsDevice, Plan, preparePlan, stateOf, type StepGraph } from "./plan";
import { PlanCache } from "./planCache";
import { RecordedStep } from "./recordedStep";
import type { ParameterUpdate, Step } from "./step";

const plans = new PlanCache();

/** Disposes of the cached plans. Later computations compile new ones. */
export function forgetPlans(): void {
  plans.clear();
}

/** Undoes the assignments of recorded values to parameters. */
export function takeEffectsBack(scope: Scope): void {
  for (const undo of scope.effects.values()) undo();
  scope.effects.clear();
}

/** Turns assignments inside the closure into updates and restores the values that the graph reads. */
function effectsOf(scope: Scope): ParameterUpdate[] {
  const parameters = [...scope.effects.keys()].filter((key) => key instanceof Parameter);
  const updates = parameters.map((parameter): ParameterUpdate => [parameter, parameter.asTensor()]);
  takeEffectsBack(scope);
  return updates;
}

/** Returns the recorded tensors that escape by a block's field or by `keep`. */
function heldIn(scope: Scope): Tensor[] {
  const held = [...[...scope.holders].flatMap((holder) => [...holder.heldTensors()]), ...scope.kept];
  return tensorsIn(held).filter((tensor): tensor is Tensor => tensor instanceof Tensor);
}

function isView(tensor: Tensor): boolean {
  const { run, expand } = (tensor.node as Node<Op>).op;
  return !run && !expand;
}

/** A graph and the text that identifies it. */
interface Described {
  readonly graph: StepGraph;
  readonly text: string;
}

/** Collects the part of the closure's graph that the wanted tensors depend on. */
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
 * Compiles a computation of the scope's closure, to be run later.
 * @param wanted tensors that each run returns
 * @throws NotReplayable if a replay would behave differently, or no plan can compute the graph
 */
export async function compileStep(step: Step, wanted: readonly Tensor[], scope: Scope): Promise<RecordedStep> {
  const { graph, text } = graphOf(step, wanted, effectsOf(scope));
  if (graph.computed.length > 0) throw new NotReplayable(scope.name, "computes values before it ends");
  // If only states are wanted, as in `fit`, a tensor that a forward stores in a block's field is not needed: the field
  // keeps its previous value.
  if (wanted.length > 0 && heldIn(scope).some(({ pending }) => pending))
    throw new NotReplayable(scope.name, "stores tensors that it computes, with keep() or in a field of a block");
  if (!isForPlans(graph))
    throw new NotReplayable(scope.name, "computes on several devices, or on one that does not compile plans", true);
  if (step.isShared) return recordShared({ graph, text }, scope);
  const { key, states } = keyOf(graph, text);
  const prepared = step.owner ? preparedFor(step.owner, key, states, () => preparePlan(graph)) : preparePlan(graph);
  if (!fitsDevice(prepared))
    throw new NotReplayable(scope.name, "needs more memory than the device allows for a plan", true);
  releaseFromScopes([...graph.order, ...graph.leaves]);
  // Tensors that other code creates during compilation do not belong to this closure.
  suspendScope(scope);
  return new RecordedStep(await Plan.compile(prepared, scope.name), graph, scope);
}

async function recordShared(described: Described, scope: Scope): Promise<RecordedStep> {
  const { order, leaves } = described.graph;
  releaseFromScopes([...order, ...leaves]);
  const plan = await findPlan(described, scope.name, () => suspendScope(scope), true);
  if (!plan) throw new NotReplayable(scope.name, "needs more memory than the device allows for a plan", true);
  return new RecordedStep(plan, described.graph, scope);
}

/** Runs a computation of the scope's closure and returns the outputs of its extension. */
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
 * Computes a tensor that is read while its closure records, with all tensors that it depends on, since gradients may
 * need them. Returns nothing if that happens synchronously.
 */
export function executePart(tensor: Tensor, closure: string): void | Promise<void> {
  const extend = () => ({ outputs: [], updates: [] });
  const step: Step = { roots: [tensor], key: "part", targets: [], states: [], numbers: [], extend };
  // Constants and draws are recomputed where they are needed, and a view shares the values of another tensor.
  const wanted = recordedInOrder([tensor]).filter(
    (one) => one === tensor || (one.pending && !isView(one) && one.node!.inputs.length > 0),
  );
  const described = graphOf(step, wanted, []);
  const found = findPlan(described, closure, () => undefined);
  if (found instanceof Promise) return found.then((plan) => void runPlan(plan, described.graph));
  if (found) runPlan(found, described.graph);
  else tensor.ensureValues();
}

/** True if everything is on one device, and that device compiles programs. */
function isForPlans({ step, backend, order, leaves, computed }: StepGraph): boolean {
  const isHere = ({ device }: { device: string }) => device === backend.device;
  return backend.compiles !== "never" && [order, leaves, computed, step.states].every((list) => list.every(isHere));
}

/** Returns the key that identifies a computation, and its parameters in an order determined by the key. */
function keyOf({ step, backend, leaves, effects }: StepGraph, text: string) {
  const assigned = effects.map(([parameter]) => parameter);
  const states = [...leaves.flatMap((leaf) => stateOf(leaf) ?? []), ...step.states, ...assigned];
  const stateText = step.states.map(({ dtype, shape }) => `${dtype}[${shape.join()}]`).join();
  const effectText = assigned.map((parameter) => states.indexOf(parameter)).join();
  return { key: [backend.device, step.key, stateText, effectText, text].join("|"), states };
}

/**
 * Returns the plan of a graph, compiling it if necessary; undefined if the graph is better computed op by op.
 * @param closure name of the closure that recorded the graph
 * @param onCompile called before compilation
 * @param atOnce compiles even if compiling is slow and the graph appears for the first time
 */
function findPlan(
  { graph, text }: Described,
  closure: string,
  onCompile: () => void,
  atOnce = false,
): Plan | Promise<Plan> | undefined {
  if (!isForPlans(graph)) return undefined;
  const { key, states } = keyOf(graph, text);
  const entry = plans.entry(key);
  if (!entry.isSeenBefore() && graph.backend.compiles === "slowly" && !atOnce) return undefined;
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
    // The tensor may have been computed by itself during compilation.
    if (tensor.pending) tensor.settle(slots[index]!);
    else backend.free(slots[index]!);
  });
  return plan.tensorsOf(slots, wanted.length);
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

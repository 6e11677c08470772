/** Computes recorded graphs, by a plan, or op by op if compiling a plan does not pay. */
import { full } from "../../tensor/creation";
import { type Op, recordedInOrder } from "../../tensor/graph";
import { Parameter } from "../../tensor/parameter";
import { outsideScopes, releaseFromScopes, type Scope, suspendScope, tensorsIn } from "../../tensor/scope";
import { type Node, Tensor } from "../../tensor/tensor";
import { float32Bits, volatileNumbersOf, volatileTensors } from "../compile/lower";
import type { ParameterUpdate, Computation } from "./computation";
import { describeGraph } from "./graphKey";
import { NotReplayable } from "./notReplayable";
import { fitsDevice, Plan, buildPlanTemplate, parameterOfLeaf, type RecordedGraph } from "./plan";
import { PlanCache } from "./planCache";
import { Recording } from "./recording";
import { templateFor } from "./templateCache";

const plans = new PlanCache();

/** Disposes of the cached plans. Later computations compile new ones. */
export function forgetPlans(): void {
  plans.clear();
}

/** Undoes the assignments of recorded values to parameters. */
export function rollBackEffects(scope: Scope): void {
  for (const undo of scope.effects.values()) undo();
  scope.effects.clear();
}

/** Turns assignments inside the closure into updates and restores the values that the graph reads. */
function collectEffects(scope: Scope): ParameterUpdate[] {
  const parameters = [...scope.effects.keys()].filter((key) => key instanceof Parameter);
  const updates = parameters.map((parameter): ParameterUpdate => [parameter, parameter.asTensor()]);
  rollBackEffects(scope);
  return updates;
}

/** Returns the recorded tensors that escape by a block's field or by `keep`. */
function escapingTensors(scope: Scope): Tensor[] {
  const escaping = [...[...scope.fieldOwners].flatMap((holder) => [...holder.fieldTensors()]), ...scope.kept];
  return tensorsIn(escaping).filter((tensor): tensor is Tensor => tensor instanceof Tensor);
}

function isView(tensor: Tensor): boolean {
  const { run, expand } = (tensor.node as Node<Op>).op;
  return !run && !expand;
}

/** A graph and the text that identifies it. */
interface KeyedGraph {
  readonly graph: RecordedGraph;
  readonly text: string;
}

/** Collects the part of the closure's graph that the wanted tensors depend on. */
function buildGraph(
  computation: Computation,
  wanted: readonly Tensor[],
  effects: readonly ParameterUpdate[],
): KeyedGraph {
  const values = effects.map(([, value]) => value);
  const recorded = recordedInOrder([...wanted, ...values, ...computation.roots]);
  const order = recorded.filter(({ pending }) => pending);
  const computed = order.length === recorded.length ? [] : recorded.filter(({ pending }) => !pending);
  const { leaves, text } = describeGraph(recorded, [...wanted, ...values, ...computation.targets]);
  const graph: RecordedGraph = {
    computation,
    backend: computation.roots[0]!.backend,
    order,
    leaves,
    computed,
    wanted,
    effects,
  };
  return { graph, text };
}

/**
 * Compiles a computation of the scope's closure, to be run later.
 * @param wanted tensors that each run returns
 * @throws NotReplayable if a replay would behave differently, or no plan can compute the graph
 */
export async function compileRecording(
  computation: Computation,
  wanted: readonly Tensor[],
  scope: Scope,
): Promise<Recording> {
  const { graph, text } = buildGraph(computation, wanted, collectEffects(scope));
  if (graph.computed.length > 0) throw new NotReplayable(scope.name, "computes values before it ends");
  // If only states are wanted, as in `fit`, a tensor that a forward stores in a block's field is not needed: the field
  // keeps its previous value.
  if (wanted.length > 0 && escapingTensors(scope).some(({ pending }) => pending))
    throw new NotReplayable(scope.name, "stores tensors that it computes, with keep() or in a field of a block");
  if (!isForPlans(graph))
    throw new NotReplayable(scope.name, "computes on several devices, or on one that does not compile plans", true);
  if (computation.isShared) return recordWithCachedPlan({ graph, text }, scope);
  const { key, variables } = keyOf(graph, text);
  const template = computation.owner
    ? templateFor(computation.owner, key, variables, () => buildPlanTemplate(graph))
    : buildPlanTemplate(graph);
  if (!fitsDevice(template))
    throw new NotReplayable(scope.name, "needs more memory than the device allows for a plan", true);
  releaseFromScopes([...graph.order, ...graph.leaves]);
  // Tensors that other code creates during compilation do not belong to this closure.
  suspendScope(scope);
  return new Recording(await Plan.compile(template, scope.name), graph, scope);
}

async function recordWithCachedPlan(keyed: KeyedGraph, scope: Scope): Promise<Recording> {
  const { order, leaves } = keyed.graph;
  releaseFromScopes([...order, ...leaves]);
  const plan = await cachedOrCompiledPlan(keyed, scope.name, () => suspendScope(scope), true);
  if (!plan) throw new NotReplayable(scope.name, "needs more memory than the device allows for a plan", true);
  return new Recording(plan, keyed.graph, scope);
}

/** Runs a computation of the scope's closure and returns the outputs of its extension. */
export async function execute(computation: Computation, scope: Scope): Promise<readonly Tensor[]> {
  const effects = collectEffects(scope);
  const wanted = [...new Set([...computation.roots, ...escapingTensors(scope)])].filter((tensor) => tensor.pending);
  const keyed = buildGraph(computation, wanted, effects);
  const found = cachedOrCompiledPlan(keyed, scope.name, () => suspendScope(scope));
  if (!found) return executeEagerly(computation, wanted, effects);
  const plan = found instanceof Promise ? await found : found;
  suspendScope(scope);
  return runPlan(plan, keyed.graph);
}

/**
 * Computes a tensor that is read while its closure records, with all tensors that it depends on, since gradients may
 * need them. Returns nothing if that happens synchronously.
 */
export function executeSplit(tensor: Tensor, closure: string): void | Promise<void> {
  const extend = () => ({ outputs: [], updates: [] });
  const computation: Computation = { roots: [tensor], key: "part", targets: [], variables: [], numbers: [], extend };
  // Constants and draws are recomputed where they are needed, and a view shares the values of another tensor.
  const wanted = recordedInOrder([tensor]).filter(
    (one) => one === tensor || (one.pending && !isView(one) && one.node!.inputs.length > 0),
  );
  const keyed = buildGraph(computation, wanted, []);
  const found = cachedOrCompiledPlan(keyed, closure, () => undefined);
  if (found instanceof Promise) return found.then((plan) => void runPlan(plan, keyed.graph));
  if (found) runPlan(found, keyed.graph);
  else tensor.ensureValues();
}

/** True if everything is on one device, and that device compiles programs. */
function isForPlans({ computation, backend, order, leaves, computed }: RecordedGraph): boolean {
  const isHere = ({ device }: { device: string }) => device === backend.device;
  return (
    backend.compiles !== "never" && [order, leaves, computed, computation.variables].every((list) => list.every(isHere))
  );
}

/** Returns the key that identifies a computation, and its parameters in an order determined by the key. */
function keyOf({ computation, backend, leaves, effects }: RecordedGraph, text: string) {
  const assigned = effects.map(([parameter]) => parameter);
  const variables = [...leaves.flatMap((leaf) => parameterOfLeaf(leaf) ?? []), ...computation.variables, ...assigned];
  const variableText = computation.variables.map(({ dtype, shape }) => `${dtype}[${shape.join()}]`).join();
  const effectText = assigned.map((parameter) => variables.indexOf(parameter)).join();
  return { key: [backend.device, computation.key, variableText, effectText, text].join("|"), variables };
}

/**
 * Returns the plan of a graph, compiling it if necessary; undefined if the graph is better computed op by op.
 * @param closure name of the closure that recorded the graph
 * @param onCompile called before compilation
 * @param atOnce compiles even if compiling is slow and the graph appears for the first time
 */
function cachedOrCompiledPlan(
  { graph, text }: KeyedGraph,
  closure: string,
  onCompile: () => void,
  atOnce = false,
): Plan | Promise<Plan> | undefined {
  if (!isForPlans(graph)) return undefined;
  const { key, variables } = keyOf(graph, text);
  const entry = plans.entry(key);
  if (!entry.markSeen() && graph.backend.compiles === "slowly" && !atOnce) return undefined;
  const known = entry.planFor([...new Set(variables)]);
  if (known) return known;
  const template = buildPlanTemplate(graph);
  if (!fitsDevice(template)) return undefined;
  const add = (plan: Plan) => {
    entry.add(plan);
    return plan;
  };
  onCompile();
  const plan = Plan.compile(template, closure);
  return plan instanceof Promise ? plan.then(add) : add(plan);
}

function runPlan(plan: Plan, { computation, leaves, computed, order, wanted, backend }: RecordedGraph): Tensor[] {
  const numbers = Uint32Array.from([
    ...volatileTensors(order).flatMap(volatileNumbersOf),
    ...computation.numbers.map(float32Bits),
  ]);
  const slots = plan.run([...leaves, ...computed], numbers);
  wanted.forEach((tensor, index) => {
    // The tensor may have been computed by itself during compilation.
    if (tensor.pending) tensor.adoptSlot(slots[index]!);
    else backend.free(slots[index]!);
  });
  return plan.tensorsOf(slots, wanted.length);
}

function executeEagerly(
  computation: Computation,
  wanted: readonly Tensor[],
  effects: readonly ParameterUpdate[],
): readonly Tensor[] {
  const { device } = computation.roots[0]!;
  const numbers = computation.numbers.map((number) => full([], number, { device }));
  const { outputs, updates } = computation.extend(numbers);
  const all = [...effects, ...updates];
  for (const tensor of [...wanted, ...outputs, ...all.map(([, value]) => value)]) tensor.slot();
  outsideScopes(() => {
    for (const [parameter, value] of all) parameter.assign(value);
  });
  return outputs;
}

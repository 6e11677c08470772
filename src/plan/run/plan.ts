/** Plans: compiled graphs, bound to their parameters. */
import { bytesPerElement } from "../../base/dtype";
import type { Backend, Slot } from "../../device/backend";
import type { Executable, Program, ValueId } from "../../device/program";
import { activity } from "../../tensor/activity";
import { full } from "../../tensor/creation";
import { pendingInOrder } from "../../tensor/graph";
import { ownerOf, type Parameter } from "../../tensor/parameter";
import { releaseFromScopes } from "../../tensor/scope";
import { Tensor } from "../../tensor/tensor";
import { Lowering } from "../compile/lower";
import { scheduleProgram, type VariableUpdate } from "../compile/scheduleProgram";
import { PlanLogEntry } from "../inspect/planLog";
import type { ParameterUpdate, Computation } from "./computation";

/** A recorded graph, and the tensors wanted of it in addition to the outputs of the computation's extension. */
export interface RecordedGraph {
  readonly computation: Computation;
  readonly backend: Backend;
  /** Recorded tensors that are not computed yet. */
  readonly order: readonly Tensor[];
  /** Tensors that existed before the closure, in order of first use. */
  readonly leaves: readonly Tensor[];
  /**
   * Recorded tensors that were computed because the closure awaited values. Only those that are needed become inputs.
   */
  readonly computed: readonly Tensor[];
  /** Recorded tensors to compute. */
  readonly wanted: readonly Tensor[];
  /** Assignments to parameters inside the closure. */
  readonly effects: readonly ParameterUpdate[];
}

/** A computation as a program, before compilation. */
export interface PlanTemplate {
  readonly backend: Backend;
  readonly program: Program;
  readonly parameters: readonly Parameter[];
  /** Indices of the parameters whose values the plan replaces. */
  readonly replaced: ReadonlySet<number>;
  /**
   * Inputs of each run: an index into the graph's `leaves` and `computed`, or a tensor that only the extension uses.
   */
  readonly inputs: readonly (number | Tensor)[];
  readonly outputSpecs: readonly Pick<Tensor, "shape" | "dtype" | "size">[];
}

/** True if the program's memory is no larger than the device's largest tensor. */
export function fitsDevice({ program, backend }: PlanTemplate): boolean {
  return program.memorySize <= maxProgramElements(backend);
}

function maxProgramElements({ limits }: Backend): number {
  return Math.floor(limits.maxTensorBytes / bytesPerElement);
}

/** Records a computation's extension and schedules the whole graph as a program. */
export function buildPlanTemplate({
  computation,
  backend,
  order,
  leaves,
  computed,
  wanted,
  effects,
}: RecordedGraph): PlanTemplate {
  const lowering = new Lowering();
  for (const leaf of leaves) if (parameterOfLeaf(leaf)) lowering.valueOf(leaf);
  for (const parameter of computation.variables) lowering.addVariable(parameter);
  for (const [parameter] of effects) lowering.addVariable(parameter);
  lowering.lower(order, true);
  const numbers = computation.numbers.map((number) => full([], number, { device: backend.device }));
  for (const number of numbers) lowering.addNumber(number);
  const { outputs, updates } = computation.extend(numbers);
  const given = [...wanted, ...outputs];
  const all = [...effects, ...updates];
  lowering.lower(pendingInOrder([...given, ...all.map(([, value]) => value)]), false);
  const values = given.map((tensor) => lowering.valueOf(tensor));
  const replacements = all.map(([parameter, value]): VariableUpdate => ({
    variable: lowering.addVariable(parameter),
    value: lowering.valueOf(value),
  }));
  return {
    backend,
    program: scheduleProgram(lowering, values, replacements, maxProgramElements(backend)),
    parameters: lowering.variables.map(({ parameter }) => parameter),
    replaced: new Set(replacements.map(({ variable }) => variableIndex(lowering, variable))),
    inputs: inputSources([...leaves, ...computed], lowering.inputs),
    outputSpecs: given.map(({ shape, dtype, size }) => ({ shape, dtype, size })),
  };
}

/** Returns the parameter whose current value a leaf is. */
export function parameterOfLeaf(leaf: Tensor): Parameter | undefined {
  const parameter = ownerOf(leaf);
  return parameter?.asTensor() === leaf ? parameter : undefined;
}

/** Constants of the extension outlive its closure. */
function inputSources(given: readonly Tensor[], inputs: Lowering["inputs"]): (number | Tensor)[] {
  const places = new Map(given.map((tensor, index) => [tensor, index]));
  return inputs.map(({ tensor }) => places.get(tensor) ?? releaseFromScopes(tensor));
}

/** A compiled graph, bound to its parameters. It can run any number of times with new inputs and numbers. */
export class Plan {
  private readonly backend: Backend;
  private readonly references: readonly WeakRef<Parameter>[];
  private isDisposed = false;

  private constructor(
    private readonly executable: Executable<Slot>,
    private readonly template: Omit<PlanTemplate, "program" | "parameters">,
    parameters: readonly Parameter[],
    /** Slots of the parameters at compile time. The executable is bound to them. */
    private readonly slots: readonly Slot[],
    private readonly logEntry: PlanLogEntry,
  ) {
    this.backend = template.backend;
    this.references = parameters.map((parameter) => new WeakRef(parameter));
  }

  /**
   * Compiles a prepared computation.
   * @param closure the closure that recorded it, as errors name it: `minimize()`
   */
  static compile({ program, parameters, ...rest }: PlanTemplate, closure: string): Plan | Promise<Plan> {
    const slots = slotsFor(parameters, rest.backend);
    const createPlan = (executable: Executable<Slot>) => {
      const record = new PlanLogEntry(closure, rest.backend.device, program, parameters, executable);
      return new Plan(executable, rest, parameters, slots, record);
    };
    const executable = rest.backend.compile(program, slots, "a compiled step");
    return executable instanceof Promise ? whileCompiling(executable).then(createPlan) : createPlan(executable);
  }

  /** True if the plan was compiled for exactly these parameters, in this order, and their slots have not changed. */
  isFor(parameters: readonly Parameter[]): boolean {
    return parameters.every(
      (one, index) => this.references[index]?.deref() === one && one.planSlot === this.slots[index],
    );
  }

  /** Its parameters. Valid only while all of them are alive. */
  get parameters(): Parameter[] {
    return this.references.map((reference) => reference.deref()!);
  }

  /** False once its memory is freed. The log may still retain a snapshot of it. */
  get isLive(): boolean {
    return !this.isDisposed;
  }

  /** True if the slots of its parameters have not changed. */
  areInPlace(parameters: readonly Parameter[]): boolean {
    for (let index = 0; index < parameters.length; index++)
      if (parameters[index]!.planSlot !== this.slots[index]) return false;
    return true;
  }

  /** False once a parameter was collected or moved to another slot. Such a plan can never run again. */
  get isRunnable(): boolean {
    return this.references.every((reference, index) => reference.deref()?.planSlot === this.slots[index]);
  }

  /**
   * Runs `steps` times and returns the wanted tensors and the extension's outputs, each in a new slot.
   * @param given the graph's `leaves` and `computed`
   * @param parameters the plan's own
   */
  run(
    given: readonly Tensor[],
    numbers: Uint32Array<ArrayBuffer>,
    steps = 1,
    parameters: readonly Parameter[] = this.parameters,
  ): Slot[] {
    const { backend } = this;
    const { replaced, outputSpecs } = this.template;
    this.logEntry.countRuns(steps);
    for (let index = 0; index < parameters.length; index++) parameters[index]!.moveToPlanSlot(replaced.has(index));
    const inputs = this.template.inputs.map((input) => (typeof input === "number" ? given[input]! : input).slot());
    const outputs = outputSpecs.map(({ size, dtype }) => backend.allocate(size, dtype, "a result"));
    this.executable.run({ inputs, steps, numbers, outputs });
    for (const index of replaced) parameters[index]!.markReplaced();
    return outputs;
  }

  /** Wraps the slots of a run as tensors, from output `first` on. */
  tensorsOf(slots: readonly Slot[], first = 0): Tensor[] {
    const { backend } = this;
    const tensors: Tensor[] = [];
    for (let index = first; index < slots.length; index++) {
      const { shape, dtype } = this.template.outputSpecs[index]!;
      tensors.push(Tensor.over({ backend, slot: slots[index]!, references: 0 }, shape, dtype));
    }
    return tensors;
  }

  dispose(): void {
    this.isDisposed = true;
    this.logEntry.markFreed();
    this.executable.dispose();
  }
}

/**
 * Returns the slots of parameters. Those without a slot are allocated together; if the slots are in too many buffers to
 * be bound, all parameters move to new ones.
 */
function slotsFor(parameters: readonly Parameter[], backend: Backend): Slot[] {
  allocateParameters(
    parameters.filter((parameter) => !parameter.planSlot),
    backend,
  );
  const places = () => parameters.map((parameter) => parameter.planSlot!);
  if (!backend.canBind(places())) allocateParameters(parameters, backend);
  return places();
}

function allocateParameters(parameters: readonly Parameter[], backend: Backend): void {
  if (parameters.length === 0) return;
  const specs = parameters.map(({ size, dtype }) => ({ size, dtype }));
  backend.allocateTogether(specs, "parameters").forEach((slot, index) => parameters[index]!.assignPlanSlot(slot));
}

function variableIndex(lowering: Lowering, value: ValueId): number {
  return lowering.variables.findIndex((variable) => variable.value === value);
}

/** Marks the closure as busy during compilation, although no op runs. */
async function whileCompiling<E>(executable: Promise<E>): Promise<E> {
  activity.pendingReads++;
  try {
    return await executable;
  } finally {
    activity.pendingReads--;
  }
}

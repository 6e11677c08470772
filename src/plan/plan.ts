/** Compiled steps, kept by what their graphs look like. */
import { bytesPerElement } from "../base/dtype";
import type { Backend, Slot } from "../device/backend";
import type { Executable, Program, ValueId } from "../device/program";
import { activity } from "../tensor/activity";
import { full } from "../tensor/creation";
import { pendingInOrder } from "../tensor/graph";
import { ownerOf, type Parameter } from "../tensor/parameter";
import { releaseFromScopes } from "../tensor/scope";
import { Tensor } from "../tensor/tensor";
import { Lowering } from "./lower";
import { PlanRecord } from "./planRecord";
import { scheduled, type StateUpdate } from "./schedule";
import type { ParameterUpdate, Step } from "./step";

/** What is wanted of a graph beside the step's extension. */
export interface StepGraph {
  readonly step: Step;
  readonly backend: Backend;
  /** What is recorded and not computed yet. */
  readonly order: readonly Tensor[];
  /** Tensors that were there before the closure, by first use. */
  readonly leaves: readonly Tensor[];
  /** What the closure recorded, and computed since it awaited values: only what is needed of it becomes an input. */
  readonly computed: readonly Tensor[];
  /** Recorded tensors to be computed. */
  readonly wanted: readonly Tensor[];
  /** Parameters that the closure itself assigned to. */
  readonly effects: readonly ParameterUpdate[];
}

/** A step as a program, before it is compiled. */
export interface PreparedPlan {
  readonly backend: Backend;
  readonly program: Program;
  readonly parameters: readonly Parameter[];
  /** Those of `parameters` whose value the plan replaces. */
  readonly replaced: ReadonlySet<number>;
  /** What every run is given: by its place among the graph's `leaves` and `computed`, or a tensor that the extension found by itself. */
  readonly inputs: readonly (number | Tensor)[];
  readonly outputSpecs: readonly Pick<Tensor, "shape" | "dtype" | "size">[];
}

/** True if the program's memory is no larger than the device's tensors may be. */
export function fitsDevice({ program, backend }: PreparedPlan): boolean {
  return program.memorySize <= mostElements(backend);
}

function mostElements({ limits }: Backend): number {
  return Math.floor(limits.maxTensorBytes / bytesPerElement);
}

/** Records a step's extension, and joins all of it into a program. */
export function preparePlan({ step, backend, order, leaves, computed, wanted, effects }: StepGraph): PreparedPlan {
  const lowering = new Lowering();
  for (const leaf of leaves) if (stateOf(leaf)) lowering.valueOf(leaf);
  for (const parameter of step.states) lowering.addState(parameter);
  for (const [parameter] of effects) lowering.addState(parameter);
  lowering.lower(order, true);
  const numbers = step.numbers.map((number) => full([], number, { device: backend.device }));
  for (const number of numbers) lowering.addNumber(number);
  const { outputs, updates } = step.extend(numbers);
  const given = [...wanted, ...outputs];
  const all = [...effects, ...updates];
  lowering.lower(pendingInOrder([...given, ...all.map(([, value]) => value)]), false);
  const values = given.map((tensor) => lowering.valueOf(tensor));
  const replacements = all.map(([parameter, value]): StateUpdate => ({
    state: lowering.addState(parameter),
    value: lowering.valueOf(value),
  }));
  return {
    backend,
    program: scheduled(lowering, values, replacements, mostElements(backend)),
    parameters: lowering.states.map(({ parameter }) => parameter),
    replaced: new Set(replacements.map(({ state }) => stateIndex(lowering, state))),
    inputs: placesAmong([...leaves, ...computed], lowering.inputs),
    outputSpecs: given.map(({ shape, dtype, size }) => ({ shape, dtype, size })),
  };
}

/** The parameter whose value a leaf is. */
export function stateOf(leaf: Tensor): Parameter | undefined {
  const parameter = ownerOf(leaf);
  return parameter?.asTensor() === leaf ? parameter : undefined;
}

/** Constants of the extension are kept past the closure that found them. */
function placesAmong(given: readonly Tensor[], inputs: Lowering["inputs"]): (number | Tensor)[] {
  const places = new Map(given.map((tensor, index) => [tensor, index]));
  return inputs.map(({ tensor }) => places.get(tensor) ?? releaseFromScopes(tensor));
}

/** A compiled step of certain parameters. It is run with new inputs and numbers as often as need be. */
export class Plan {
  private readonly backend: Backend;
  private readonly references: readonly WeakRef<Parameter>[];
  private isDisposed = false;

  private constructor(
    private readonly executable: Executable<Slot>,
    private readonly prepared: Omit<PreparedPlan, "program" | "parameters">,
    parameters: readonly Parameter[],
    /** Where it was compiled to find them. */
    private readonly places: readonly Slot[],
    private readonly record: PlanRecord,
  ) {
    this.backend = prepared.backend;
    this.references = parameters.map((parameter) => new WeakRef(parameter));
  }

  /** @param closure what it was recorded in, as an error names it: `minimize()`. */
  static compile({ program, parameters, ...rest }: PreparedPlan, closure: string): Plan | Promise<Plan> {
    const places = placesOf(parameters, rest.backend);
    const made = (executable: Executable<Slot>) => {
      const record = new PlanRecord(closure, rest.backend.device, program, parameters, executable);
      return new Plan(executable, rest, parameters, places, record);
    };
    const executable = rest.backend.compile(program, places, "a compiled step");
    return executable instanceof Promise ? compiling(executable).then(made) : made(executable);
  }

  /** True if it was compiled for these parameters, in this order, and they are where they were. */
  isFor(parameters: readonly Parameter[]): boolean {
    return parameters.every(
      (one, index) => this.references[index]?.deref() === one && one.place === this.places[index],
    );
  }

  /** Those that it was compiled for, while they are alive. */
  get parameters(): Parameter[] {
    return this.references.map((reference) => reference.deref()!);
  }

  /** False once its memory was freed; its record may retain a copy of it. */
  get isLive(): boolean {
    return !this.isDisposed;
  }

  /** True if each of its own parameters is where it was. */
  findsAll(parameters: readonly Parameter[]): boolean {
    for (let index = 0; index < parameters.length; index++)
      if (parameters[index]!.place !== this.places[index]) return false;
    return true;
  }

  /** False once one of its parameters is gone or has left the place where the plan finds it: the plan cannot run again. */
  get isAlive(): boolean {
    return this.references.every((reference, index) => reference.deref()?.place === this.places[index]);
  }

  /**
   * Runs `steps` times; gives what was wanted and the extension's outputs, each in a slot of its own.
   * @param given the graph's `leaves` and `computed`
   * @param parameters its own
   */
  run(
    given: readonly Tensor[],
    numbers: Uint32Array<ArrayBuffer>,
    steps = 1,
    parameters: readonly Parameter[] = this.parameters,
  ): Slot[] {
    const { backend } = this;
    const { replaced, outputSpecs } = this.prepared;
    this.record.ran(steps);
    for (let index = 0; index < parameters.length; index++) parameters[index]!.goHome(replaced.has(index));
    const inputs = this.prepared.inputs.map((input) => (typeof input === "number" ? given[input]! : input).slot());
    const outputs = outputSpecs.map(({ size, dtype }) => backend.alloc(size, dtype, "a result"));
    this.executable.run({ inputs, steps, numbers, outputs });
    for (const index of replaced) parameters[index]!.replacedInPlace();
    return outputs;
  }

  /** Tensors of what a run gave, from output `first` on. */
  tensorsOf(slots: readonly Slot[], first = 0): Tensor[] {
    const { backend } = this;
    const tensors: Tensor[] = [];
    for (let index = first; index < slots.length; index++) {
      const { shape, dtype } = this.prepared.outputSpecs[index]!;
      tensors.push(Tensor.over({ backend, slot: slots[index]!, references: 0 }, shape, dtype));
    }
    return tensors;
  }

  dispose(): void {
    this.isDisposed = true;
    this.record.freed();
    this.executable.dispose();
  }
}

/** The places of parameters. Those without one get theirs side by side; all do where they are too scattered. */
function placesOf(parameters: readonly Parameter[], backend: Backend): Slot[] {
  settleTogether(
    parameters.filter((parameter) => !parameter.place),
    backend,
  );
  const places = () => parameters.map((parameter) => parameter.place!);
  if (!backend.reaches(places())) settleTogether(parameters, backend);
  return places();
}

function settleTogether(parameters: readonly Parameter[], backend: Backend): void {
  if (parameters.length === 0) return;
  const specs = parameters.map(({ size, dtype }) => ({ size, dtype }));
  backend.allocTogether(specs, "parameters").forEach((slot, index) => parameters[index]!.settle(slot));
}

function stateIndex(lowering: Lowering, value: ValueId): number {
  return lowering.states.findIndex((state) => state.value === value);
}

/** While a plan is compiled the closure is busy, although no op runs. */
async function compiling<E>(executable: Promise<E>): Promise<E> {
  activity.pendingReads++;
  try {
    return await executable;
  } finally {
    activity.pendingReads--;
  }
}

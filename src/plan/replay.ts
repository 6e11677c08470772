/** Specializations: functions of tensors that are recorded for one signature and replayed with other arguments. */
import { sameShape } from "../base/shape";
import { defaultDevice } from "../device/open";
import { Tensor } from "../tensor/tensor";
import { recordClosure } from "./closure";
import type { RecordedStep } from "./recordedStep";
import type { Step } from "./step";

function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Returns a copy of a value with its tensors replaced, or the value itself if it cannot contain any. */
function mapTensors(value: unknown, change: (tensor: Tensor) => Tensor): unknown {
  if (value instanceof Tensor) return change(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mapTensors(item, change));
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, mapTensors(item, change)]));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTensors(item, change)]));
}

/** Appends the tensors of a value to a list, in the order of `mapTensors`. */
function collect(value: unknown, into: Tensor[]): void {
  if (value instanceof Tensor) into.push(value);
  else if (typeof value !== "object" || value === null) return;
  else if (Array.isArray(value)) for (const item of value) collect(item, into);
  else if (value instanceof Map) for (const item of value.values()) collect(item, into);
  else if (isPlainObject(value)) for (const item of Object.values(value)) collect(item, into);
}

/**
 * Tests whether a value matches a signature: tensors of the same shape, dtype and device in the same positions,
 * everything else equal.
 */
type Kind = (value: unknown) => boolean;

function kindOf(value: unknown): Kind {
  if (value instanceof Tensor) {
    const { shape, dtype, device } = value;
    return (other) =>
      other instanceof Tensor && other.dtype === dtype && other.device === device && sameShape(other.shape, shape);
  }
  if (Array.isArray(value)) return listKind(value, (other) => (Array.isArray(other) ? other : undefined));
  if (value instanceof Map) return entriesKind([...value], (other) => (other instanceof Map ? [...other] : undefined));
  if (typeof value === "object" && value !== null && isPlainObject(value)) {
    return entriesKind(Object.entries(value), (other) =>
      typeof other === "object" && other !== null && isPlainObject(other) ? Object.entries(other) : undefined,
    );
  }
  return (other) => Object.is(other, value);
}

function listKind(list: readonly unknown[], listOf: (other: unknown) => readonly unknown[] | undefined): Kind {
  const kinds = list.map(kindOf);
  return (other) => {
    const items = listOf(other);
    if (items?.length !== kinds.length) return false;
    for (let index = 0; index < kinds.length; index++) if (!kinds[index]!(items[index])) return false;
    return true;
  };
}

type Entries = readonly (readonly [key: unknown, value: unknown])[];

function entriesKind(entries: Entries, entriesOf: (other: unknown) => Entries | undefined): Kind {
  const kinds = entries.map(([key, value]) => ({ key, isKind: kindOf(value) }));
  return (other) => {
    const items = entriesOf(other);
    return (
      items?.length === kinds.length &&
      kinds.every(({ key, isKind }, index) => Object.is(key, items[index]![0]) && isKind(items[index]![1]))
    );
  };
}

/** Source of a tensor of the result, or of a leaf of the graph, at each run. */
type Origin = { readonly argument: number } | { readonly output: number } | { readonly fixed: Tensor };

/** Specialization of a function for one signature. */
export class Replay<R> {
  private readonly device = defaultDevice();
  /** Leaves of the graph that are arguments. */
  private readonly taken: readonly { leaf: number; argument: number }[];

  constructor(
    readonly step: RecordedStep,
    private readonly kind: Kind,
    /** Stand-ins for the tensors of the arguments during recording. */
    standIns: readonly Tensor[],
    private readonly result: unknown,
    private readonly origins: ReadonlyMap<Tensor, Origin>,
  ) {
    this.taken = step.leaves.flatMap((leaf, index) => {
      const argument = standIns.indexOf(leaf);
      return argument < 0 ? [] : [{ leaf: index, argument }];
    });
  }

  isFor(args: readonly unknown[]): boolean {
    return this.kind(args) && this.device === defaultDevice();
  }

  /** False if the function must be recorded again. */
  isCurrent(): boolean {
    return this.step.isCurrent();
  }

  run(args: readonly unknown[]): R {
    const given: Tensor[] = [];
    collect(args, given);
    let { leaves } = this.step;
    if (this.taken.length > 0) {
      const filled = [...leaves];
      for (const { leaf, argument } of this.taken) filled[leaf] = given[argument]!;
      leaves = filled;
    }
    const outputs = this.step.compute(leaves);
    return mapTensors(this.result, (tensor) => this.tensorFor(tensor, given, outputs)) as R;
  }

  private tensorFor(tensor: Tensor, given: readonly Tensor[], outputs: readonly Tensor[]): Tensor {
    const origin = this.origins.get(tensor)!;
    if ("output" in origin) return outputs[origin.output]!;
    return "argument" in origin ? given[origin.argument]! : origin.fixed;
  }
}

/**
 * Records one call of a function.
 * @param stepOf returns the computation of a result
 * @throws NotReplayable if the function cannot run by its plan alone
 */
export async function recordReplay<Args extends unknown[], R>(
  name: string,
  fn: (...args: Args) => R | Promise<R>,
  args: Args,
  stepOf: (result: R) => Step,
): Promise<Replay<R>> {
  // Separate handles distinguish arguments from each other and from tensors that the function captures.
  const standIns: Tensor[] = [];
  const stand = (tensor: Tensor) => {
    const standIn = tensor.view(tensor.shape);
    standIns.push(standIn);
    return standIn;
  };
  const given = mapTensors(args, stand) as Args;
  let result: R | undefined;
  let wanted: readonly Tensor[] = [];
  const origins = new Map<Tensor, Origin>();
  try {
    const step = await recordClosure(
      name,
      undefined,
      () => fn(...given),
      (returned) => {
        result = returned;
        const made = stepOf(returned);
        wanted = [...new Set(made.roots)].filter(({ pending }) => pending);
        for (const root of made.roots) origins.set(root, originOf(root, standIns, wanted));
        return made;
      },
      () => wanted,
    );
    return new Replay<R>(step, kindOf(args), standIns, result, origins);
  } finally {
    for (const standIn of standIns) standIn.dispose();
  }
}

function originOf(root: Tensor, standIns: readonly Tensor[], wanted: readonly Tensor[]): Origin {
  if (root.pending) return { output: wanted.indexOf(root) };
  const argument = standIns.indexOf(root);
  return argument < 0 ? { fixed: root } : { argument };
}

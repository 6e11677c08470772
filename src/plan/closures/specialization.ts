/** Specializations: functions of tensors that are recorded for one signature and replayed with other arguments. */
import { sameShape } from "../../base/shape";
import { defaultDevice } from "../../device/open";
import { Tensor } from "../../tensor/tensor";
import type { Computation } from "../run/computation";
import type { Recording } from "../run/recording";
import { recordClosure } from "./closure";

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
type Signature = (value: unknown) => boolean;

function signatureOf(value: unknown): Signature {
  if (value instanceof Tensor) {
    const { shape, dtype, device } = value;
    return (other) =>
      other instanceof Tensor && other.dtype === dtype && other.device === device && sameShape(other.shape, shape);
  }
  if (Array.isArray(value)) return listSignature(value, (other) => (Array.isArray(other) ? other : undefined));
  if (value instanceof Map)
    return entriesSignature([...value], (other) => (other instanceof Map ? [...other] : undefined));
  if (typeof value === "object" && value !== null && isPlainObject(value)) {
    return entriesSignature(Object.entries(value), (other) =>
      typeof other === "object" && other !== null && isPlainObject(other) ? Object.entries(other) : undefined,
    );
  }
  return (other) => Object.is(other, value);
}

function listSignature(
  list: readonly unknown[],
  listOf: (other: unknown) => readonly unknown[] | undefined,
): Signature {
  const kinds = list.map(signatureOf);
  return (other) => {
    const items = listOf(other);
    if (items?.length !== kinds.length) return false;
    for (let index = 0; index < kinds.length; index++) if (!kinds[index]!(items[index])) return false;
    return true;
  };
}

type Entries = readonly (readonly [key: unknown, value: unknown])[];

function entriesSignature(entries: Entries, entriesOf: (other: unknown) => Entries | undefined): Signature {
  const kinds = entries.map(([key, value]) => ({ key, isKind: signatureOf(value) }));
  return (other) => {
    const items = entriesOf(other);
    return (
      items?.length === kinds.length &&
      kinds.every(({ key, isKind }, index) => Object.is(key, items[index]![0]) && isKind(items[index]![1]))
    );
  };
}

/** Source of a tensor of the result, or of a leaf of the graph, at each run. */
type ResultSource = { readonly argument: number } | { readonly output: number } | { readonly fixed: Tensor };

/** Specialization of a function for one signature. */
export class Specialization<R> {
  private readonly device = defaultDevice();
  /** Leaves of the graph that are arguments. */
  private readonly argumentLeaves: readonly { leaf: number; argument: number }[];

  constructor(
    readonly recording: Recording,
    private readonly signature: Signature,
    /** Stand-ins for the tensors of the arguments during recording. */
    standIns: readonly Tensor[],
    private readonly result: unknown,
    private readonly sources: ReadonlyMap<Tensor, ResultSource>,
  ) {
    this.argumentLeaves = recording.leaves.flatMap((leaf, index) => {
      const argument = standIns.indexOf(leaf);
      return argument < 0 ? [] : [{ leaf: index, argument }];
    });
  }

  isFor(args: readonly unknown[]): boolean {
    return this.signature(args) && this.device === defaultDevice();
  }

  /** False if the function must be recorded again. */
  isCurrent(): boolean {
    return this.recording.isCurrent();
  }

  run(args: readonly unknown[]): R {
    const given: Tensor[] = [];
    collect(args, given);
    let { leaves } = this.recording;
    if (this.argumentLeaves.length > 0) {
      const filled = [...leaves];
      for (const { leaf, argument } of this.argumentLeaves) filled[leaf] = given[argument]!;
      leaves = filled;
    }
    const outputs = this.recording.compute(leaves);
    return mapTensors(this.result, (tensor) => this.tensorFor(tensor, given, outputs)) as R;
  }

  private tensorFor(tensor: Tensor, given: readonly Tensor[], outputs: readonly Tensor[]): Tensor {
    const origin = this.sources.get(tensor)!;
    if ("output" in origin) return outputs[origin.output]!;
    return "argument" in origin ? given[origin.argument]! : origin.fixed;
  }
}

/**
 * Records one call of a function.
 * @param stepOf returns the computation of a result
 * @throws NotReplayable if the function cannot run by its plan alone
 */
export async function specialize<Args extends unknown[], R>(
  name: string,
  fn: (...args: Args) => R | Promise<R>,
  args: Args,
  stepOf: (result: R) => Computation,
): Promise<Specialization<R>> {
  // Separate handles distinguish arguments from each other and from tensors that the function captures.
  const placeholders: Tensor[] = [];
  const createPlaceholder = (tensor: Tensor) => {
    const standIn = tensor.view(tensor.shape);
    placeholders.push(standIn);
    return standIn;
  };
  const given = mapTensors(args, createPlaceholder) as Args;
  let result: R | undefined;
  let wanted: readonly Tensor[] = [];
  const sources = new Map<Tensor, ResultSource>();
  try {
    const step = await recordClosure(
      name,
      undefined,
      () => fn(...given),
      (returned) => {
        result = returned;
        const made = stepOf(returned);
        wanted = [...new Set(made.roots)].filter(({ pending }) => pending);
        for (const root of made.roots) sources.set(root, sourceOfResult(root, placeholders, wanted));
        return made;
      },
      () => wanted,
    );
    return new Specialization<R>(step, signatureOf(args), placeholders, result, sources);
  } finally {
    for (const standIn of placeholders) standIn.dispose();
  }
}

function sourceOfResult(root: Tensor, standIns: readonly Tensor[], wanted: readonly Tensor[]): ResultSource {
  if (root.pending) return { output: wanted.indexOf(root) };
  const argument = standIns.indexOf(root);
  return argument < 0 ? { fixed: root } : { argument };
}

/** Recomputes one part of a program on the CPU from the same inputs and compares the results. */
import { floatDistance, oneUlpOff } from "../../base/floatDistance";
import type { Backend, Elements, Slot } from "../../device/backend";
import {
  memoryAlignment,
  type ValueLocation,
  type Program,
  type ProgramPart,
  type DryRun,
  type ValueId,
} from "../../device/program";
import { accessedBy } from "./work";

/** Difference between two results for one element. */
export interface Difference {
  /** Units in the last place of float32; Infinity if one side is NaN. */
  readonly ulp: number;
  /** Absolute difference; Infinity if one side is NaN or infinite. */
  readonly absolute: number;
  /** The op that computed the element. */
  readonly op: string;
  /** Shape of the op's result. */
  readonly shape: readonly number[];
  /** Index of the element in it. */
  readonly index: readonly number[];
  /** The element as the dispatch computed it. */
  readonly actual: number;
  /** The element by the reference. */
  readonly expected: number;
}

/** Result of checking a dispatch. */
export interface DispatchCheck {
  /** The reference: the CPU in float32, or in float64 where `CPU:0` itself is checked. */
  readonly against: "CPU float32" | "CPU float64";
  /** Number of elements compared. */
  readonly compared: number;
  /** Number of elements that are equal. */
  readonly equal: number;
  /** The largest difference in ulp; null if all elements are equal. */
  readonly largestUlp: Difference | null;
  /** The largest difference in value; null if all elements are equal. */
  readonly largestAbsolute: Difference | null;
  /**
   * The largest difference relative to the largest element of the same value. Relative to the element itself, sums that
   * nearly cancel would look wrong.
   */
  readonly relative: number;
  /**
   * `same`: all elements are equal. `close`: `relative` is at most 1e-4, which sums of float32 may lose in another
   * order, or the differences of a value are at most four times those that rounding causes on the CPU: between float32
   * and float64, or by rounding each op off by one unit in the last place. `different`: otherwise.
   */
  readonly verdict: "same" | "close" | "different";
}

const relativeTolerance = 1e-4;
/** Differences up to this multiple of the reference's own rounding error are not significant. */
const maxRoundingFactor = 4;
/** The same for results whose ops were rounded off, which is as much as any rounding. */
const maxJitterFactor = 2;

/** Results that differ from the expected ones by rounding, and how many times their distance is not significant. */
interface Rounded<E> {
  readonly factor: number;
  readonly elements: E;
}

/** A value that is read before and after the part runs. */
interface ValueVariable {
  readonly value: ValueId;
  /** Index of its variable in the program of the part alone. */
  readonly variable: number;
}

/**
 * Returns a program of one part alone, in which everything that the part reads and computes is a variable. Values that
 * share a variable of the original program share one here.
 */
function isolatePart({ levels }: ProgramPart, program: Program): { program: Program; assignments: ValueVariable[] } {
  const { reads, results } = accessedBy(levels, program);
  const variables = [...program.variables];
  const locations = new Map<ValueId, ValueLocation>();
  const assignments: ValueVariable[] = [];
  const taken = new Set<number>();
  for (const value of new Set([...reads, ...results])) {
    const { location, size, dtype } = program.values[value]!;
    if (location.kind === "inline") continue;
    const variable = location.kind === "variable" ? location.index : variables.push({ size, dtype }) - 1;
    locations.set(value, { kind: "variable", index: variable });
    if (!taken.has(variable)) assignments.push({ value, variable });
    taken.add(variable);
  }
  const values = program.values.map((value, id) => ({ ...value, location: locations.get(id) ?? value.location }));
  return {
    program: { ...program, values, levels, variables, inputs: [], outputs: [], memorySize: memoryAlignment },
    assignments,
  };
}

/** Returns the results that still exist when the part ends: a later result may overwrite an earlier one. */
function survivingResults({ levels }: ProgramPart, program: Program): Set<ValueId> {
  const { results } = accessedBy(levels, program);
  const surviving = new Set<ValueId>();
  const overlap = (a: ValueId, b: ValueId) => {
    const [first, second] = [program.values[a]!, program.values[b]!];
    if (first.location.kind === "variable" && second.location.kind === "variable")
      return first.location.index === second.location.index;
    if (first.location.kind !== "memory" || second.location.kind !== "memory") return false;
    const [from, to] = [first.location.offset, second.location.offset];
    return from < to + second.size && to < from + first.size;
  };
  for (const result of results) {
    for (const earlier of surviving) if (earlier !== result && overlap(earlier, result)) surviving.delete(earlier);
    if (program.values[result]!.stored) surviving.add(result);
  }
  return surviving;
}

/**
 * Runs a program that has only variables once and returns their contents. They are in separate arrays, so the program
 * runs as JavaScript. Where the checked code is WebAssembly, the two are independent.
 */
async function runIsolated(
  program: Program,
  assignments: readonly ValueVariable[],
  before: readonly Elements[],
  { numbers }: DryRun,
  backend: Backend,
): Promise<Elements[]> {
  const slots: Slot[] = [];
  try {
    for (const { size, dtype } of program.variables) slots.push(backend.allocate(size, dtype, "check()"));
    assignments.forEach(({ variable }, index) => backend.write(slots[variable]!, before[index]!));
    const executable = await backend.compile(program, slots, "check()");
    executable.run({ inputs: [], steps: 1, numbers, outputs: [] });
    const after = await Promise.all(assignments.map(({ variable }) => backend.read(slots[variable]!)));
    executable.dispose();
    return after;
  } finally {
    for (const slot of slots) backend.free(slot);
  }
}

function indexOf(position: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  for (const length of shape.toReversed()) {
    index.unshift(position % length);
    position = Math.floor(position / length);
  }
  return index;
}

function largestDifference(a: Elements, b: Elements): number {
  let largest = 0;
  for (let at = 0; at < a.length; at++) {
    const difference = Math.abs(a[at]! - b[at]!);
    if (Number.isFinite(difference)) largest = Math.max(largest, difference);
  }
  return largest;
}

/** Runs from inputs and of ops that are rounded off differently. */
const jitterSamples = 4;

/** Moves every float by one unit in the last place: the rounding of a previous op may have changed it as much. */
function nudged(elements: Elements): Elements {
  return elements instanceof Float32Array ? elements.map(oneUlpOff) : elements;
}

/** Accumulates the differences of values, element by element. */
class Comparison {
  compared = 0;
  equal = 0;
  relative = 0;
  largestUlp: Difference | null = null;
  largestAbsolute: Difference | null = null;
  /** Like `relative`, but only for values whose differences exceed rounding. */
  private beyondRounding = 0;

  /** @param others results that differ from `expected` only by rounding, if available */
  add(
    actual: Elements,
    expected: Elements,
    others: readonly Rounded<Elements>[],
    of: Pick<Difference, "op" | "shape">,
  ): void {
    const { op, shape } = of;
    let scale = 0;
    let largest = 0;
    for (let at = 0; at < expected.length; at++) {
      const [is, should] = [actual[at]!, expected[at]!];
      if (Number.isFinite(should)) scale = Math.max(scale, Math.abs(should));
      if (is === should || (Number.isNaN(is) && Number.isNaN(should))) {
        this.equal++;
        continue;
      }
      const absolute = Number.isFinite(is - should) ? Math.abs(is - should) : Infinity;
      const ulp = floatDistance(is, should);
      largest = Math.max(largest, absolute);
      const isLargest = {
        ulp: ulp > (this.largestUlp?.ulp ?? 0),
        absolute: absolute > (this.largestAbsolute?.absolute ?? 0),
      };
      if (!isLargest.ulp && !isLargest.absolute) continue;
      const difference = { ulp, absolute, op, shape, index: indexOf(at, shape), actual: is, expected: should };
      if (isLargest.ulp) this.largestUlp = difference;
      if (isLargest.absolute) this.largestAbsolute = difference;
    }
    this.compared += expected.length;
    if (largest === 0) return;
    this.relative = Math.max(this.relative, largest / scale);
    const allowed = others.map(({ factor, elements }) => factor * largestDifference(expected, elements));
    if (largest > Math.max(0, ...allowed)) this.beyondRounding = Math.max(this.beyondRounding, largest / scale);
  }

  get verdict(): DispatchCheck["verdict"] {
    if (this.equal === this.compared) return "same";
    return this.beyondRounding <= relativeTolerance ? "close" : "different";
  }
}

/** CPU backends that recompute the part. */
export interface References {
  readonly reference: { readonly backend: Backend; readonly name: DispatchCheck["against"] };
  readonly other: Backend;
  readonly jittered: Backend;
}

/**
 * Checks one part of a program.
 * @param references the part is compared with the results of `reference`; those of `other`, in another precision, and
 *   of `jittered`, which rounds each op off, separate differences from rounding
 */
export async function checkPart(
  part: number,
  program: Program,
  parts: readonly ProgramPart[],
  dryRun: DryRun,
  { reference, other, jittered }: References,
): Promise<DispatchCheck> {
  const alone = isolatePart(parts[part]!, program);
  const surviving = survivingResults(parts[part]!, program);
  const values = alone.assignments.map(({ value }) => value);
  const { before, after } = await dryRun.valuesAround(part, values);
  const runOn = (backend: Backend, from: readonly Elements[]) =>
    runIsolated(alone.program, alone.assignments, from, dryRun, backend);
  const expected = await runOn(reference.backend, before);
  const variables = new Map(alone.assignments.map(({ variable }, index) => [variable, index]));
  const compare = (rounded: readonly Rounded<readonly Elements[]>[]) => {
    const comparison = new Comparison();
    for (const result of surviving) {
      const { location } = alone.program.values[result]!;
      const index = location.kind === "variable" ? variables.get(location.index) : undefined;
      if (index === undefined) continue;
      const { origin, size } = program.values[result]!;
      const of = { op: origin?.op ?? "copy", shape: origin?.shape ?? [size] };
      const others = rounded.map(({ factor, elements }) => ({ factor, elements: elements[index]! }));
      comparison.add(after[index]!, expected[index]!, others, of);
    }
    return comparison;
  };
  let comparison = compare([]);
  if (comparison.verdict === "different") {
    // A sum that cancels may by chance be 0 in both precisions, and nearly so in some samples of rounded-off ops.
    const rounded = [{ factor: maxRoundingFactor, elements: await runOn(other, before) }];
    let inputs: readonly Elements[] = before;
    for (let sample = 0; sample < jitterSamples; sample++) {
      inputs = inputs.map(nudged);
      rounded.push({ factor: maxJitterFactor, elements: await runOn(jittered, inputs) });
    }
    comparison = compare(rounded);
  }
  const { compared, equal, relative, largestUlp, largestAbsolute, verdict } = comparison;
  return { against: reference.name, compared, equal, largestUlp, largestAbsolute, relative, verdict };
}

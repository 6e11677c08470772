/** Runs a dispatch's part of a program again on the CPU, from the same values, and compares what it leaves. */
import { floatDistance } from "../base/floatDistance";
import type { Backend, Elements, Slot } from "../device/backend";
import {
  memoryAlignment,
  type Place,
  type Program,
  type ProgramPart,
  type Trial,
  type ValueId,
} from "../device/program";
import { touchedBy } from "./work";

/** Two results of one element. */
export interface Difference {
  /** Units in the last place of float32; Infinity where one is NaN. */
  readonly ulp: number;
  readonly absolute: number;
  /** The op whose result it is. */
  readonly op: string;
  readonly shape: readonly number[];
  readonly index: readonly number[];
  readonly actual: number;
  readonly expected: number;
}

export interface DispatchCheck {
  /** What it was compared with: the CPU in float32, or in float64 where the CPU itself is checked. */
  readonly against: "CPU float32" | "CPU float64";
  /** Elements that were compared, and how many of them are the same. */
  readonly compared: number;
  readonly equal: number;
  /** The largest by ulp and by value; null where all are the same. */
  readonly largestUlp: Difference | null;
  readonly largestAbsolute: Difference | null;
  /** The largest difference beside the largest element of the same value: sums of both signs lose only there. */
  readonly relative: number;
  /**
   * `same`: every element; `close`: `relative` is at most 1e-4, which sums of float32 lose in another order, or the
   * differences of a value are at most four times those that rounding makes on the CPU: between float32 and float64, or
   * from inputs moved by one unit in the last place; `different` otherwise.
   */
  readonly verdict: "same" | "close" | "different";
}

const closeEnough = 1e-4;
/** Differences of this many times the rounding of the reference itself say nothing. */
const timesRounding = 4;

/** A value that is looked at before and after. */
interface Seat {
  readonly value: ValueId;
  /** Its state number in the program of the part alone. */
  readonly state: number;
}

/** The part alone, with all that it reads and leaves as states; what is in place of a state is that state. */
function partAlone({ levels }: ProgramPart, program: Program): { program: Program; seats: Seat[] } {
  const { reads, results } = touchedBy(levels, program);
  const states = [...program.states];
  const places = new Map<ValueId, Place>();
  const seats: Seat[] = [];
  const taken = new Set<number>();
  for (const value of new Set([...reads, ...results])) {
    const { place, size, dtype } = program.values[value]!;
    if (place.kind === "inline") continue;
    const state = place.kind === "state" ? place.index : states.push({ size, dtype }) - 1;
    places.set(value, { kind: "state", index: state });
    if (!taken.has(state)) seats.push({ value, state });
    taken.add(state);
  }
  const values = program.values.map((value, id) => ({ ...value, place: places.get(id) ?? value.place }));
  return {
    program: { ...program, values, levels, states, inputs: [], outputs: [], memorySize: memoryAlignment },
    seats,
  };
}

/** The results that are still whole when the part is done: a later one may lie where an earlier one was. */
function lastingResults({ levels }: ProgramPart, program: Program): Set<ValueId> {
  const { results } = touchedBy(levels, program);
  const lasting = new Set<ValueId>();
  const overlap = (a: ValueId, b: ValueId) => {
    const [first, second] = [program.values[a]!, program.values[b]!];
    if (first.place.kind === "state" && second.place.kind === "state") return first.place.index === second.place.index;
    if (first.place.kind !== "memory" || second.place.kind !== "memory") return false;
    const [from, to] = [first.place.offset, second.place.offset];
    return from < to + second.size && to < from + first.size;
  };
  for (const result of results) {
    for (const earlier of lasting) if (earlier !== result && overlap(earlier, result)) lasting.delete(earlier);
    if (program.values[result]!.stored) lasting.add(result);
  }
  return lasting;
}

/**
 * Runs a program of states alone once, and gives what its states hold then. They are in arrays of their own, so that it runs
 * in JavaScript: by other code than what is checked, where that is WebAssembly.
 */
async function runAlone(
  program: Program,
  seats: readonly Seat[],
  before: readonly Elements[],
  { numbers }: Trial,
  backend: Backend,
): Promise<Elements[]> {
  const slots: Slot[] = [];
  try {
    for (const { size, dtype } of program.states) slots.push(backend.alloc(size, dtype, "check()"));
    seats.forEach(({ state }, index) => backend.write(slots[state]!, before[index]!));
    const executable = await backend.compile(program, slots, "check()");
    executable.run({ inputs: [], steps: 1, numbers, outputs: [] });
    const after = await Promise.all(seats.map(({ state }) => backend.read(slots[state]!)));
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

/** Moves every float that is not 0 by one unit in the last place, half of them up: as much as any rounding before may have. */
function nudged(elements: Elements): Elements {
  if (!(elements instanceof Float32Array)) return elements;
  const copy = elements.slice();
  const bits = new Int32Array(copy.buffer);
  for (let at = 0; at < copy.length; at++)
    if (copy[at] !== 0 && Number.isFinite(copy[at])) bits[at]! += Math.imul(at + 1, 0x9e3779b1) < 0 ? 1 : -1;
  return copy;
}

/** Gathers differences of values, element by element. */
class Comparison {
  compared = 0;
  equal = 0;
  relative = 0;
  largestUlp: Difference | null = null;
  largestAbsolute: Difference | null = null;
  /** As `relative`, of values whose differences are more than rounding. */
  private beyondRounding = 0;

  /** @param others the same as `expected` but for rounding, where it is known */
  add(actual: Elements, expected: Elements, others: readonly Elements[], of: Pick<Difference, "op" | "shape">): void {
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
    const rounding = Math.max(0, ...others.map((other) => largestDifference(expected, other)));
    if (largest > timesRounding * rounding) this.beyondRounding = Math.max(this.beyondRounding, largest / scale);
  }

  get verdict(): DispatchCheck["verdict"] {
    if (this.equal === this.compared) return "same";
    return this.beyondRounding <= closeEnough ? "close" : "different";
  }
}

/** A CPU that a part runs on alone. */
export interface Reference {
  readonly backend: Backend;
  readonly name: DispatchCheck["against"];
}

/**
 * @param reference what the part is compared with
 * @param other in another precision: it tells differences from rounding
 */
export async function checkPart(
  part: number,
  program: Program,
  parts: readonly ProgramPart[],
  trial: Trial,
  [reference, other]: readonly [reference: Reference, other: Reference],
): Promise<DispatchCheck> {
  const alone = partAlone(parts[part]!, program);
  const lasting = lastingResults(parts[part]!, program);
  const values = alone.seats.map(({ value }) => value);
  const { before, after } = await trial.around(part, values);
  const runOn = ({ backend }: Reference, from: readonly Elements[]) =>
    runAlone(alone.program, alone.seats, from, trial, backend);
  const expected = await runOn(reference, before);
  const states = new Map(alone.seats.map(({ state }, index) => [state, index]));
  const compare = (rounded: readonly (readonly Elements[])[]) => {
    const comparison = new Comparison();
    for (const result of lasting) {
      const { place } = alone.program.values[result]!;
      const index = place.kind === "state" ? states.get(place.index) : undefined;
      if (index === undefined) continue;
      const { origin, size } = program.values[result]!;
      const of = { op: origin?.op ?? "copy", shape: origin?.shape ?? [size] };
      const others = rounded.map((elements) => elements[index]!);
      comparison.add(after[index]!, expected[index]!, others, of);
    }
    return comparison;
  };
  let comparison = compare([]);
  // A sum that cancels may be 0 in both precisions by chance, but not from all inputs.
  if (comparison.verdict === "different")
    comparison = compare([await runOn(other, before), await runOn(reference, before.map(nudged))]);
  const { compared, equal, relative, largestUlp, largestAbsolute, verdict } = comparison;
  return { against: reference.name, compared, equal, largestUlp, largestAbsolute, relative, verdict };
}

/** Measures the distance between the results of two devices. */
import type { Observation } from "./trained";

/** Tolerances relative to the value, or to 1 if the value is smaller. */
const tolerances: Readonly<Record<Observation["kind"], number>> = { loss: 2e-3, prediction: 3e-3, gradient: 3e-3 };

export interface Distance {
  /** Largest difference in units of the tolerance. Above 1, the results differ. */
  ratio: number;
  /** First result beyond its tolerance. */
  where: string;
}

function distanceOf(one: Observation, other: Observation): number {
  if (one.what !== other.what || one.values.length !== other.values.length) return Infinity;
  const largest = Math.max(1, ...Array.from(other.values, Math.abs));
  let worst = 0;
  for (let index = 0; index < one.values.length; index++) {
    const [a, b] = [one.values[index]!, other.values[index]!];
    if (Object.is(a, b) || a === b) continue;
    const scale = one.kind === "gradient" ? largest : Math.max(1, Math.abs(b));
    const ratio = Math.abs(a - b) / (scale * tolerances[one.kind]);
    worst = Math.max(worst, Number.isNaN(ratio) ? Infinity : ratio);
  }
  return worst;
}

function show({ what, values }: Observation): string {
  const first = Array.from(values).slice(0, 4);
  return `${what}: ${first.map((value) => value.toPrecision(6)).join(" ")}${values.length > 4 ? " ..." : ""}`;
}

/** Returns the largest distance and the first result that exceeds its tolerance. */
export function compareObservations(ours: readonly Observation[], theirs: readonly Observation[]): Distance {
  if (ours.length !== theirs.length) return { ratio: Infinity, where: `${ours.length} results, not ${theirs.length}` };
  let ratio = 0;
  let where: string | undefined;
  for (const [index, one] of ours.entries()) {
    const distance = distanceOf(one, theirs[index]!);
    ratio = Math.max(ratio, distance);
    if (distance > 1) where ??= `result ${index + 1} of ${ours.length}, ${show(one)}, not ${show(theirs[index]!)}`;
  }
  return { ratio, where: where ?? "" };
}

/** Cache of program templates for computations that are recorded repeatedly, such as those of `fit`, by owner. */
import type { Parameter } from "../tensor/parameter";
import type { PreparedPlan } from "./plan";

/** Maximum number of templates per owner. The oldest is evicted. */
const maxPrograms = 8;

interface Kept {
  readonly prepared: Omit<PreparedPlan, "parameters">;
  /** Which of the states are identical. */
  readonly pattern: string;
}

const kept = new WeakMap<object, Map<string, Kept>>();

/**
 * Returns a program for these states: from the template of a computation with states of the same kind, or a new one.
 * @param key identifies a computation of this owner; computations with equal keys have states of the same kind
 */
export function preparedFor(
  owner: object,
  key: string,
  states: readonly Parameter[],
  prepare: () => PreparedPlan,
): PreparedPlan {
  const parameters = [...new Set(states)];
  const pattern = states.map((state) => parameters.indexOf(state)).join();
  let programs = kept.get(owner);
  if (!programs) kept.set(owner, (programs = new Map()));
  const known = programs.get(key);
  if (known?.pattern === pattern) return { ...known.prepared, parameters };
  const { parameters: own, ...prepared } = prepare();
  // An extension that uses further parameters or tensors may use others the next time, so its program is not cached.
  const isWhole = own.length === parameters.length && prepared.inputs.every((input) => typeof input === "number");
  if (isWhole) {
    programs.set(key, { prepared, pattern });
    if (programs.size > maxPrograms) programs.delete(programs.keys().next().value!);
  }
  return { ...prepared, parameters: own };
}

/** Programs of steps that are recorded again and again, such as those of `fit`, kept by what they belong to. */
import type { Parameter } from "../tensor/parameter";
import type { PreparedPlan } from "./plan";

/** Of one owner; the first go first. */
const maxPrograms = 8;

interface Kept {
  readonly prepared: Omit<PreparedPlan, "parameters">;
  /** Which states are the same one. */
  readonly pattern: string;
}

const kept = new WeakMap<object, Map<string, Kept>>();

/**
 * A program for these states: the one that was prepared for others of their kind, or a new one.
 * @param key tells steps of one owner apart; states of equal keys are alike
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
  // Tensors that the step's extension found by itself may be others the next time.
  const isWhole = own.length === parameters.length && prepared.inputs.every((input) => typeof input === "number");
  if (isWhole) {
    programs.set(key, { prepared, pattern });
    if (programs.size > maxPrograms) programs.delete(programs.keys().next().value!);
  }
  return { ...prepared, parameters: own };
}

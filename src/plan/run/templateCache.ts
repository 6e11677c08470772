/** Cache of program templates for computations that are recorded repeatedly, such as those of `fit`, by owner. */
import type { Parameter } from "../../tensor/parameter";
import type { PlanTemplate } from "./plan";

/** Maximum number of templates per owner. The oldest is evicted. */
const maxTemplates = 8;

interface CachedTemplate {
  readonly template: Omit<PlanTemplate, "parameters">;
  /** Which of the states are identical. */
  readonly pattern: string;
}

const templates = new WeakMap<object, Map<string, CachedTemplate>>();

/**
 * Returns a program for these states: from the template of a computation with states of the same kind, or a new one.
 * @param key identifies a computation of this owner; computations with equal keys have states of the same kind
 */
export function templateFor(
  owner: object,
  key: string,
  variables: readonly Parameter[],
  prepare: () => PlanTemplate,
): PlanTemplate {
  const parameters = [...new Set(variables)];
  const pattern = variables.map((variable) => parameters.indexOf(variable)).join();
  let cached = templates.get(owner);
  if (!cached) templates.set(owner, (cached = new Map()));
  const known = cached.get(key);
  if (known?.pattern === pattern) return { ...known.template, parameters };
  const { parameters: own, ...template } = prepare();
  // An extension that uses further parameters or tensors may use others the next time, so its program is not cached.
  const isWhole = own.length === parameters.length && template.inputs.every((input) => typeof input === "number");
  if (isWhole) {
    cached.set(key, { template, pattern });
    if (cached.size > maxTemplates) cached.delete(cached.keys().next().value!);
  }
  return { ...template, parameters: own };
}

/** Computes what a closure recorded. */
import { full } from "../tensor/creation";
import { Parameter } from "../tensor/parameter";
import { outsideScopes, type Scope, tensorsIn } from "../tensor/scope";
import { Tensor } from "../tensor/tensor";
import type { ParameterUpdate, Step } from "./step";

/** Takes back what was assigned a recorded value. */
export function takeEffectsBack(scope: Scope): void {
  for (const undo of scope.effects.values()) undo();
  scope.effects.clear();
}

/** Turns assignments inside the closure into updates, and gives the parameters back the values that the graph read. */
function effectsOf(scope: Scope): ParameterUpdate[] {
  const parameters = [...scope.effects.keys()].filter((key) => key instanceof Parameter);
  const updates = parameters.map((parameter): ParameterUpdate => [parameter, parameter.asTensor()]);
  takeEffectsBack(scope);
  return updates;
}

/** Recorded tensors that blocks hold in their fields past the closure. */
function heldIn(scope: Scope): Tensor[] {
  const held = [...scope.holders].flatMap((holder) => [...holder.heldTensors()]);
  return tensorsIn(held).filter((tensor): tensor is Tensor => tensor instanceof Tensor && tensor.pending);
}

/** Computes a step of the scope's closure, and gives the outputs of its extension. */
export async function execute(step: Step, scope: Scope): Promise<readonly Tensor[]> {
  const effects = effectsOf(scope);
  const held = heldIn(scope);
  const device = step.roots[0]!.device;
  const numbers = step.numbers.map((number) => full([], number, { device }));
  const { outputs, updates } = step.extend(numbers);
  for (const tensor of [...step.roots, ...held, ...outputs]) tensor.slot();
  const all = [...effects, ...updates];
  for (const [, value] of all) value.slot();
  outsideScopes(() => {
    for (const [parameter, value] of all) parameter.assign(value);
  });
  return outputs;
}

import { ArgumentError } from "../base/errors";
import type { Operand, Tensor } from "../tensor/tensor";

/** Functions that a layer may end with, by the names that `activation` takes. */
export const activations = {
  linear: (x: Operand) => x.asTensor(),
  relu: (x: Operand) => x.relu(),
  sigmoid: (x: Operand) => x.sigmoid(),
  softmax: (x: Operand) => x.softmax(),
  tanh: (x: Operand) => x.tanh(),
} satisfies Record<string, (x: Operand) => Tensor>;

export type ActivationName = keyof typeof activations;
/** A name, or any function of one tensor. */
export type Activation = ActivationName | ((x: Operand) => Tensor);

export const activationNames = Object.keys(activations) as ActivationName[];

/** @throws ArgumentError for an unknown name. */
export function activationOf(activation: Activation | undefined, at: string): (x: Operand) => Tensor {
  if (typeof activation === "function") return activation;
  const found = activations[activation ?? "linear"];
  if (found) return found;
  throw new ArgumentError({
    at,
    expected: `an activation: ${activationNames.join(", ")}, or a function`,
    got: JSON.stringify(activation),
  });
}

import { ArgumentError } from "../base/errors";
import type { Operand, Tensor } from "../tensor/tensor";

/** `x` where it is positive, else `alpha x`. */
export function leakyRelu(x: Operand, alpha: number): Tensor {
  return x.greater(0).where(x, x.mul(alpha));
}

/** `x` where it is positive, else `alpha (e^x - 1)`. */
export function elu(x: Operand, alpha = 1): Tensor {
  // Without the minimum a large x would overflow on the side that is not taken, and its gradient be NaN.
  return x.greater(0).where(x, x.minimum(0).expm1().mul(alpha));
}

/** Functions that a layer may end with, by the names that `activation` takes; constants as Keras's. */
export const activations = {
  linear: (x: Operand) => x.asTensor(),
  relu: (x: Operand) => x.relu(),
  leakyRelu: (x: Operand) => leakyRelu(x, 0.2),
  elu: (x: Operand) => elu(x),
  // Klambauer et al. 2017: with these two numbers a mean of 0 and a variance of 1 stay.
  selu: (x: Operand) => elu(x, 1.6732632423543772).mul(1.0507009873554805),
  // Hendrycks & Gimpel 2016, by the error function rather than by tanh.
  gelu: (x: Operand) => x.mul(x.mul(Math.SQRT1_2).erf().add(1).mul(0.5)),
  silu: (x: Operand) => x.mul(x.sigmoid()),
  softplus: (x: Operand) => x.softplus(),
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

import { ArgumentError } from "../../base/errors";
import type { Operand, Tensor } from "../../tensor/tensor";

/** Computes $x$ where it is positive, else $\alpha x$. */
export function leakyRelu(x: Operand, alpha: number): Tensor {
  return x.greater(0).where(x, x.mul(alpha));
}

/** Computes $x$ where it is positive, else $\alpha (e^x - 1)$. */
export function elu(x: Operand, alpha = 1): Tensor {
  // Without the minimum, a large x overflows in the branch that is not selected, and its gradient is NaN.
  return x.greater(0).where(x, x.minimum(0).expm1().mul(alpha));
}

/** Activation functions by name; their constants are Keras's. */
export const activations = {
  linear: (x: Operand) => x.asTensor(),
  relu: (x: Operand) => x.relu(),
  leakyRelu: (x: Operand) => leakyRelu(x, 0.2),
  elu: (x: Operand) => elu(x),
  // Klambauer et al. 2017: with these two numbers, activations keep mean 0 and variance 1.
  selu: (x: Operand) => elu(x, 1.6732632423543772).mul(1.0507009873554805),
  // Hendrycks & Gimpel 2016, with the error function rather than the tanh approximation.
  gelu: (x: Operand) => x.mul(x.mul(Math.SQRT1_2).erf().add(1).mul(0.5)),
  silu: (x: Operand) => x.mul(x.sigmoid()),
  softplus: (x: Operand) => x.softplus(),
  sigmoid: (x: Operand) => x.sigmoid(),
  softmax: (x: Operand) => x.softmax(),
  tanh: (x: Operand) => x.tanh(),
} satisfies Record<string, (x: Operand) => Tensor>;

/** Name of a built-in activation function; `activation` lists them with their formulas. */
export type ActivationName = keyof typeof activations;
/** Activation function: a name, or any function of one tensor. */
export type Activation = ActivationName | ((x: Operand) => Tensor);

/** Names of all built-in activation functions. */
export const activationNames = Object.keys(activations) as ActivationName[];

/**
 * Returns the function for a name, "linear" by default, or the function itself.
 * @throws ArgumentError for an unknown name
 */
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

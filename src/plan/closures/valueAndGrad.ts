import { ArgumentError, ShapeError } from "../../base/errors";
import { formatShape } from "../../base/shape";
import { zeros } from "../../tensor/creation";
import "../../tensor/ops/methods";
import { gradientsOf } from "../../tensor/gradient";
import { Parameter } from "../../tensor/parameter";
import { keep } from "../../tensor/scope";
import type { Operand, Tensor } from "../../tensor/tensor";
import { runClosure } from "./closure";
import type { Computation } from "../run/computation";

/** Anything with parameters by path, such as a block. */
export interface HasParameters {
  /** Returns the parameters by path. */
  parameters(): Map<string, Parameter>;
}

/** Result of a closure: a loss of size 1, alone or first in an array. */
export type Loss = Operand | readonly [Operand, ...Operand[]];

/** Options of `valueAndGrad`. */
export interface GradientOptions {
  /**
   * True to run blocks in training mode, in which for example dropout is active. Default false; `minimize` and `fit` use true.
   */
  training?: boolean;
}

/** Result of `valueAndGrad`: the loss, the tensors returned after it, and the gradients. */
export interface ValueAndGrad<G> {
  /** The loss, of shape `[]`. */
  value: Tensor;
  /** The tensors that the closure returned after the loss. */
  rest: Tensor[];
  /** Gradients: a Map by path if the targets are a block, or an array in the order of the targets. */
  grads: G;
}

export function splitLoss(result: Loss, at: string): { loss: Tensor; rest: Tensor[] } {
  const list = (Array.isArray(result) ? result : [result]) as readonly Operand[];
  const [loss, ...rest] = list.map((item) => (item instanceof Parameter ? item.value : item.asTensor()));
  if (loss?.size === 1 && loss.dtype === "float32") return { loss, rest };
  throw new ShapeError({
    at,
    expected: "a closure that returns a float32 tensor of size 1",
    got: loss ? `${loss.dtype} ${formatShape(loss.shape)}` : typeof result,
    remedy: "Reduce the loss with mean() or sum().",
  });
}

/** Returns the gradients of the loss, zeros for targets that it does not depend on. */
export function gradientsOrZeros(loss: Tensor, targets: readonly Tensor[]): Tensor[] {
  return gradientsOf(loss, targets).map((gradient, index) => {
    const { shape, device } = targets[index]!;
    return gradient ?? zeros(shape, { device });
  });
}

function checkTargets(targets: unknown): void {
  const valid = Array.isArray(targets)
    ? targets.every((target) => typeof target?.asTensor === "function")
    : typeof (targets as HasParameters)?.parameters === "function";
  if (valid) return;
  throw new ArgumentError({
    at: "valueAndGrad()",
    expected: "a block, or an array of tensors and parameters",
    got: String(targets),
  });
}

/** Returns the trainable parameters of a block by path. */
export function trainableParameters(block: HasParameters): Map<string, Parameter> {
  return new Map([...block.parameters()].filter(([, parameter]) => parameter.trainable));
}

/**
 * Computes a loss and its gradients by reverse-mode automatic differentiation (Baydin et al. 2018, arXiv:1502.05767):
 * $L$ and $\partial L / \partial p$ for each target $p$. A gradient has the shape of its target and is 0 if the loss
 * does not depend on it. Also sets `grad` of every parameter among the targets.
 *
 * @param fn returns the loss, a float32 tensor of size 1, or `[loss, ...rest]`, or a promise of these. Tensors created
 *   inside are freed, except those returned
 * @param targets a block, for its trainable parameters; or an array of tensors and parameters
 * @param options `training` defaults to false
 * @returns `value`, the loss of shape `[]`; `rest`, the tensors returned after it; `grads`, a Map by path for a block,
 *   or an array in the order of the targets
 * @throws ShapeError if the loss is not a float32 tensor of size 1
 * @throws ArgumentError for other targets, and inside another closure
 * @example
 * const w = tensor([1, 2, 3]);
 * const { value, grads } = await valueAndGrad(() => w.square().sum(), [w]);
 * value; // => 14
 * grads[0]; // => [2, 4, 6]
 *
 * const layer = dense(1, { useBias: false, kernelInitializer: initializers.ones() });
 * const result = await valueAndGrad(() => layer.call(tensor([[1, 2]])).sum(), layer);
 * result.grads.get("kernel"); // => [[1], [2]]
 */
export function valueAndGrad(
  fn: () => Loss | Promise<Loss>,
  targets: HasParameters,
  options?: GradientOptions,
): Promise<ValueAndGrad<Map<string, Tensor>>>;
export function valueAndGrad(
  fn: () => Loss | Promise<Loss>,
  targets: readonly Operand[],
  options?: GradientOptions,
): Promise<ValueAndGrad<Tensor[]>>;
export async function valueAndGrad(
  fn: () => Loss | Promise<Loss>,
  targets: HasParameters | readonly Operand[],
  { training }: GradientOptions = {},
): Promise<ValueAndGrad<Map<string, Tensor> | Tensor[]>> {
  checkTargets(targets);
  return runClosure("valueAndGrad()", training, fn, (result) => {
    const { loss, rest } = splitLoss(result, "valueAndGrad()");
    // The block may be built only now, by its first call inside the closure.
    const isList = Array.isArray(targets);
    const byPath = isList ? undefined : trainableParameters(targets as HasParameters);
    const operands: readonly Operand[] = isList ? targets : [...byPath!.values()];
    const value = loss.reshape([]);
    const tensors = operands.map((operand) => operand.asTensor());
    const step: Computation = {
      roots: [value, ...rest],
      key: "gradients",
      targets: tensors,
      variables: [],
      numbers: [],
      extend: () => ({ outputs: gradientsOrZeros(loss, tensors), updates: [] }),
    };
    const finish = (gradients: readonly Tensor[]) => {
      operands.forEach((operand, index) => {
        if (operand instanceof Parameter) setGradient(operand, gradients[index]!);
      });
      const paths = byPath && [...byPath.keys()];
      const grads = paths ? new Map(paths.map((path, index) => [path, gradients[index]!])) : [...gradients];
      return { value, rest, grads };
    };
    return { computation: step, finish };
  });
}

/** Sets `grad` of a parameter to a separate handle, so that disposing of the returned gradient does not affect it. */
export function setGradient(parameter: Parameter, gradient: Tensor): void {
  parameter.grad?.dispose();
  parameter.grad = keep(gradient.view(gradient.shape));
}

/** Removes the gradients that `valueAndGrad` set on parameters. */
export function clearGradients(parameters: Iterable<Parameter>): void {
  for (const parameter of parameters) {
    parameter.grad?.dispose();
    parameter.grad = null;
  }
}

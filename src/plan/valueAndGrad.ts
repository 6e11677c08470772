import { ArgumentError, ShapeError } from "../base/errors";
import { formatShape } from "../base/shape";
import { zeros } from "../tensor/creation";
import "../tensor/ops/methods";
import { gradientsOf } from "../tensor/gradient";
import { Parameter } from "../tensor/parameter";
import { keep } from "../tensor/scope";
import type { Operand, Tensor } from "../tensor/tensor";
import { runClosure } from "./closure";
import type { Step } from "./step";

/** Anything with parameters by path: a block. */
export interface HasParameters {
  parameters(): Map<string, Parameter>;
}

/** A closure's result: a loss of size 1, alone or first in an array. */
export type Loss = Operand | readonly [Operand, ...Operand[]];

export interface GradientOptions {
  /** Whether blocks called inside train (dropout drops). Default false; `minimize` and `fit` pass true. */
  training?: boolean;
}

export interface ValueAndGrad<G> {
  /** The loss, rank 0. */
  value: Tensor;
  /** What the closure returned after the loss. */
  rest: Tensor[];
  /** By path for a block, in the order of the list for a list. */
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

/** Gradients of the loss, zeros where it does not depend on a target. */
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

/** A block's trainable parameters, by path. */
export function trainableParameters(block: HasParameters): Map<string, Parameter> {
  return new Map([...block.parameters()].filter(([, parameter]) => parameter.trainable));
}

/**
 * The value of `fn` and its gradients, by reverse accumulation over the graph
 * that its ops leave.
 * @param fn returns (a promise of) a float32 tensor of size 1, or `[loss, ...rest]`.
 * @param targets a block: its trainable parameters, by path, zeros where the loss
 *   does not depend on one; or a list of tensors and parameters: gradients in its order.
 * Sets `grad` of each parameter among them.
 * @throws ShapeError for a loss of another size, ArgumentError inside another closure.
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
    // Only now: a block's first call inside the closure may have built it.
    const isList = Array.isArray(targets);
    const byPath = isList ? undefined : trainableParameters(targets as HasParameters);
    const operands: readonly Operand[] = isList ? targets : [...byPath!.values()];
    const value = loss.reshape([]);
    const tensors = operands.map((operand) => operand.asTensor());
    const step: Step = {
      roots: [value, ...rest],
      key: "gradients",
      targets: tensors,
      states: [],
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
    return { step, finish };
  });
}

/** `p.grad` is a handle of its own, so that disposing a returned gradient leaves it alone. */
export function setGradient(parameter: Parameter, gradient: Tensor): void {
  parameter.grad?.dispose();
  parameter.grad = keep(gradient.view(gradient.shape));
}

/** Forgets the gradients that `valueAndGrad` left in parameters. */
export function clearGradients(parameters: Iterable<Parameter>): void {
  for (const parameter of parameters) {
    parameter.grad?.dispose();
    parameter.grad = null;
  }
}

import { full } from "./creation";
import type { Op } from "./graph";
import { withOrigin } from "./origin";
import type { Node, Tensor } from "./tensor";

/** All tensors that `loss` was made of inside the closure, each after its inputs. */
function inOrder(loss: Tensor): Tensor[] {
  const order: Tensor[] = [];
  const seen = new Set<Tensor>([loss]);
  // An own stack: graphs may be deeper than the engine's.
  const stack: { tensor: Tensor; next: number }[] = [{ tensor: loss, next: 0 }];
  while (stack.length > 0) {
    const top = stack.at(-1)!;
    const input = top.tensor.node?.inputs[top.next++];
    if (input === undefined) {
      order.push(top.tensor);
      stack.pop();
    } else if (!seen.has(input)) {
      seen.add(input);
      stack.push({ tensor: input, next: 0 });
    }
  }
  return order;
}

/** Those tensors that a gradient has to pass on its way to `targets`. */
function onTheWay(order: readonly Tensor[], targets: ReadonlySet<Tensor>): Set<Tensor> {
  const result = new Set<Tensor>();
  for (const tensor of order) {
    if (targets.has(tensor) || tensor.node?.inputs.some((input) => result.has(input))) result.add(tensor);
  }
  return result;
}

/**
 * The gradient of `loss` (size 1) by each target, by reverse accumulation over
 * the recorded graph; undefined for a target that `loss` does not depend on.
 */
export function gradientsOf(loss: Tensor, targets: readonly Tensor[]): (Tensor | undefined)[] {
  const order = inOrder(loss);
  const wanted = onTheWay(order, new Set(targets));
  const gradients = new Map<Tensor, Tensor>();
  if (wanted.has(loss)) gradients.set(loss, full(loss.shape, 1, { device: loss.device }));
  for (const tensor of order.reverse()) {
    const gradient = gradients.get(tensor);
    const { node } = tensor;
    if (!gradient || !node) continue;
    const origin = { owner: node.origin?.owner, phase: "gradient" } as const;
    withOrigin(origin, () => passOn(tensor, node, gradient, wanted, gradients));
  }
  return targets.map((target) => gradients.get(target));
}

function passOn(
  result: Tensor,
  node: Node,
  gradient: Tensor,
  wanted: ReadonlySet<Tensor>,
  gradients: Map<Tensor, Tensor>,
): void {
  const { inputs, attributes } = node;
  const op = node.op as Op;
  const needs = (index: number) => inputs[index]!.dtype === "float32" && wanted.has(inputs[index]!);
  const parts = op.gradient?.({ inputs, result, attributes, gradient, needs }) ?? [];
  inputs.forEach((input, index) => {
    const part = parts[index];
    if (!part || !needs(index)) return;
    const sum = gradients.get(input);
    gradients.set(input, sum ? sum.add(part) : part);
  });
}

import { full } from "./creation";
import { sumOfParts } from "./gradientParts";
import type { Op } from "./graph";
import { type Owner, withOrigin } from "./workOrigin";
import type { Node, Tensor } from "./tensor";

/** Returns the tensors that `loss` depends on inside the closure, each after its inputs. */
function inOrder(loss: Tensor): Tensor[] {
  const order: Tensor[] = [];
  const seen = new Set<Tensor>([loss]);
  // An explicit stack, because graphs may be deeper than the engine's call stack.
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

/** Returns the tensors that a gradient passes through on its way to `targets`. */
function reachableNodes(order: readonly Tensor[], targets: ReadonlySet<Tensor>): Set<Tensor> {
  const result = new Set<Tensor>();
  for (const tensor of order) {
    if (targets.has(tensor) || tensor.node?.inputs.some((input) => result.has(input))) result.add(tensor);
  }
  return result;
}

/** The terms that add up to the gradient of a tensor. */
interface PartialGradients {
  readonly parts: Tensor[];
  /** The block whose op contributed the last term. */
  readonly owner: Owner | undefined;
}

/**
 * Returns the gradient of `loss` (size 1) with respect to each target, by reverse accumulation over the recorded graph;
 * undefined for a target that `loss` does not depend on.
 */
export function gradientsOf(loss: Tensor, targets: readonly Tensor[]): (Tensor | undefined)[] {
  const order = inOrder(loss);
  const wanted = reachableNodes(order, new Set(targets));
  const received = new Map<Tensor, PartialGradients>();
  const gradients = new Map<Tensor, Tensor>();
  if (wanted.has(loss)) received.set(loss, { parts: [full(loss.shape, 1, { device: loss.device })], owner: undefined });
  for (const tensor of order.reverse()) {
    const { node } = tensor;
    const given = received.get(tensor);
    if (!given) continue;
    const gradient = withOrigin({ owner: given.owner, phase: "gradient" }, () => sumOfParts(given.parts));
    gradients.set(tensor, gradient);
    if (!node) continue;
    const origin = { owner: node.origin?.owner, phase: "gradient" } as const;
    withOrigin(origin, () => propagate(tensor, node, gradient, wanted, received));
  }
  return targets.map((target) => gradients.get(target));
}

function propagate(
  result: Tensor,
  node: Node,
  gradient: Tensor,
  wanted: ReadonlySet<Tensor>,
  received: Map<Tensor, PartialGradients>,
): void {
  const { inputs, attributes } = node;
  const op = node.op as Op;
  const needs = (index: number) => inputs[index]!.dtype === "float32" && wanted.has(inputs[index]!);
  const parts = op.gradient?.({ inputs, result, attributes, gradient, needs }) ?? [];
  inputs.forEach((input, index) => {
    const part = parts[index];
    if (!part || !needs(index)) return;
    const { parts: before = [] } = received.get(input) ?? {};
    before.push(part);
    received.set(input, { parts: before, owner: node.origin?.owner });
  });
}

/** Finds the origin of a NaN or infinity in a step by computing that step again, block by block. */
import type { Block } from "../../nn/block/block";
import { walkBlocks } from "../../nn/block/tree";
import { clearGradients, valueAndGrad } from "../../plan/closures/valueAndGrad";
import { Operand, type Tensor } from "../../tensor/tensor";
import { type Batch, namedInputs } from "../run/tables";
import type { LossFunction } from "../trainingConfig";

/** The place of a NaN or infinity. */
export interface NonFiniteValue {
  /** The label of a block, the path of a parameter, `X`, `y` or `the loss`. */
  at: string;
  /** `NaN`, `Infinity`, `-Infinity`. */
  got: string;
  /** What was expected there, for example "finite output". */
  expected: string;
}

/** Returns the first element that is not finite, as text. */
async function firstNonFinite(tensor: Operand): Promise<string | undefined> {
  const values = await tensor.data();
  const broken = Array.prototype.find.call(values, (value: number) => !Number.isFinite(value)) as number | undefined;
  return broken === undefined ? undefined : String(broken);
}

/** Returns a fault for the first tensor with an element that is not finite. */
async function firstNonFiniteOf(
  named: Iterable<readonly [at: string, tensor: Operand]>,
  expected: string,
): Promise<NonFiniteValue | undefined> {
  for (const [at, tensor] of named) {
    const got = await firstNonFinite(tensor);
    if (got !== undefined) return { at, got, expected };
  }
  return undefined;
}

/**
 * Calls `note` with the output of every block call in the net, the innermost first. Returns a function that stops this.
 */
function watchOutputs(net: Block, note: (label: string, result: Tensor) => void): () => void {
  const undo: (() => void)[] = [];
  for (const { block } of walkBlocks<Block>(net).entries) {
    const own = Object.getOwnPropertyDescriptor(block, "forward");
    const { forward } = block;
    const see = (result: unknown) => {
      if (result instanceof Operand) note(block.label, result.asTensor());
      return result;
    };
    const value = (...inputs: unknown[]): unknown => {
      const result: unknown = forward.apply(block, inputs);
      return result instanceof Promise ? result.then(see) : see(result);
    };
    Object.defineProperty(block, "forward", { value, configurable: true, enumerable: false });
    undo.push(() => {
      Reflect.deleteProperty(block, "forward");
      if (own) Object.defineProperty(block, "forward", own);
    });
  }
  return () => undo.forEach((restore) => restore());
}

/** Returns the step's loss, its gradients and the output of every block, and leaves the states as they were. */
async function recompute(net: Block, loss: LossFunction, { inputs, yTrue, sampleWeight }: Batch) {
  const states = net.weights.filter(({ state }) => state).map((state) => [state, state.value] as const);
  const labels: string[] = [];
  const outputs: Tensor[] = [];
  const unwatch = watchOutputs(net, (label, result) => {
    labels.push(label);
    outputs.push(result);
  });
  try {
    const closure = async (): Promise<[Tensor, ...Tensor[]]> => {
      const yPred = (await net.call(...inputs)) as Tensor;
      return [loss(yTrue, yPred, sampleWeight ? { sampleWeight } : {}), ...outputs];
    };
    const { value, rest, grads } = await valueAndGrad(closure, net, { training: true });
    return { value, grads: [...grads], outputs: rest.map((output, index) => [labels[index]!, output] as const) };
  } finally {
    unwatch();
    clearGradients(net.parameters().values());
    for (const [state, before] of states) state.assign(before);
  }
}

/**
 * Returns where the step failed.
 * @returns undefined if everything is finite this time, because random numbers differ from those of the failed step
 */
export async function findNonFinite(net: Block, loss: LossFunction, batch: Batch): Promise<NonFiniteValue | undefined> {
  const data = [...namedInputs(batch.inputs), ["y", batch.yTrue] as const];
  const weights = net.weights.map((weight) => [weight.path, weight] as const);
  const before =
    (await firstNonFiniteOf(data, "finite numbers")) ?? (await firstNonFiniteOf(weights, "finite weights"));
  if (before) return before;
  const { value, grads, outputs } = await recompute(net, loss, batch);
  return (
    (await firstNonFiniteOf(outputs, "a finite output")) ??
    (await firstNonFiniteOf([["the loss", value]], "a finite number")) ??
    // Gradients are computed from the last layer to the first, so the last faulty one in the list is the origin.
    (await firstNonFiniteOf(grads.toReversed(), "a finite gradient"))
  );
}

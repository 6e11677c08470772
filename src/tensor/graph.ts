/** Calls of ops: they run at once, or leave a node with their inputs inside a recorded closure. */
import type { DType } from "../base/dtype";
import { ArgumentError, DeviceError } from "../base/errors";
import type { KindInfo } from "../base/info";
import type { Shape } from "../base/shape";
import type { Dispatch, Shader } from "../device/backend";
import { activity } from "./activity";
import { currentOrigin } from "./workOrigin";
import { isRecording } from "./scope";
import { type Node, type Operand, Tensor } from "./tensor";

export interface TensorSpec {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Arithmetic and memory traffic of one call of an op. */
export interface OpCost {
  /** Products with their sums; every other operation on an element, such as a sum or an exponential, counts as one. */
  readonly multiplyAdds: number;
  /** Bytes that it reads and writes if each element is moved once. */
  readonly bytes: number;
}

/** Arguments of a run of an op: inputs, result, and the means to dispatch shaders over them. */
export interface OpCall<A> {
  readonly inputs: readonly Tensor[];
  readonly result: Tensor;
  readonly attributes: A;
  /** True if a plan or the backend compiles dispatches by their form; it then splits long sums itself. */
  readonly joined?: boolean;
  /** Runs a shader over tensors of the call's device. */
  run<U>(shader: Shader<U>, inputs: readonly Tensor[], result: Tensor, uniforms: U, workgroups: number): void;
  /** Allocates a tensor that is freed at the end of this call. */
  scratch(shape: Shape, dtype: DType): Tensor;
}

export interface GradientCall<A> {
  readonly inputs: readonly Tensor[];
  readonly result: Tensor;
  readonly attributes: A;
  /** The gradient of the loss with respect to `result`, in its shape. */
  readonly gradient: Tensor;
  /** False for an input whose gradient is not needed, so that it need not be computed. */
  needs(input: number): boolean;
}

/** An op: its shape rule, how it runs, and its gradient in terms of other ops. */
export interface Op<A = unknown> {
  readonly name: string;
  readonly info: Pick<KindInfo, "formula" | "source"> & { description: string };
  /**
   * Returns the result's shape and dtype.
   * @throws ShapeError for shapes that the op does not accept, DTypeError for dtypes that it does not accept.
   */
  infer(inputs: readonly TensorSpec[], attributes: A): TensorSpec;
  /** Returns what a call costs, from shapes alone. */
  cost(inputs: readonly TensorSpec[], result: TensorSpec, attributes: A): OpCost;
  /** Absent if the result is a view: the same elements under another shape. */
  run?(call: OpCall<A>): void;
  /** The same computation in terms of other ops, which a plan can fuse with the ops around it. */
  expand?(inputs: readonly Tensor[], attributes: A): Tensor;
  /** Attributes that affect only numbers, not the structure of the computation: a constant, a random key. */
  readonly volatile?: readonly (keyof A & string)[];
  /** Gradients with respect to each input, undefined for an input without one. Absent if no input has a gradient. */
  gradient?(call: GradientCall<A>): (Tensor | undefined)[];
}

function commonDevice(op: string, inputs: readonly Tensor[]): string {
  const device = inputs[0]!.device;
  const other = inputs.find((input) => input.device !== device);
  if (!other) return device;
  throw new DeviceError({
    at: op,
    expected: "tensors of one device",
    got: `${device} and ${other.device}`,
    remedy: `Copy one of them first: .to("${other.device}").`,
  });
}

function runOn<A>(op: Op<A>, inputs: readonly Tensor[], result: Tensor, attributes: A): void {
  const scratches: Tensor[] = [];
  const { backend } = result;
  op.run!({
    inputs,
    result,
    attributes,
    joined: backend.runsForms,
    run<U>(shader: Shader<U>, from: readonly Tensor[], to: Tensor, uniforms: U, workgroups: number) {
      if (to.size === 0) return;
      const dispatch: Dispatch<U> = {
        shader,
        inputs: from.map((x) => x.slot()),
        result: to.slot(),
        uniforms,
        workgroups,
      };
      backend.run(dispatch);
    },
    scratch(shape, dtype) {
      const tensor = Tensor.allocate(shape, dtype, backend.device, op.name);
      scratches.push(tensor);
      return tensor;
    },
  });
  for (const tensor of scratches) tensor.dispose();
}

/**
 * Calls an op. Errors of shape, dtype and device are thrown here, before anything runs.
 * @param device where to run an op that has no inputs
 */
export function apply<A>(op: Op<A>, operands: readonly Operand[], attributes: A, device?: string): Tensor {
  const inputs = operands.map((operand) => operand.asTensor());
  for (const input of inputs) input.checkLive();
  const place = inputs.length > 0 ? commonDevice(op.name, inputs) : device;
  if (place === undefined) throw new ArgumentError(`internal: ${op.name} has neither inputs nor a device`);
  const { shape, dtype } = op.infer(inputs, attributes);
  activity.ops++;
  if (isRecording()) {
    const node = { op, inputs, attributes, origin: currentOrigin(), compute };
    return Tensor.recorded(shape, dtype, place, node, op.name);
  }
  const result = op.run ? Tensor.allocate(shape, dtype, place, op.name) : inputs[0]!.view(shape);
  if (op.run) runOn(op, inputs, result, attributes);
  return result;
}

/** Computes a pending tensor, after the pending tensors that it depends on. */
function compute(tensor: Tensor): void {
  for (const recorded of pendingInOrder([tensor])) {
    const { op, inputs, attributes } = recorded.node as Node<Op>;
    if (op.run) {
      recorded.allocate(op.name);
      runOn(op, inputs, recorded, attributes);
    } else recorded.aliasStorage(inputs[0]!);
  }
}

/** Returns the pending tensors that the given ones depend on, and themselves, each after its inputs. */
export function pendingInOrder(tensors: readonly Tensor[]): Tensor[] {
  return inOrder(tensors, (tensor) => tensor.pending);
}

/**
 * As `pendingInOrder`, but includes tensors that were already computed while their closure was open: gradients pass
 * through them.
 */
export function recordedInOrder(tensors: readonly Tensor[]): Tensor[] {
  return inOrder(tensors, (tensor) => tensor.node !== undefined);
}

function inOrder(tensors: readonly Tensor[], belongs: (tensor: Tensor) => boolean): Tensor[] {
  const order: Tensor[] = [];
  const seen = new Set<Tensor>();
  const stack: { tensor: Tensor; next: number }[] = [];
  const visit = (tensor: Tensor) => {
    if (!belongs(tensor) || seen.has(tensor)) return;
    seen.add(tensor);
    stack.push({ tensor, next: 0 });
  };
  for (const root of tensors) {
    visit(root);
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const input = top.tensor.node!.inputs[top.next++];
      if (input) visit(input);
      else order.push(stack.pop()!.tensor);
    }
  }
  return order;
}

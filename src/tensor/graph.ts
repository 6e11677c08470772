/** How ops are called: eagerly, and inside a recorded closure leaving only a node that holds its inputs. */
import type { DType } from "../base/dtype";
import { ArgumentError, DeviceError } from "../base/errors";
import type { KindInfo } from "../base/info";
import type { Shape } from "../base/shape";
import type { Dispatch, Shader } from "../device/backend";
import { activity } from "./activity";
import { currentOrigin } from "./origin";
import { isRecording } from "./scope";
import { type Node, type Operand, Tensor } from "./tensor";

export interface Spec {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** What an op runs with: its inputs and its result, and a way to dispatch over them. */
export interface OpCall<A> {
  readonly inputs: readonly Tensor[];
  readonly result: Tensor;
  readonly attributes: A;
  /** True where a plan or the backend takes dispatches by their form: it splits long sums itself. */
  readonly joined?: boolean;
  /** Runs a shader over tensors of the call's device. */
  run<U>(shader: Shader<U>, inputs: readonly Tensor[], result: Tensor, uniforms: U, workgroups: number): void;
  /** A tensor that lives as long as this call. */
  scratch(shape: Shape, dtype: DType): Tensor;
}

export interface GradientCall<A> {
  readonly inputs: readonly Tensor[];
  readonly result: Tensor;
  readonly attributes: A;
  /** The gradient of the loss by `result`, in its shape. */
  readonly gradient: Tensor;
  /** False for an input whose gradient nobody asks for: computing it would be in vain. */
  needs(input: number): boolean;
}

/** One op: what it makes of shapes and dtypes, how it runs, how its gradient follows from other ops. */
export interface Op<A = unknown> {
  readonly name: string;
  readonly info: Pick<KindInfo, "formula" | "source"> & { description: string };
  /** The result's shape and dtype. @throws ShapeError, DTypeError. */
  infer(inputs: readonly Spec[], attributes: A): Spec;
  /** Absent where the result is a view: the same elements under another shape. */
  run?(call: OpCall<A>): void;
  /** The same in terms of other ops, which a plan can join with what is around them. */
  expand?(inputs: readonly Tensor[], attributes: A): Tensor;
  /** Attributes that do not change what is computed but for its numbers: a constant, a random key. */
  readonly volatile?: readonly (keyof A & string)[];
  /** Gradients by each input, undefined where there is none. Absent where there is none at all. */
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
    joined: backend.takesForms,
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
 * Calls an op. Errors of shape, dtype and device are thrown here, before
 * anything runs.
 * @param device where to run an op that has no inputs.
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

/** Computes a recorded tensor, and before it all that it is made of. */
function compute(tensor: Tensor): void {
  for (const recorded of pendingInOrder([tensor])) {
    const { op, inputs, attributes } = recorded.node as Node<Op>;
    if (op.run) {
      recorded.allocate(op.name);
      runOn(op, inputs, recorded, attributes);
    } else recorded.shareValues(inputs[0]!);
  }
}

/** The recorded tensors that others are made of, themselves among them, each after its inputs. */
export function pendingInOrder(tensors: readonly Tensor[]): Tensor[] {
  return inOrder(tensors, (tensor) => tensor.pending);
}

/** As `pendingInOrder`, and with those that were computed already while their closure went on: gradients pass them. */
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

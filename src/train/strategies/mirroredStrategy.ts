import { yieldIfDue } from "../../base/cancel";
import { ArgumentError } from "../../base/errors";
import { device, tryAllGpus } from "../../device/open";
import type { Block } from "../../nn/block/block";
import type { MinimizeOptions, Optimizer } from "../../nn/define/optimizer";
import { limitInFlight } from "../../plan/closures/limitInFlight";
import { clearGradients, type GradientOptions } from "../../plan/closures/valueAndGrad";
import type { Operand, Tensor } from "../../tensor/tensor";
import type { ReplicaLoss, Share } from "./meanGradient";
import { Replicas } from "./replicas";

/**
 * Trains replicas of one model on several devices, each with a part of every batch.
 *
 * With shares $s_k = n_k / n$ of the rows, $L = \sum_k s_k L_k$ and $\nabla L = \sum_k s_k \nabla L_k$. This is the
 * mean over the whole batch, equal to that of a single device except for rounding. Gradients are summed on the first
 * device, the optimizer runs there, and the new weights are copied to all other devices, so all replicas are bitwise
 * equal.
 *
 * @see TensorFlow, `MirroredStrategy`
 */
export class MirroredStrategy {
  readonly devices: readonly string[];
  private readonly models = new WeakMap<Block, Replicas>();

  /**
   * @param devices defaults to all GPUs, or `["CPU:0"]` without a GPU
   * @throws DeviceError for an unknown device.
   * @throws ArgumentError for an empty list or a repeated device.
   */
  constructor(devices: readonly string[] = tryAllGpus()) {
    const names = devices.map((name) => device(name));
    if (names.length === 0 || new Set(names).size < names.length) {
      throw new ArgumentError({
        at: "mirroredStrategy",
        expected: "a list of different devices",
        got: `[${names.join(", ")}]`,
        remedy: "Pass tryAllGpus().",
      });
    }
    this.devices = names;
  }

  /**
   * Creates a model on the first device and a replica on each of the others. Returns the model, an ordinary block.
   * @param fn creates the model. It is called once per device, with that device as the default and the same random
   * keys.
   * @throws ArgumentError if `fn` does not create new blocks at each call.
   * @example
   * const net = mirroredStrategy(["CPU:0"]).scope(() => dense(3));
   * net.call(ones([2, 4])).shape; // => [2, 3]
   */
  scope<M extends Block>(fn: () => M): M {
    const replicas = new Replicas(fn, this.devices);
    this.models.set(replicas.model, replicas);
    return replicas.model as M;
  }

  /**
   * Returns the model and its replicas, in the order of `devices`. If the model is built, the replicas are built as
   * well.
   * @throws ArgumentError for a model that `scope` of this strategy did not create.
   * @example
   * const strategy = mirroredStrategy(["CPU:0"]);
   * const net = strategy.scope(() => dense(3));
   * strategy.replicas(net)[0] === net; // => true
   */
  replicas<M extends Block>(net: M): M[] {
    const replicas = this.replicasOf(net, "replicas()");
    replicas.build();
    return replicas.all as M[];
  }

  /**
   * Computes the mean loss over a batch and its gradients, each device processing a part.
   *
   * @param fn the mean loss of a part, called as `fn(replica, ...parts)`
   * @param data tensors `[n, ...]` with the rows along the first axis
   * @returns `value` of rank 0 and `grads` by path, on the first device. Sets `grad` of the model's parameters.
   * @throws ShapeError if the tensors differ in the number of rows.
   * @throws ArgumentError for a model that `scope` of this strategy did not create.
   * @example
   * const strategy = mirroredStrategy(["CPU:0"]);
   * const net = strategy.scope(() => dense(1, { useBias: false, kernelInitializer: initializers.constant(1) }));
   * const loss = (replica, x, y) => losses.meanSquaredError(y, replica.call(x));
   * const { value, grads } = await strategy.valueAndGrad(loss, net, [tensor([[1], [2]]), tensor([[2], [4]])]);
   * value.item(); // => 2.5
   * grads.get("kernel").array(); // => [[-5]]
   */
  async valueAndGrad<M extends Block>(
    fn: ReplicaLoss<M>,
    net: M,
    data: readonly Operand[],
    options: GradientOptions = {},
  ): Promise<Share> {
    const replicas = this.replicasOf(net, "valueAndGrad()");
    const { meanGradient } = await import("./meanGradient");
    return meanGradient(fn, net, data, replicas, this.devices, options);
  }

  /**
   * Performs one training step on all devices, like `optimizer.minimize` with the batch split among them.
   *
   * @param data tensors `[n, ...]` with the rows along the first axis
   * @returns the loss before the update, an unread tensor of rank 0 on the first device
   * @throws ShapeError if the tensors differ in the number of rows.
   * @throws ArgumentError for a model that `scope` of this strategy did not create.
   * @example
   * const strategy = mirroredStrategy(["CPU:0"]);
   * const net = strategy.scope(() => dense(1, { useBias: false, kernelInitializer: initializers.constant(1) }));
   * const loss = (replica, x, y) => losses.meanSquaredError(y, replica.call(x));
   * const data = [tensor([[1], [2]]), tensor([[2], [4]])];
   * await strategy.minimize(optimizers.sgd({ learningRate: 0.1 }), loss, net, data);
   * net.kernel.array(); // => [[1.5]]
   */
  async minimize<M extends Block>(
    optimizer: Optimizer,
    fn: ReplicaLoss<M>,
    net: M,
    data: readonly Operand[],
    { keepGradients = false }: MinimizeOptions = {},
  ): Promise<Tensor> {
    const { value, grads } = await this.valueAndGrad(fn, net, data, { training: true });
    optimizer.apply(grads, net);
    this.replicasOf(net, "minimize()").mirror();
    for (const gradient of grads.values()) gradient.dispose();
    if (!keepGradients) clearGradients(net.parameters().values());
    await limitInFlight(value);
    await yieldIfDue();
    return value;
  }

  private replicasOf(net: Block, at: string): Replicas {
    const replicas = this.models.get(net);
    if (replicas) return replicas;
    throw new ArgumentError({
      at: `mirroredStrategy: ${at}`,
      expected: "a model that scope() of this strategy returned",
      got: String(net),
      remedy: "const net = strategy.scope(() => sequential([...]));",
    });
  }
}

/**
 * Returns a strategy that trains one model on several devices: each device has a replica and computes the gradient of
 * a part of every batch.
 *
 * For shares $s_k$ of the rows, the gradient is $\nabla L = \sum_k s_k \nabla L_k$, as on one device except for
 * rounding.
 *
 * @param devices defaults to all GPUs, or `["CPU:0"]` without a GPU
 * @throws DeviceError for an unknown device.
 * @throws ArgumentError for an empty list or a repeated device.
 * @see MirroredStrategy
 * @see TensorFlow, `MirroredStrategy`
 * @example
 * const strategy = mirroredStrategy(["CPU:0"]);
 * const net = strategy.scope(() => dense(1, { kernelInitializer: initializers.constant(1) }));
 * const loss = (replica, x, y) => losses.meanSquaredError(y, replica.call(x));
 * const data = [tensor([[1], [2]]), tensor([[2], [4]])];
 * (await strategy.minimize(optimizers.sgd({ learningRate: 0.1 }), loss, net, data)).item(); // => 2.5
 * net.kernel.array(); // => [[1.5]]
 */
export function mirroredStrategy(devices?: readonly string[]): MirroredStrategy {
  return new MirroredStrategy(devices);
}

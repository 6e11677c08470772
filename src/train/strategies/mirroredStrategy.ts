import { breathe } from "../../base/cancel";
import { ArgumentError } from "../../base/errors";
import { device, tryAllGpus } from "../../device/open";
import type { Block } from "../../nn/block";
import type { MinimizeOptions, Optimizer } from "../../nn/optimizer";
import { paceBy } from "../../plan/unread";
import { clearGradients, type GradientOptions, valueAndGrad } from "../../plan/valueAndGrad";
import { keep } from "../../tensor/scope";
import type { Operand, Tensor } from "../../tensor/tensor";
import { moveTogether } from "./moveTogether";
import { Replicas } from "./replicas";
import { type BatchPart, splitBatch } from "./splitBatch";

/**
 * The mean loss over some examples: of one device's copy of the model, and of its part of the data. It is called
 * once for each device; what is in it beside its arguments has to be on all of them.
 */
// oxlint-disable-next-line typescript/no-explicit-any
export type ReplicaLoss<M extends Block> = (net: M, ...data: any[]) => Operand | Promise<Operand>;

/** What one device has computed: the loss and the gradients of its part, already times its share. */
interface Share {
  value: Tensor;
  grads: Map<string, Tensor>;
}

/**
 * The same model on several devices, each working on a part of the batch. With shares $s_k = n_k / n$ of the
 * examples, $L = \sum_k s_k L_k$ and $\nabla L = \sum_k s_k \nabla L_k$: the mean over the whole batch, as one device
 * has it but for rounding. Gradients are summed on the first device, the optimizer steps there, and the new weights
 * are copied to all others, so that every copy is equal to the last bit. Source: TensorFlow's MirroredStrategy.
 */
export class MirroredStrategy {
  readonly devices: readonly string[];
  private readonly models = new WeakMap<Block, Replicas>();

  /** @throws DeviceError for an absent device, ArgumentError for none or the same twice. */
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
   * A model that is mirrored on every device. It is an ordinary block on the first; the others hold replicas.
   * @param fn makes the model; it is called once for each device, with that device as the default.
   */
  scope<M extends Block>(fn: () => M): M {
    const replicas = new Replicas(fn, this.devices);
    this.models.set(replicas.model, replicas);
    return replicas.model as M;
  }

  /**
   * The model and its replicas, one for each of `devices`: their parameters tell where they are. Where the model has
   * seen an input the replicas are built as well.
   */
  replicas<M extends Block>(net: M): M[] {
    const replicas = this.replicasOf(net, "replicas()");
    replicas.build();
    return replicas.all as M[];
  }

  /**
   * The mean loss over a batch and its gradients, each device computing a part.
   * @param fn the mean loss of a part, called as `fn(replica, ...parts)`
   * @param data tensors `[n, ...]` with the examples along the first axis
   * @returns `value` of rank 0 and `grads` by path, on the first device. Sets `grad` of the model's parameters.
   * @throws ShapeError where tensors have different numbers of examples.
   */
  async valueAndGrad<M extends Block>(
    fn: ReplicaLoss<M>,
    net: M,
    data: readonly Operand[],
    options: GradientOptions = {},
  ): Promise<Share> {
    const replicas = this.replicasOf(net, "valueAndGrad()");
    const parts = splitBatch(data, this.devices, "mirroredStrategy");
    try {
      const shares: Share[] = [];
      const wasBuilt = net.built;
      if (wasBuilt) replicas.mirror();
      for (const [index, part] of parts.entries()) {
        shares.push(await shareOf(fn, replicas.all[index] as M, part, options));
        // The first call has built the model: the others begin with its weights.
        if (!wasBuilt && index === 0) replicas.mirror();
      }
      replicas.averageStates(parts.map(({ share }) => share));
      return setGradients(net, sumOf(shares, this.devices[0]!));
    } finally {
      for (const part of parts) part.dispose();
    }
  }

  /**
   * One step on all devices: as `optimizer.minimize`, with the batch split among them.
   * Resolves to the loss before the update, an unread rank-0 tensor on the first device.
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
    await paceBy(value);
    await breathe();
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

/** Loss and gradients of one part, times its share. */
async function shareOf<M extends Block>(
  fn: ReplicaLoss<M>,
  replica: M,
  { share, inputs }: BatchPart,
  options: GradientOptions,
): Promise<Share> {
  const weighted = (loss: Operand) => loss.mul(share);
  const loss = () => {
    const result = fn(replica, ...inputs);
    return result instanceof Promise ? result.then(weighted) : weighted(result);
  };
  const { value, grads } = await valueAndGrad(loss, replica, options);
  clearGradients(replica.parameters().values());
  return { value, grads };
}

/** Losses and gradients added up on the first device, those of another coming over together. */
function sumOf(shares: readonly Share[], target: string): Share {
  return shares.reduce((sum, share) => {
    const paths = [...sum.grads.keys()];
    const here = [sum.value, ...paths.map((path) => sum.grads.get(path)!)];
    const there = [share.value, ...paths.map((path) => share.grads.get(path)!)];
    const arrived = moveTogether(there, target);
    const [value, ...grads] = here.map((tensor, index) => tensor.add(arrived[index]!));
    for (const tensor of [...here, ...there, ...arrived]) tensor.dispose();
    return { value: value!, grads: new Map(paths.map((path, index) => [path, grads[index]!])) };
  });
}

function setGradients(net: Block, result: Share): Share {
  const parameters = net.parameters();
  for (const [path, gradient] of result.grads) {
    // A handle of its own, so that disposing the returned gradient leaves it alone.
    parameters.get(path)!.grad = keep(gradient.view(gradient.shape));
  }
  return result;
}

/**
 * Trains one model on several devices, which share each batch.
 * @param devices all GPUs by default
 * @see MirroredStrategy
 */
export function mirroredStrategy(devices?: readonly string[]): MirroredStrategy {
  return new MirroredStrategy(devices);
}

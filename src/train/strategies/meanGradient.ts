/** The mean gradient over a batch that is split among the replicas of a model. Loaded at the first use of a strategy. */
import type { Block } from "../../nn/block/block";
import { clearGradients, type GradientOptions, valueAndGrad } from "../../plan/closures/valueAndGrad";
import { keep } from "../../tensor/scope";
import type { Operand, Tensor } from "../../tensor/tensor";
import { moveTensors } from "./moveTensors";
import type { Replicas } from "./replicas";
import { type BatchPart, splitBatch } from "./splitBatch";

/**
 * Mean loss over a part of the batch, computed by one device's replica of the model. It is called once per device;
 * tensors that it uses besides its arguments must exist on all devices.
 */
// oxlint-disable-next-line typescript/no-explicit-any
export type ReplicaLoss<M extends Block> = (net: M, ...data: any[]) => Operand | Promise<Operand>;

/** Loss and gradients of one device's part, multiplied by its share. */
export interface Share {
  value: Tensor;
  grads: Map<string, Tensor>;
}

/** Implements `MirroredStrategy.valueAndGrad`. */
export async function meanGradient<M extends Block>(
  fn: ReplicaLoss<M>,
  net: M,
  data: readonly Operand[],
  replicas: Replicas,
  devices: readonly string[],
  options: GradientOptions,
): Promise<Share> {
  const parts = splitBatch(data, devices, "mirroredStrategy");
  try {
    const shares: Share[] = [];
    const wasBuilt = net.built;
    if (wasBuilt) replicas.mirror();
    for (const [index, part] of parts.entries()) {
      shares.push(await shareOf(fn, replicas.all[index] as M, part, options));
      // The first call built the model; the replicas start with its weights.
      if (!wasBuilt && index === 0) replicas.mirror();
    }
    replicas.averageStates(parts.map(({ share }) => share));
    return setGradients(net, sumOf(shares, devices[0]!));
  } finally {
    for (const part of parts) part.dispose();
  }
}

/** Returns the loss and gradients of one part, multiplied by its share. */
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

/** Sums losses and gradients on the first device. Those of another device are moved together. */
function sumOf(shares: readonly Share[], target: string): Share {
  return shares.reduce((sum, share) => {
    const paths = [...sum.grads.keys()];
    const here = [sum.value, ...paths.map((path) => sum.grads.get(path)!)];
    const there = [share.value, ...paths.map((path) => share.grads.get(path)!)];
    const arrived = moveTensors(there, target);
    const [value, ...grads] = here.map((tensor, index) => tensor.add(arrived[index]!));
    for (const tensor of [...here, ...there, ...arrived]) tensor.dispose();
    return { value: value!, grads: new Map(paths.map((path, index) => [path, grads[index]!])) };
  });
}

function setGradients(net: Block, result: Share): Share {
  const parameters = net.parameters();
  for (const [path, gradient] of result.grads) {
    // A separate handle, which survives the disposal of the returned gradient.
    parameters.get(path)!.grad = keep(gradient.view(gradient.shape));
  }
  return result;
}

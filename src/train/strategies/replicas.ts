import { ArgumentError } from "../../base/errors";
import { withDevice } from "../../device/open";
import { Block } from "../../nn/block";
import { walkBlocks, walkWeights } from "../../nn/tree";
import { tidy } from "../../plan/tidy";
import { stream } from "../../tensor/stream";
import type { Parameter } from "../../tensor/parameter";
import { outsideScopes } from "../../tensor/scope";
import type { Tensor } from "../../tensor/tensor";
import { moveTogether } from "./moveTogether";

/** A copy's value, and the value that it was copied from: while both are the same, there is nothing to copy. */
interface Copied {
  from: Tensor;
  own: Tensor;
}

/** One model on several devices: the model itself on the first, and a replica on each of the others. */
export class Replicas {
  readonly model: Block;
  private readonly others: readonly Block[];
  private readonly copied = new WeakMap<Parameter, Copied>();

  /**
   * Calls `fn` once for each device, with that device as the default and with the same random keys.
   * @throws ArgumentError if it does not make a new model of all new blocks each time.
   */
  constructor(
    fn: () => Block,
    private readonly devices: readonly string[],
  ) {
    const [first, ...rest] = devices as [string, ...string[]];
    this.others = rest.map((name) => stream.rehearse(() => withDevice(name, fn)));
    this.model = withDevice(first, fn);
    checkSeparate(this.all);
  }

  /** The model and its replicas, in the order of the devices. */
  get all(): Block[] {
    return [this.model, ...this.others];
  }

  /**
   * Makes every replica equal to the model: weights whose value is not the one that was copied last, what is frozen,
   * and weights that are yet to be made, which then begin with the model's values.
   * @throws ArgumentError if the model has other blocks than its replicas.
   */
  mirror(): void {
    this.others.forEach((replica, index) => {
      outsideScopes(() => this.mirrorTo(replica, this.devices[index + 1]!));
    });
  }

  /** Builds what has not seen an input yet, as the model was built. */
  build(): void {
    this.mirror();
    const { inputShape, built } = this.model;
    if (!built || !inputShape) return;
    this.others.forEach((replica, index) => {
      if (!replica.built) withDevice(this.devices[index + 1]!, () => replica.build(inputShape as number[]));
    });
  }

  /** States as the mean over the replicas that ran, by their shares of the batch; only float32 has a mean. */
  averageStates(shares: readonly number[]): void {
    const states = this.all.slice(0, shares.length).map(statesOf);
    const [own, ...others] = states as [Map<string, Parameter>, ...Map<string, Parameter>[]];
    if (others.length === 0 || own.size === 0) return;
    tidy(() => {
      for (const [path, state] of own) {
        const copies = others.flatMap((map) => map.get(path) ?? []);
        if (copies.length < others.length) continue;
        const parts = copies.map((copy, index) => copy.to(state.device).mul(shares[index + 1]!));
        state.assign(parts.reduce((sum, part) => sum.add(part), state.asTensor().mul(shares[0]!)));
      }
    });
  }

  private mirrorTo(replica: Block, device: string): void {
    const own = new Map(walkWeights<Block>(replica).map(({ path, parameter }) => [path, parameter]));
    const weights = walkWeights<Block>(this.model);
    if (replica.built && this.model.built) checkAlike(weights, own);
    const changed = weights.flatMap(({ path, parameter }): [Parameter, Parameter][] => {
      const copy = own.get(path);
      if (!copy) return [];
      copy.trainable = parameter.trainable;
      const known = this.copied.get(copy);
      const fresh = known?.from === parameter.asTensor() && known.own === copy.asTensor();
      return fresh ? [] : [[copy, parameter]];
    });
    const values = moveTogether(
      changed.map(([, parameter]) => parameter.asTensor()),
      device,
    );
    changed.forEach(([copy, parameter], index) => {
      copy.assign(values[index]!);
      values[index]!.dispose();
      this.copied.set(copy, { from: parameter.asTensor(), own: copy.asTensor() });
    });
    if (!replica.built) this.awaitBuild(replica, device);
  }

  /** What a replica makes later begins with the model's values. A state has changed by then: it begins as it began. */
  private awaitBuild(replica: Block, device: string): void {
    const weights = new Map(walkWeights<Block>(this.model).map((entry) => [entry.path, entry]));
    replica.pending = [
      {
        sourceOf(path) {
          const entry = weights.get(path);
          const origin = entry?.owner.block.origins.get(entry.parameter);
          if (!entry || !origin) return undefined;
          return entry.parameter.state ? origin : { ...origin, value: entry.parameter.asTensor().to(device) };
        },
      },
    ];
  }
}

function statesOf(block: Block): Map<string, Parameter> {
  const states = walkWeights<Block>(block).filter(({ parameter }) => parameter.state && parameter.dtype === "float32");
  return new Map(states.map(({ path, parameter }) => [path, parameter]));
}

const remedy = "Make the whole model inside the function that scope() is given.";

function checkSeparate(models: readonly Block[]): void {
  const wrong = models.find((model) => !(model instanceof Block));
  if (wrong !== undefined) {
    throw new ArgumentError({ at: "scope()", expected: "a function that returns a model", got: String(wrong), remedy });
  }
  const blocks = models.map((model) => walkBlocks<Block>(model).entries.map(({ block }) => block));
  if (new Set(blocks.flat()).size === blocks.flat().length) return;
  throw new ArgumentError({
    at: "scope()",
    expected: "a function that makes new blocks each time, once for each device",
    got: "one block on two devices",
    remedy,
  });
}

function checkAlike(weights: readonly { path: string }[], own: ReadonlyMap<string, Parameter>): void {
  const missing = weights.find(({ path }) => !own.has(path));
  if (!missing && weights.length === own.size) return;
  throw new ArgumentError({
    at: "mirroredStrategy",
    expected: "a model with the same weights on every device",
    got: missing ? `"${missing.path}" on the first alone` : `${weights.length} weights and ${own.size}`,
    remedy,
  });
}

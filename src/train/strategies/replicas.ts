import { ArgumentError } from "../../base/errors";
import { withDevice } from "../../device/open";
import { Block } from "../../nn/block/block";
import { walkBlocks, walkWeights } from "../../nn/block/tree";
import { tidy } from "../../plan/closures/tidy";
import type { Parameter } from "../../tensor/parameter";
import { outsideScopes } from "../../tensor/scope";
import { stream } from "../../tensor/stream";
import type { Tensor } from "../../tensor/tensor";
import { moveTensors } from "./moveTensors";

/** Value of a copied parameter and the value that it was copied from. While both are unchanged, no copy is needed. */
interface CopiedWeight {
  from: Tensor;
  own: Tensor;
}

/** A model on the first device and a replica on each of the others. */
export class Replicas {
  readonly model: Block;
  private readonly others: readonly Block[];
  private readonly copied = new WeakMap<Parameter, CopiedWeight>();

  /**
   * Calls `fn` once per device, with that device as the default and the same random keys.
   * @throws ArgumentError if it does not create new blocks at each call.
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
   * Makes every replica equal to the model: weights that changed since the last copy, `trainable`, and weights not
   * created yet, which will start with the model's values.
   * @throws ArgumentError if the model and its replicas differ in structure.
   */
  mirror(): void {
    this.others.forEach((replica, index) => {
      outsideScopes(() => this.mirrorTo(replica, this.devices[index + 1]!));
    });
  }

  /** Builds the replicas that are not built yet with the model's input shape. */
  build(): void {
    this.mirror();
    const { inputShape, built } = this.model;
    if (!built || !inputShape) return;
    this.others.forEach((replica, index) => {
      if (!replica.built) withDevice(this.devices[index + 1]!, () => replica.build(inputShape as number[]));
    });
  }

  /** Replaces float32 states by their mean over the replicas that ran, weighted by their shares of the batch. */
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
    const values = moveTensors(
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

  /**
   * Lets weights that a replica creates later start with the model's values. A state may have changed by then, so it
   * starts with its initial value.
   */
  private awaitBuild(replica: Block, device: string): void {
    const weights = new Map(walkWeights<Block>(this.model).map((entry) => [entry.path, entry]));
    replica.pending.splice(0, Infinity, {
      sourceOf(path) {
        const entry = weights.get(path);
        const origin = entry?.owner.block.origins.get(entry.parameter);
        if (!entry || !origin) return undefined;
        return entry.parameter.state ? origin : { ...origin, value: entry.parameter.asTensor().to(device) };
      },
    });
  }
}

function statesOf(block: Block): Map<string, Parameter> {
  const states = walkWeights<Block>(block).filter(({ parameter }) => parameter.state && parameter.dtype === "float32");
  return new Map(states.map(({ path, parameter }) => [path, parameter]));
}

const remedy = "Create the whole model inside the function passed to scope().";

function checkSeparate(models: readonly Block[]): void {
  const wrong = models.find((model) => !(model instanceof Block));
  if (wrong !== undefined) {
    throw new ArgumentError({ at: "scope()", expected: "a function that returns a model", got: String(wrong), remedy });
  }
  const blocks = models.map((model) => walkBlocks<Block>(model).entries.map(({ block }) => block));
  if (new Set(blocks.flat()).size === blocks.flat().length) return;
  throw new ArgumentError({
    at: "scope()",
    expected: "a function that creates new blocks for each device",
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

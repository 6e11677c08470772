import { breathe } from "../base/cancel";
import { ArgumentError } from "../base/errors";
import { tidy } from "../plan/tidy";
import { paceBy } from "../plan/unread";
import { clearGradients, type HasParameters, type Loss, trainableParameters, valueAndGrad } from "../plan/valueAndGrad";
import { relieve } from "../tensor/relief";
import type { Parameter } from "../tensor/parameter";
import { outsideScopes } from "../tensor/scope";
import type { Tensor } from "../tensor/tensor";

/** A parameter's next value and what the optimizer keeps of it. */
export interface Update {
  value: Tensor;
  slots: Tensor[];
}

export interface MinimizeOptions {
  /** Leaves each parameter's `grad` set. Default false. */
  keepGradients?: boolean;
}

/** What lowers a loss by its gradients. Its state belongs to it, by parameter. */
export abstract class Optimizer {
  /** Steps taken so far. */
  iterations = 0;
  private readonly slots = new Map<Parameter, Tensor[]>();

  constructor(public learningRate: number) {
    if (!(learningRate >= 0))
      throw new ArgumentError({ at: "learningRate", expected: "a number >= 0", got: String(learningRate) });
  }

  /**
   * One parameter's step. `slots` is what the last step left, empty at first;
   * `step` counts from 1.
   */
  protected abstract update(value: Tensor, gradient: Tensor, slots: readonly Tensor[], step: number): Update;

  /**
   * One step: the loss of `fn`, its gradients by the block's trainable parameters
   * (or the listed ones), and their update. Blocks inside train.
   * Resolves when the step is queued, to the loss before the update: an unread
   * rank-0 tensor.
   */
  async minimize(
    fn: () => Loss | Promise<Loss>,
    target: HasParameters | readonly Parameter[],
    { keepGradients = false }: MinimizeOptions = {},
  ): Promise<Tensor> {
    const targets = isList(target) ? listed(target) : target;
    const { value, grads, rest } = await valueAndGrad(fn, targets, { training: true });
    for (const tensor of rest) tensor.dispose();
    this.apply(grads, targets);
    for (const gradient of grads.values()) gradient.dispose();
    if (!keepGradients) clearGradients(targets.parameters().values());
    await paceBy(value);
    await relieve(value.backend);
    await breathe();
    return value;
  }

  /**
   * Updates parameters by gradients: a Map by path for a block, or a list beside a
   * list of parameters. Trainable parameters without a gradient stay.
   */
  apply(grads: ReadonlyMap<string, Tensor> | readonly Tensor[], target: HasParameters | readonly Parameter[]): void {
    const step = ++this.iterations;
    const parameters = isList(target) ? listed(target) : target;
    const byPath = isMap(grads)
      ? grads
      : new Map([...parameters.parameters().keys()].map((path, index) => [path, grads[index]!]));
    outsideScopes(() => {
      for (const [path, parameter] of trainableParameters(parameters)) {
        const gradient = byPath.get(path);
        if (gradient) this.step(parameter, gradient, step);
      }
    });
  }

  private step(parameter: Parameter, gradient: Tensor, step: number): void {
    const before = this.slots.get(parameter) ?? [];
    const { value, slots } = tidy(() => this.update(parameter.asTensor(), gradient, before, step));
    parameter.assign(value);
    value.dispose();
    this.slots.set(parameter, slots);
    for (const tensor of before) if (!slots.includes(tensor)) tensor.dispose();
  }
}

function isList(target: HasParameters | readonly Parameter[]): target is readonly Parameter[] {
  return Array.isArray(target);
}

function isMap(grads: ReadonlyMap<string, Tensor> | readonly Tensor[]): grads is ReadonlyMap<string, Tensor> {
  return grads instanceof Map;
}

/** A list of parameters under its indices as paths. */
function listed(parameters: readonly Parameter[]): HasParameters {
  const map = new Map(parameters.map((parameter, index) => [String(index), parameter]));
  return { parameters: () => map };
}

import { breathe } from "../base/cancel";
import { ArgumentError, ShapeError } from "../base/errors";
import type { KindInfo } from "../base/info";
import { formatShape, sameShape } from "../base/shape";
import { tidy } from "../plan/tidy";
import { paceBy } from "../plan/unread";
import { clearGradients, type HasParameters, type Loss, trainableParameters, valueAndGrad } from "../plan/valueAndGrad";
import { full, zeros } from "../tensor/creation";
import type { Parameter } from "../tensor/parameter";
import { relieve } from "../tensor/relief";
import { outsideScopes } from "../tensor/scope";
import type { Tensor } from "../tensor/tensor";
import { checkClipping, clipGradients } from "./clipGradients";
import { type OptimizerOptions, optimizerFields } from "./optimizerFields";
import { optionsOf } from "./optionsOf";
import type { Schedule } from "./schedule";

/** What one parameter's step is made of. */
export interface UpdateCall {
  value: Tensor;
  gradient: Tensor;
  /** In the order of `slotNames`. */
  slots: readonly Tensor[];
  /** What `rates(step)` says, as rank-0 float32 tensors. */
  rates: readonly Tensor[];
}

/** A parameter's next value and what the optimizer keeps of it. */
export interface Update {
  value: Tensor;
  slots: readonly Tensor[];
}

export interface MinimizeOptions {
  /** Leaves each parameter's `grad` set. Default false. */
  keepGradients?: boolean;
}

/**
 * What lowers a loss by its gradients. Its state belongs to it, by parameter.
 *
 * A step is a pure function of tensors, the same ops at every step, so that it
 * can be recorded once and replayed: what changes from step to step but for
 * gradients comes in as `rates`.
 */
export abstract class Optimizer<Options extends OptimizerOptions = OptimizerOptions> {
  /** Steps taken so far. */
  iterations = 0;
  learningRate: number | Schedule;
  protected readonly options: Required<Options>;
  private readonly kept = new WeakMap<Parameter, readonly Tensor[]>();

  /** @param given a subclass's `info` names the options and their defaults. */
  constructor(given: Partial<Options> = {}) {
    const { info } = new.target as { info?: KindInfo };
    const kind = info ?? { kind: new.target.name, fields: optimizerFields(0.01) };
    const schedule = typeof given.learningRate === "function" ? given.learningRate : undefined;
    this.options = optionsOf<Options>(kind, schedule ? { ...given, learningRate: undefined } : given);
    this.learningRate = schedule ?? this.options.learningRate!;
    checkClipping(`${kind.kind}()`, this.options);
  }

  /** Names of what is kept of each parameter between steps: `["momentum", "velocity"]`. */
  abstract readonly slotNames: readonly string[];

  /** A slot before the first step: zeros, unless overridden. */
  protected initialSlot(_name: string, value: Tensor): Tensor {
    return zeros(value.shape, { device: value.device });
  }

  /** The learning rate of step `step`, which counts from 1; a schedule is asked for the steps before it. */
  rateAt(step: number): number {
    return typeof this.learningRate === "function" ? this.learningRate(step - 1) : this.learningRate;
  }

  /** The numbers that step `step` (from 1) computes with; the learning rate is the first. */
  rates(step: number): number[] {
    return [this.rateAt(step)];
  }

  /** What is done to all gradients before the updates: clipping. Only ops, no reads. */
  prepare(gradients: readonly Tensor[]): readonly Tensor[] {
    return clipGradients(gradients, this.options);
  }

  /** One parameter's step, by its prepared gradient: weight decay, then the update. Only ops, no reads. */
  next(call: UpdateCall): Update {
    const { weightDecay } = this.options;
    if (!weightDecay) return this.update(call);
    const { value, rates } = call;
    return this.update({ ...call, value: value.sub(value.mul(weightDecay).mul(rates[0]!)) });
  }

  /** One parameter's next value and slots. Only ops, no reads; nothing of the step but `rates`. */
  protected abstract update(call: UpdateCall): Update;

  /** What is kept of a parameter, in the order of `slotNames`; made at first use. It stays the optimizer's. */
  slotsOf(parameter: Parameter): readonly Tensor[] {
    const value = parameter.asTensor();
    const slots = outsideScopes(() => {
      const kept = this.kept.get(parameter) ?? this.slotNames.map((name) => this.initialSlot(name, value));
      return kept.map((slot) => slot.to(value.device));
    });
    this.kept.set(parameter, slots);
    return slots;
  }

  /** What is kept of a parameter, by name; empty before its first step. The tensors stay as they are at later steps. */
  state(parameter: Parameter): Map<string, Tensor> {
    const slots = this.kept.get(parameter) ?? [];
    return new Map(slots.map((slot, index) => [this.slotNames[index]!, slot.view(slot.shape)]));
  }

  /**
   * Puts back what `state` gave, on the parameter's device.
   * @throws ArgumentError for other names, ShapeError for another shape; nothing is changed then.
   */
  setState(parameter: Parameter, state: ReadonlyMap<string, Tensor>): void {
    const at = `setState() of ${parameter.path}`;
    const names = [...state.keys()];
    if (names.length !== this.slotNames.length || !this.slotNames.every((name) => state.has(name)))
      throw new ArgumentError({
        at,
        expected: this.slotNames.join(", ") || "no state",
        got: names.join(", ") || "none",
      });
    const before = this.slotsOf(parameter);
    this.slotNames.forEach((name, index) => checkShape(`${at}, ${name}`, state.get(name)!, before[index]!));
    outsideScopes(() => {
      const slots = this.slotNames.map((name) => state.get(name)!.cast("float32").to(parameter.device));
      this.kept.set(parameter, slots.map(ownHandle));
    });
    for (const slot of before) slot.dispose();
  }

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
   * @throws ShapeError for a gradient of another shape than its parameter's; nothing is changed then.
   */
  apply(grads: ReadonlyMap<string, Tensor> | readonly Tensor[], target: HasParameters | readonly Parameter[]): void {
    const parameters = isList(target) ? listed(target) : target;
    const byPath = isMap(grads)
      ? grads
      : new Map([...parameters.parameters().keys()].map((path, index) => [path, grads[index]!]));
    const pairs = [...trainableParameters(parameters)].flatMap(([path, parameter]) => {
      const gradient = byPath.get(path);
      if (gradient) checkShape(`apply() of ${path}`, gradient, parameter);
      return gradient ? [{ parameter, gradient }] : [];
    });
    this.iterations++;
    outsideScopes(() => this.step(pairs));
  }

  private step(pairs: readonly { parameter: Parameter; gradient: Tensor }[]): void {
    const numbers = this.rates(this.iterations);
    const onDevice = new Map<string, Tensor[]>();
    const gradients = pairs.map(({ gradient }) => gradient);
    const prepared = tidy(() => this.prepare(gradients));
    pairs.forEach(({ parameter }, index) => {
      const { device } = parameter;
      const rates = onDevice.get(device) ?? numbers.map((number) => full([], number, { device }));
      onDevice.set(device, rates);
      this.updateOne(parameter, prepared[index]!, rates);
    });
    const temporaries = prepared.filter((gradient) => !gradients.includes(gradient));
    for (const tensor of [...temporaries, ...[...onDevice.values()].flat()]) tensor.dispose();
  }

  private updateOne(parameter: Parameter, gradient: Tensor, rates: readonly Tensor[]): void {
    const before = this.slotsOf(parameter);
    const { value, slots } = tidy(() => {
      const current = parameter.asTensor();
      const next = this.next({ value: current, gradient, slots: before, rates });
      const given = new Set([current, gradient, ...before, ...rates]);
      // A rule may return what it was given, as a slot that holds the last gradient does.
      const owned = (tensor: Tensor) => (given.has(tensor) ? ownHandle(tensor) : tensor);
      return { value: owned(next.value), slots: next.slots.map(owned) };
    });
    parameter.assign(value);
    value.dispose();
    this.kept.set(parameter, slots);
    for (const tensor of before) tensor.dispose();
  }
}

/** The same values, freed on their own. */
function ownHandle(tensor: Tensor): Tensor {
  return tensor.view(tensor.shape);
}

function checkShape(at: string, { shape }: Tensor, { shape: expected }: { shape: Tensor["shape"] }): void {
  if (!sameShape(shape, expected))
    throw new ShapeError({ at, expected: formatShape(expected), got: formatShape(shape) });
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

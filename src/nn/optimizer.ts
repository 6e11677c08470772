import { breathe } from "../base/cancel";
import { ArgumentError, ShapeError } from "../base/errors";
import type { KindInfo } from "../base/info";
import { formatShape, sameShape } from "../base/shape";
import { recordClosure, type Recording, runClosure } from "../plan/closure";
import type { ParameterUpdate, Step } from "../plan/step";
import { tidy } from "../plan/tidy";
import { paceBy } from "../plan/unread";
import {
  clearGradients,
  gradientsOrZeros,
  type HasParameters,
  type Loss,
  setGradient,
  splitLoss,
  trainableParameters,
} from "../plan/valueAndGrad";
import { full, zeros } from "../tensor/creation";
import { withOrigin } from "../tensor/origin";
import { Parameter } from "../tensor/parameter";
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

/** A recorded step of an optimizer. */
export interface MinimizingStep {
  /** Queues `count` runs; `prepare` is called before each, to set positions. */
  run(count: number, prepare: (index: number) => void): void;
}

let ownRules = 0;

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
  /** True where PyTorch's formula is asked for. */
  protected readonly pytorch: boolean;
  private readonly kept = new WeakMap<Parameter, readonly Parameter[]>();
  /** Optimizers of one name update alike, but for their rates. */
  readonly ruleName: string;

  /**
   * @param given the options; a subclass's static `info` names them and their
   *   defaults, its static `pytorch` those of the preset.
   */
  constructor(given: Partial<Options> = {}) {
    const { info, pytorch } = new.target as { info?: KindInfo; pytorch?: Partial<Options> };
    const kind = info ?? { kind: new.target.name, fields: optimizerFields(0.01) };
    const schedule = typeof given.learningRate === "function" ? given.learningRate : undefined;
    const numbers = schedule ? { ...given, learningRate: undefined } : given;
    this.options = optionsOf<Options>(kind, numbers, given.preset === "pytorch" ? pytorch : {});
    this.pytorch = this.options.preset === "pytorch";
    this.learningRate = schedule ?? this.options.learningRate!;
    checkClipping(`${kind.kind}()`, this.options);
    const rest = Object.entries(this.options).filter(([name]) => name !== "learningRate");
    // One of the user's own may hold what its options do not tell.
    this.ruleName = info ? `${info.kind} ${JSON.stringify(rest)}` : `own ${ownRules++}`;
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

  /** True where weight decay is a part of the gradient (L2), as in PyTorch, rather than a step of its own. */
  protected get decaysGradient(): boolean {
    return this.pytorch;
  }

  /** One parameter's step, by its prepared gradient: weight decay, then the update. Only ops, no reads. */
  next(call: UpdateCall): Update {
    const { weightDecay } = this.options;
    if (!weightDecay) return this.update(call);
    const { value, gradient, rates } = call;
    const decay = value.mul(weightDecay);
    if (this.decaysGradient) return this.update({ ...call, gradient: gradient.add(decay) });
    return this.update({ ...call, value: value.sub(decay.mul(rates[0]!)) });
  }

  /** One parameter's next value and slots. Only ops, no reads; nothing of the step but `rates`. */
  protected abstract update(call: UpdateCall): Update;

  /** What is kept of a parameter, in the order of `slotNames`, on its device; made at first use. It stays the optimizer's. */
  slotsOf(parameter: Parameter): readonly Parameter[] {
    let slots = this.kept.get(parameter);
    if (!slots) {
      const value = parameter.asTensor();
      slots = outsideScopes(() =>
        this.slotNames.map((name) => new Parameter(name, this.initialSlot(name, value), { state: true })),
      );
      this.kept.set(parameter, slots);
    }
    for (const slot of slots) slot.moveTo(parameter.device);
    return slots;
  }

  /** What is kept of a parameter, by name; empty before its first step. The tensors stay as they are at later steps. */
  state(parameter: Parameter): Map<string, Tensor> {
    return new Map((this.kept.get(parameter) ?? []).map((slot) => [slot.name, slot.value]));
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
    const slots = this.slotsOf(parameter);
    for (const slot of slots) checkShape(`${at}, ${slot.name}`, state.get(slot.name)!, slot);
    for (const slot of slots) slot.assign(state.get(slot.name)!);
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
    const value = await runClosure("minimize()", true, fn, (result) => this.record(result, targets, keepGradients));
    await paceBy(value);
    await relieve(value.backend);
    await breathe();
    return value;
  }

  /**
   * A step that is recorded once and run as often as need be, many runs at a time. Each run counts as an iteration.
   * @param fn as `minimize`'s; what changes from run to run are its `rowsAt` positions and random draws
   */
  async recorded(fn: () => Loss | Promise<Loss>, target: HasParameters): Promise<MinimizingStep> {
    const step = await recordClosure("fit()", true, fn, (result) => this.record(result, target, false).step);
    return {
      run: (count, prepare) => {
        step.run(count, (index) => {
          prepare(index);
          return this.rates(++this.iterations);
        });
      },
    };
  }

  /** The step of a closure's loss: it is compiled once, and replayed while the closure records the same graph. */
  private record(result: Loss, targets: HasParameters, keepGradients: boolean): Recording<Tensor> {
    const { loss } = splitLoss(result, "minimize()");
    const parameters = [...trainableParameters(targets).values()];
    const tensors = parameters.map((parameter) => parameter.asTensor());
    const value = loss.reshape([]);
    const step: Step = {
      roots: [value],
      key: `minimize ${this.ruleName} ${keepGradients}`,
      targets: tensors,
      states: parameters.flatMap((parameter) => this.slotsOf(parameter)),
      numbers: this.rates(this.iterations + 1),
      extend: (rates) => {
        const gradients = gradientsOrZeros(loss, tensors);
        return { outputs: keepGradients ? gradients : [], updates: this.updates(parameters, gradients, rates) };
      },
    };
    const finish = (gradients: readonly Tensor[]) => {
      this.iterations++;
      clearGradients(parameters);
      gradients.forEach((gradient, index) => setGradient(parameters[index]!, gradient));
      return value;
    };
    return { step, finish };
  }

  /** What becomes of parameters and of what is kept of them. Only ops, for recorded steps. */
  updates(parameters: readonly Parameter[], gradients: readonly Tensor[], rates: readonly Tensor[]): ParameterUpdate[] {
    const prepared = this.prepare(gradients);
    return parameters.flatMap((parameter, index) => {
      const kept = this.slotsOf(parameter);
      const call: UpdateCall = {
        value: parameter.asTensor(),
        gradient: prepared[index]!,
        slots: kept.map((slot) => slot.asTensor()),
        rates: rates.map((rate) => rate.to(parameter.device)),
      };
      const { value, slots } = withOrigin({ owner: parameter, phase: "update" }, () => this.next(call));
      return [[parameter, value] as const, ...kept.map((slot, at) => [slot, slots[at]!] as const)];
    });
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
    const numbers = this.rates(this.iterations);
    outsideScopes(() =>
      tidy(() => {
        const trained = pairs.map(({ parameter }) => parameter);
        const gradients = pairs.map(({ gradient }) => gradient);
        const rates = numbers.map((number) => full([], number, { device: trained[0]?.device }));
        const updates = this.updates(trained, gradients, rates);
        outsideScopes(() => {
          for (const [parameter, value] of updates) parameter.assign(value);
        });
      }),
    );
  }
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

import { yieldIfDue } from "../../base/cancel";
import { ArgumentError, ShapeError } from "../../base/errors";
import type { KindInfo } from "../../base/info";
import { formatShape, sameShape } from "../../base/shape";
import { recordClosure, type ClosureResult, runClosure } from "../../plan/closures/closure";
import { limitInFlight } from "../../plan/closures/limitInFlight";
import { tidy } from "../../plan/closures/tidy";
import {
  clearGradients,
  gradientsOrZeros,
  type HasParameters,
  type Loss,
  setGradient,
  splitLoss,
  trainableParameters,
} from "../../plan/closures/valueAndGrad";
import type { ParameterUpdate, Computation } from "../../plan/run/computation";
import { collectGarbage } from "../../tensor/collectGarbage";
import { full, zeros } from "../../tensor/creation";
import { Parameter } from "../../tensor/parameter";
import { outsideScopes } from "../../tensor/scope";
import type { Tensor } from "../../tensor/tensor";
import { withOrigin } from "../../tensor/workOrigin";
import { checkClipping, clipGradients } from "./clipGradients";
import { type OptimizerOptions, optimizerFields } from "./optimizerFields";
import { resolveOptions } from "./resolveOptions";
import type { Schedule } from "./schedule";

/** Inputs of one parameter's step. */
export interface UpdateCall {
  /** Value of the parameter before the step. */
  value: Tensor;
  /** Gradient after clipping, of the parameter's shape. */
  gradient: Tensor;
  /** Optimizer slots before the step, in the order of `slotNames`. */
  slots: readonly Tensor[];
  /** The numbers of `rates(step)` as float32 tensors of rank 0. */
  rates: readonly Tensor[];
}

/** Result of one parameter's step. */
export interface Update {
  /** Value of the parameter after the step. */
  value: Tensor;
  /** Optimizer slots after the step, in the order of `slotNames`. */
  slots: readonly Tensor[];
}

/** Options of `minimize`. */
export interface MinimizeOptions {
  /** Stores each parameter's gradient in its `grad`. Default false. */
  keepGradients?: boolean;
}

/** A recorded step of an optimizer. */
export interface TrainingStep {
  /** Queues `count` runs; calls `prepare` before each, to set positions. */
  run(count: number, prepare: (index: number) => void): void;
}

let customRules = 0;

/**
 * Base class of optimizers: lowers a loss by its gradients, step by step.
 *
 * `optimizers` lists the built-in ones. A subclass names its optimizer slots in `slotNames` and implements `update`, a
 * pure function of tensors that runs the same ops at every step, so that a step can be recorded once and replayed;
 * numbers that change from step to step, such as the learning rate, come from `rates`. Without a static `info`, its
 * options are those of every optimizer, with `learningRate` 0.01.
 * @example
 * class SignDescent extends Optimizer {
 *   slotNames = [];
 *   update({ value, gradient, rates: [rate] }) {
 *     return { value: value.sub(gradient.sign().mul(rate)), slots: [] };
 *   }
 * }
 * const w = new Parameter("w", tensor([1, -1]));
 * await new SignDescent({ learningRate: 0.25 }).minimize(() => w.square().sum(), [w]); // => 2
 * w.value; // => [0.75, -0.75]
 */
export abstract class Optimizer<Options extends OptimizerOptions = OptimizerOptions> {
  /** Number of steps so far. */
  iterations = 0;
  /** Learning rate, or a schedule of it; may be set between steps. */
  learningRate: number | Schedule;
  protected readonly options: Required<Options>;
  /** True with PyTorch's preset. */
  protected readonly pytorch: boolean;
  private readonly slotsByParameter = new WeakMap<Parameter, readonly Parameter[]>();
  /** Key of the update rule: optimizers with the same one have the same updates, except for their rates. */
  readonly ruleName: string;

  /**
   * @param given options; a subclass's static `info` declares their names and defaults, its static `pytorch` the
   *   defaults of that preset
   */
  constructor(given: Partial<Options> = {}) {
    const { info, pytorch } = new.target as { info?: KindInfo; pytorch?: Partial<Options> };
    const kind = info ?? { kind: new.target.name, fields: optimizerFields(0.01) };
    const schedule = typeof given.learningRate === "function" ? given.learningRate : undefined;
    const numbers = schedule ? { ...given, learningRate: undefined } : given;
    this.options = resolveOptions<Options>(kind, numbers, given.preset === "pytorch" ? pytorch : {});
    this.pytorch = this.options.preset === "pytorch";
    this.learningRate = schedule ?? this.options.learningRate!;
    checkClipping(`${kind.kind}()`, this.options);
    const rest = Object.entries(this.options).filter(([name]) => name !== "learningRate");
    // A user's optimizer may depend on more than its options.
    this.ruleName = info ? `${info.kind} ${JSON.stringify(rest)}` : `own ${customRules++}`;
  }

  /** Names of the optimizer slots of each parameter: `["momentum", "velocity"]`. */
  abstract readonly slotNames: readonly string[];

  /** Returns a slot's value before the first step: zeros, unless overridden. */
  protected initialSlot(_name: string, value: Tensor): Tensor {
    return zeros(value.shape, { device: value.device });
  }

  /**
   * Returns the learning rate of a step.
   * @param step number of the step, from 1; a schedule receives the number of steps before it
   * @returns the learning rate
   * @example
   * const learningRate = schedules.inverseTimeDecay({ initialLearningRate: 1, decaySteps: 1, decayRate: 1 });
   * optimizers.sgd({ learningRate }).rateAt(2); // => 0.5
   */
  rateAt(step: number): number {
    return typeof this.learningRate === "function" ? this.learningRate(step - 1) : this.learningRate;
  }

  /**
   * Returns the numbers that a step computes with; the learning rate is the first.
   * @param step number of the step, from 1
   * @returns an array of the same length for every step
   * @example
   * optimizers.adam().rates(1); // => [0.001, 0.0003162]
   */
  rates(step: number): number[] {
    return [this.rateAt(step)];
  }

  /**
   * Prepares all gradients of a step before the updates: clips them if an option sets a bound.
   *
   * A subclass that overrides it may use ops only, and must not read values.
   * @param gradients gradients of all trained parameters
   * @returns gradients of the same shapes
   * @example
   * optimizers.sgd({ clipValue: 1 }).prepare([tensor([-3, 0.5])]); // => [[-1, 0.5]]
   */
  prepare(gradients: readonly Tensor[]): readonly Tensor[] {
    return clipGradients(gradients, this.options);
  }

  /** True if weight decay is added to the gradient (L2), as in PyTorch, rather than subtracted from the value. */
  protected get decaysGradient(): boolean {
    return this.pytorch;
  }

  /**
   * Computes one parameter's step from its prepared gradient: weight decay, then the update.
   *
   * It uses ops only and does not read values.
   * @param call value, gradient, optimizer slots and rates
   * @returns the next value and the next optimizer slots
   * @example
   * const call = { value: tensor([1]), gradient: tensor([2]), slots: [], rates: [tensor(0.1)] };
   * optimizers.sgd().next(call).value; // => [0.8]
   */
  next(call: UpdateCall): Update {
    const { weightDecay } = this.options;
    if (!weightDecay) return this.update(call);
    const { value, gradient, rates } = call;
    const decay = value.mul(weightDecay);
    if (this.decaysGradient) return this.update({ ...call, gradient: gradient.add(decay) });
    return this.update({ ...call, value: value.sub(decay.mul(rates[0]!)) });
  }

  /**
   * Computes one parameter's next value and optimizer slots. Implementations use ops only and do not read values;
   * only `rates` may depend on the step.
   */
  protected abstract update(call: UpdateCall): Update;

  /**
   * Returns the optimizer slots of a parameter, in the order of `slotNames`, on its device; creates them on first use.
   * The optimizer owns them.
   */
  slotsOf(parameter: Parameter): readonly Parameter[] {
    let slots = this.slotsByParameter.get(parameter);
    if (!slots) {
      const value = parameter.asTensor();
      slots = outsideScopes(() =>
        this.slotNames.map((name) => new Parameter(name, this.initialSlot(name, value), { state: true })),
      );
      this.slotsByParameter.set(parameter, slots);
    }
    for (const slot of slots) slot.moveTo(parameter.device);
    return slots;
  }

  /**
   * Returns the optimizer slots of a parameter by name; empty before its first step.
   *
   * The tensors are immutable: later steps do not change them.
   * @param parameter a parameter that this optimizer trains
   * @returns a Map in the order of `slotNames`
   * @example
   * const w = new Parameter("w", tensor([1]));
   * const optimizer = optimizers.sgd({ learningRate: 0.1, momentum: 0.9 });
   * await optimizer.minimize(() => w.square().sum(), [w]);
   * optimizer.state(w); // => {"momentum": [0.2]}
   */
  state(parameter: Parameter): Map<string, Tensor> {
    return new Map((this.slotsByParameter.get(parameter) ?? []).map((slot) => [slot.name, slot.value]));
  }

  /**
   * Restores the optimizer slots that `state` returned, on the parameter's device.
   * @param parameter a parameter that this optimizer trains
   * @param state tensors by the names in `slotNames`
   * @throws ArgumentError for other names, ShapeError for another shape; on an error, nothing changes
   * @example
   * const w = new Parameter("w", tensor([1]));
   * const optimizer = optimizers.sgd({ momentum: 0.9 });
   * optimizer.setState(w, new Map([["momentum", tensor([0.5])]]));
   * optimizer.state(w); // => {"momentum": [0.5]}
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
   * Takes one step: computes a loss and its gradients, and updates the parameters.
   *
   * Blocks called in `fn` are in training mode. The returned promise resolves once the step is queued, to the loss
   * before the update, a tensor of rank 0 whose value has not been read yet.
   * @param fn returns the loss, a float32 tensor of size 1, or a promise of it; or `[loss, ...rest]`
   * @param target a block, for its trainable parameters, or an array of parameters
   * @param options `keepGradients` defaults to false
   * @returns the loss before the update
   * @throws ShapeError for a loss of another size; ArgumentError inside another closure
   * @example
   * const w = new Parameter("w", tensor([1]));
   * const optimizer = optimizers.sgd({ learningRate: 0.1 });
   * const loss = await optimizer.minimize(() => w.square().sum(), [w]); // => 1
   * w.value; // => [0.8]
   * optimizer.iterations; // => 1
   */
  async minimize(
    fn: () => Loss | Promise<Loss>,
    target: HasParameters | readonly Parameter[],
    { keepGradients = false }: MinimizeOptions = {},
  ): Promise<Tensor> {
    const targets = isList(target) ? listed(target) : target;
    const value = await runClosure("minimize()", true, fn, (result) => this.record(result, targets, keepGradients));
    await limitInFlight(value);
    await collectGarbage(value.backend);
    await yieldIfDue();
    return value;
  }

  /**
   * Records a step once, to run it as often as needed, many runs at a time. Each run counts as an iteration.
   * @param fn as in `minimize`; its `rowsAt` positions and random numbers may change from run to run
   */
  async recorded(fn: () => Loss | Promise<Loss>, target: HasParameters): Promise<TrainingStep> {
    const step = await recordClosure("fit()", true, fn, (result) => this.record(result, target, false).computation);
    return {
      run: (count, prepare) => {
        step.run(count, (index) => {
          prepare(index);
          return this.rates(++this.iterations);
        });
      },
    };
  }

  /**
   * Returns the step of a closure's loss. It is compiled once, and replayed as long as the closure records the same
   * graph.
   */
  private record(result: Loss, targets: HasParameters, keepGradients: boolean): ClosureResult<Tensor> {
    const { loss } = splitLoss(result, "minimize()");
    const parameters = [...trainableParameters(targets).values()];
    const tensors = parameters.map((parameter) => parameter.asTensor());
    const value = loss.reshape([]);
    const computation: Computation = {
      roots: [value],
      key: `minimize ${this.ruleName} ${keepGradients}`,
      targets: tensors,
      variables: parameters.flatMap((parameter) => this.slotsOf(parameter)),
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
    return { computation, finish };
  }

  /** Computes the updates of parameters and of their optimizer slots. It uses ops only, for recorded steps. */
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
   * Takes one step with given gradients, such as those of `valueAndGrad`.
   *
   * Trainable parameters without a gradient stay as they are.
   * @param grads a Map of gradients by path for a block, or an array of gradients beside an array of parameters
   * @param target a block, or an array of parameters
   * @throws ShapeError for a gradient of another shape than its parameter's; on an error, nothing changes
   * @example
   * const w = new Parameter("w", tensor([1]));
   * const { grads } = await valueAndGrad(() => w.square().sum(), [w]);
   * optimizers.sgd({ learningRate: 0.1 }).apply(grads, [w]);
   * w.value; // => [0.8]
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

/** Returns an array of parameters as an object with their indices as paths. */
function listed(parameters: readonly Parameter[]): HasParameters {
  const map = new Map(parameters.map((parameter, index) => [String(index), parameter]));
  return { parameters: () => map };
}

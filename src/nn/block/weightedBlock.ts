import type { DType } from "../../base/dtype";
import { ArgumentError, ShapeError, UnbuiltError, WeightsError } from "../../base/errors";
import { foldIn, hashText, type Key } from "../../base/randomKeys";
import { formatShape, type Shape } from "../../base/shape";
import { withDevice } from "../../device/open";
import type { TensorData } from "../../tensor/creation";
import { Parameter } from "../../tensor/parameter";
import { stream } from "../../tensor/randomOps";
import { outsideScopes } from "../../tensor/scope";
import { Operand, type Tensor } from "../../tensor/tensor";
import type { Initializer } from "../define/initializer";
import { glorotUniform } from "../initializers/glorotUniform";
import { defineHidden, BlockBase } from "./blockBase";
import { joinPath, walkBlocks, walkWeights } from "./tree";

/** Overrides of how a weight is initialized; the block's own choice applies to absent fields. */
export interface WeightSource {
  initializer?: Initializer;
  key?: Key;
  /** Value to use instead of a drawn one. */
  value?: Tensor;
}

/** Returns the override for a weight, by its path within a block, or undefined. */
export type WeightSourceOf = (path: string, weight: { shape: Shape; dtype: DType }) => WeightSource | undefined;

/** Request for a block's weights that is stored until they are created. */
export interface DeferredRequest {
  /** Paths are relative to the block that received the request. @throws WeightsError for a shape that does not match */
  sourceOf: WeightSourceOf;
  /**
   * Called once the block's first call has built everything. @throws WeightsError if a part of the request was not used
   */
  finish?(block: WeightedBlock): void;
}

/** Options of `addWeight`. */
export interface WeightOptions {
  /** Initializer of the value. Default glorotUniform. */
  initializer?: Initializer;
  /** Type of the elements. Default "float32". */
  dtype?: DType;
  /** False creates a state, which is saved but never trained. Default true. */
  trainable?: boolean;
}

/** Initializer and key of a weight, kept to draw it again. */
export interface WeightDraw {
  initializer: Initializer;
  key: Key;
}

/** A block's weights: creation, lists, initialization, freezing, moving. `Block` extends it. */
export abstract class WeightedBlock extends BlockBase {
  /** Origin of each added weight. */
  declare readonly origins: Map<Parameter, WeightDraw>;
  /** Requests received before the weights were created. */
  declare pending: DeferredRequest[];
  declare protected parentBlock: WeightedBlock | undefined;
  /** True once the block was called or has weights. */
  declare protected ready: boolean;
  declare private drawnKey: Key | undefined;
  declare private frozen: boolean;

  constructor(name: string | undefined) {
    super(name);
    defineHidden(this, { origins: new Map(), pending: [], ready: false, drawnKey: undefined, frozen: false });
  }

  /** True once this block and all blocks inside it have been called or built. */
  abstract get built(): boolean;

  /**
   * Creates a weight of this block; call it in `build`.
   *
   * The initializer draws from a key that follows from the model's key and the weight's path, so `initialize` can
   * repeat the values.
   * @param name last segment of the weight's path; without "/"
   * @param shape shape of the weight
   * @param options `initializer` defaults to glorotUniform, `dtype` to "float32", `trainable` to true
   * @returns the parameter; store it in a field
   * @throws ArgumentError for an empty name, one with "/" and one that is in use; ShapeError for an initializer that
   *   returns another shape
   * @example
   * class Scale extends Block {
   *   build(inputShape: number[]) {
   *     this.factor = this.addWeight("factor", [inputShape.at(-1)!], { initializer: initializers.constant(3) });
   *   }
   *   forward(x: Tensor) {
   *     return x.mul(this.factor);
   *   }
   * }
   * new Scale().call(tensor([[1, 2]])); // => [[3, 6]]
   */
  addWeight(
    name: string,
    shape: Shape,
    { initializer = glorotUniform(), dtype = "float32", trainable = true }: WeightOptions = {},
  ): Parameter {
    if (name === "" || name.includes("/") || this.addedWeights.some((other) => other.name === name)) {
      throw new ArgumentError({
        at: `${this.label}.addWeight`,
        expected: 'a name of its own without "/"',
        got: JSON.stringify(name),
      });
    }
    const path = joinPath(this.path, name);
    const source = this.pendingSource(name, { shape, dtype });
    const origin: WeightDraw = {
      initializer: source?.initializer ?? initializer,
      key: source?.key ?? foldIn(this.modelKey, hashText(path)),
    };
    const value = outsideScopes(() => source?.value ?? this.draw(origin, shape, dtype));
    const parameter = new Parameter(name, value, { path, state: !trainable });
    if (this.frozen) parameter.trainable = false;
    if (source?.value) parameter.untouched = false;
    this.addedWeights.push(parameter);
    this.origins.set(parameter, origin);
    this.ready = true;
    return parameter;
  }

  /**
   * All parameters and states of this block and the blocks inside it, each once, depth first; empty before the first
   * call.
   */
  get weights(): Parameter[] {
    return walkWeights<WeightedBlock>(this).map(({ parameter }) => parameter);
  }

  /**
   * Returns all parameters by path, frozen ones included; states are not parameters.
   * @returns a Map in the order of `weights`; empty before the first call
   * @example
   * const net = sequential([dense(2), batchNorm()]);
   * net.build([null, 3]);
   * [...net.parameters().keys()]; // => ["0/kernel", "0/bias", "1/gamma", "1/beta"]
   */
  parameters(): Map<string, Parameter> {
    return new Map(
      walkWeights<WeightedBlock>(this).flatMap(({ path, parameter }) =>
        parameter.state ? [] : [[path, parameter] as const],
      ),
    );
  }

  /**
   * Returns copies of all weights on `CPU:0`, in the order of `weights`.
   * @throws UnbuiltError before the first call
   * @example
   * const net = dense(2, { kernelInitializer: initializers.ones() });
   * net.build([null, 1]);
   * await net.getWeights(); // => [[[1, 1]], [0, 0]]
   */
  async getWeights(): Promise<Tensor[]> {
    this.requireBuilt("getWeights()");
    return this.weights.map((parameter) => {
      const { value } = parameter;
      return value.device === "CPU:0" ? value.view(value.shape) : value.to("CPU:0");
    });
  }

  /**
   * Assigns values to all weights, in the order of `weights`.
   * @param values tensors, or nested or typed arrays, one for each weight
   * @throws UnbuiltError before the first call; WeightsError for another number of values; ShapeError for another
   *   shape. On an error, no weight changes.
   * @example
   * const net = dense(1);
   * net.build([null, 2]);
   * await net.setWeights([[[10], [1]], [5]]);
   * net.call(tensor([[2, 3]])); // => [[28]]
   */
  async setWeights(values: readonly (Operand | TensorData)[]): Promise<void> {
    this.requireBuilt("setWeights()");
    const { weights } = this;
    if (values.length !== weights.length) {
      throw new WeightsError({
        at: `${this.label}.setWeights()`,
        expected: `${weights.length} values`,
        got: String(values.length),
      });
    }
    const before = weights.map((parameter) => parameter.value);
    try {
      weights.forEach((parameter, index) => parameter.assign(values[index]!));
    } catch (error) {
      weights.forEach((parameter, index) => parameter.assign(before[index]!));
      throw error;
    }
  }

  /**
   * True if a parameter in this block is trained. Set it to false to freeze all of them, and to true to train them
   * again.
   */
  get trainable(): boolean {
    const parameters = [...this.parameters().values()];
    return parameters.length > 0 ? parameters.some((parameter) => parameter.trainable) : !this.frozen;
  }

  set trainable(value: boolean) {
    for (const { block } of walkBlocks<WeightedBlock>(this).entries) block.frozen = !value;
    for (const parameter of this.parameters().values()) parameter.trainable = value;
  }

  /**
   * Draws all weights again.
   *
   * Without arguments every weight gets the value it started with, from its own initializer and key. On an unbuilt
   * block the request is stored until the build.
   * @param initializer replaces the initializers of all weights; no default
   * @param options `key` replaces the keys: each weight draws from `key` folded with its path; no default
   * @example
   * const net = dense(2);
   * net.build([null, 1]);
   * net.initialize(initializers.constant(7));
   * net.kernel.value; // => [[7, 7]]
   */
  initialize(
    initializer?: Initializer,
    {
      key,
    }: {
      /** Replaces the keys of all weights. No default. */
      key?: Key;
    } = {},
  ): void {
    this.applySources((path) => ({ initializer, key: key && foldIn(key, hashText(path)) }));
  }

  /**
   * Draws again those weights for which `choose` returns an initializer.
   *
   * On an unbuilt block the request is stored until the build.
   * @param choose receives each weight's path within this block and its shape and dtype; returns an initializer, or
   *   undefined to keep the value
   * @example
   * const net = dense(2);
   * net.build([null, 1]);
   * net.apply((path) => (path.endsWith("kernel") ? initializers.ones() : undefined));
   * await net.getWeights(); // => [[[1, 1]], [0, 0]]
   */
  apply(choose: (path: string, parameter: { shape: Shape; dtype: DType }) => Initializer | undefined): void {
    this.applySources((path, weight) => {
      const initializer = choose(path, weight);
      return initializer && { initializer };
    });
  }

  /**
   * Moves all weights and constants to a device and returns the block.
   *
   * An unbuilt block has no weights yet; they are created on the device of its first input.
   * @param device name of a device, such as "GPU:0"
   * @throws DeviceError for a device that does not exist, if there is a weight to move
   * @example
   * const net = dense(2);
   * net.build([null, 1]);
   * net.to("CPU:0").kernel.device; // => "CPU:0"
   */
  to(device: string): this {
    for (const { parameter } of walkWeights<WeightedBlock>(this)) parameter.moveTo(device);
    for (const { block } of walkBlocks<WeightedBlock>(this).entries) {
      for (const [field, value] of Object.entries(block))
        if (value instanceof Operand && !(value instanceof Parameter))
          block[field] = outsideScopes(() => value.asTensor().to(device));
    }
    return this;
  }

  /** Disposes of the weights of a failed build. */
  protected unbuild(): void {
    for (const parameter of this.addedWeights.splice(0)) {
      parameter.dispose();
      for (const field of Object.keys(this)) if (this[field] === parameter) delete this[field];
    }
    this.origins.clear();
    this.ready = false;
  }

  /**
   * Returns the override that this block or one around it stored for a weight that is being created. The last request
   * wins.
   */
  private pendingSource(path: string, weight: { shape: Shape; dtype: DType }): WeightSource | undefined {
    for (const { sourceOf } of this.pending.toReversed()) {
      const source = sourceOf(path, weight);
      if (source) return source;
    }
    return this.parentBlock?.pendingSource(joinPath(this.segment, path), weight);
  }

  private applySources(sourceOf: WeightSourceOf): void {
    for (const { path, parameter, owner } of walkWeights<WeightedBlock>(this)) {
      const source = sourceOf(path, parameter);
      if (source) owner.block.redraw(parameter, source);
    }
    if (!this.built) this.pending.push({ sourceOf });
  }

  private redraw(parameter: Parameter, source: WeightSource): void {
    const before = this.origins.get(parameter);
    const initializer = source.initializer ?? before?.initializer;
    if (!initializer) return;
    const key = source.key ?? before?.key ?? foldIn(this.modelKey, hashText(parameter.path));
    const origin: WeightDraw = { initializer, key };
    const { shape, dtype, device } = parameter;
    parameter.assign(outsideScopes(() => withDevice(device, () => this.draw(origin, shape, dtype))));
    parameter.untouched = true;
    this.origins.set(parameter, origin);
  }

  /**
   * Key from which the keys of all weights of a model are folded; taken from the random stream when the first weight is
   * drawn.
   */
  private get modelKey(): Key {
    if (this.parentBlock) return this.parentBlock.modelKey;
    return (this.drawnKey ??= stream.next());
  }

  private draw({ initializer, key }: WeightDraw, shape: Shape, dtype: DType): Tensor {
    const drawn = initializer(shape, { dtype, key });
    if (!(drawn instanceof Operand) || formatShape(drawn.shape) !== formatShape(shape)) {
      throw new ShapeError({
        at: `${this.label}: its initializer`,
        expected: formatShape(shape),
        got: drawn instanceof Operand ? formatShape(drawn.shape) : String(drawn),
      });
    }
    return drawn.asTensor().cast(dtype);
  }

  private requireBuilt(at: string): void {
    if (this.built) return;
    throw new UnbuiltError({
      at: `${this.label}.${at}`,
      expected: "a built block",
      got: "one that has not seen an input, so its weights have no shapes yet",
      remedy: "Call it once on an input, or build([null, 20]).",
    });
  }
}

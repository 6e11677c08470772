import type { DType } from "../../base/dtype";
import { ArgumentError } from "../../base/errors";
import type { Json } from "../../base/info";
import { foldIn, hashText, type Key } from "../../base/randomKeys";
import type { PartialShape, Shape } from "../../base/shape";
import type { TensorData } from "../../tensor/creation";
import "../../tensor/ops/methods";
import type { Parameter } from "../../tensor/parameter";
import { isTraining } from "../../tensor/scope";
import type { Operand, Tensor } from "../../tensor/tensor";
import type { Initializer } from "../define/initializer";
import { AddedWeights, type WeightDraw, type WeightOptions } from "./addedWeights";
import { buildOnZeros } from "./buildOnZeros";
import { CallStack } from "./callStack";
import { DeferredBuild } from "./deferredBuild";
import type { DeferredRequest, WeightSourceOf } from "./deferredRequest";
import { fieldValuesOf } from "./fieldValues";
import { linkTree, ModelPosition } from "./modelPosition";
import { moveToDevice } from "./moveToDevice";
import { isTensorPromise } from "./runThen";
import { kindTitle, Summary } from "./summary";
import { childrenOf, tensorsOf, walkBlocks, walkWeights } from "./tree";
import { assignWeights, copyWeights } from "./weightValues";

const calls = new CallStack<Block>();

/**
 * Base class of layers and models: anything with a `forward` method.
 *
 * A subclass implements `forward`, and `build` if it creates weights. Its children, parameters and constants are found
 * in its fields, also in arrays, Maps and plain objects; they need no registration. Paths join field names and indices
 * with "/": `hidden/kernel`, `layers/0/bias`.
 * @example
 * class Mlp extends Block {
 *   hidden = dense(2, { activation: "relu", kernelInitializer: initializers.ones() });
 *   out = dense(1, { kernelInitializer: initializers.ones() });
 *   forward(x: Tensor) {
 *     return this.out.call(this.hidden.call(x));
 *   }
 * }
 * const net = new Mlp();
 * net.call(tensor([[1, 2]])); // => [[6]]
 * [...net.parameters().keys()]; // => ["hidden/kernel", "hidden/bias", "out/kernel", "out/bias"]
 */
export abstract class Block {
  // Cells may set fields in `build` without declaring them.
  // oxlint-disable-next-line typescript/no-explicit-any
  [field: string]: any;

  /** Name that replaces the field name or index in paths, or undefined; without "/". */
  declare name: string | undefined;
  /** Shape of the last input with the batch as null; null before the first call or build. */
  declare inputShape: PartialShape | null;
  /** Shape of the last result with the batch as null; null before the first call or build. */
  declare lastOutputShape: PartialShape | null;
  /** Weights created by `addWeight`, in order. */
  declare readonly addedWeights: Parameter[];
  /** Origin of each added weight. */
  declare readonly origins: Map<Parameter, WeightDraw>;
  /** Requests received before the weights were created. */
  declare readonly pending: DeferredRequest[];

  // Private fields cannot collide with fields and methods of subclasses, which may have any other name.
  readonly #position = new ModelPosition();
  readonly #added = new AddedWeights(this, this.#position);
  readonly #build = new DeferredBuild<Block>(this, this.#added, this.#position.requests, Block.prototype.build);

  constructor(name?: string) {
    if (name !== undefined && (name === "" || name.includes("/"))) {
      throw new ArgumentError({ at: "Block name", expected: 'a name without "/"', got: JSON.stringify(name) });
    }
    defineHidden(this, "name", name);
    defineHidden(this, "inputShape", null);
    defineHidden(this, "lastOutputShape", null);
    defineHidden(this, "addedWeights", this.#added.list);
    defineHidden(this, "origins", this.#added.origins);
    defineHidden(this, "pending", this.#position.requests);
  }

  /**
   * Computes the block's result from its inputs. Subclasses implement it; use `call` to run a block.
   *
   * It may be async, for control flow that depends on values; `call` then returns a promise.
   * @param inputs what `call` was called with, including a last options object
   * @returns a tensor, or a promise of one
   * @example
   * class Double extends Block {
   *   forward(x: Tensor) {
   *     return x.mul(2);
   *   }
   * }
   * new Double().call(tensor([1, 2])); // => [2, 4]
   */
  // oxlint-disable-next-line typescript/no-explicit-any
  abstract forward(...inputs: any[]): any;

  /**
   * Returns the shape of the result for the shape of an input; null is any length.
   *
   * Layers have it; other blocks may implement it. For a block without it, the shape is found by a trial on zeros.
   * @param inputShape shape of the input, usually `[null, ...]`
   * @returns shape of the result
   * @example
   * dense(10).outputShape([null, 784]); // => [null, 10]
   * conv2d(8, 3, { padding: "same" }).outputShape([null, 28, 28, 1]); // => [null, 28, 28, 8]
   */
  outputShape?(inputShape: PartialShape): PartialShape;

  /**
   * Lists the children with their segments in paths. Implement it only if children are not stored in fields.
   * @returns pairs of segment and block, in order
   * @example
   * const net = sequential([flatten(), dense(2)]);
   * net.childEntries().map(([segment]) => segment); // => ["0", "1"]
   */
  childEntries?(): [segment: string, child: Block][];

  /**
   * Runs the block: builds it on first use, then computes `forward`.
   *
   * Tensors that `forward` creates are freed, except for the result. If an input is a promise, the result is a promise
   * too. A last argument `{ training: true }` or `{ training: false }` sets the training mode of this call; like every
   * argument, it is also passed on to `forward`.
   * @param inputs tensors, or promises of tensors, and an optional last options object
   * @returns the result of `forward`
   * @throws ShapeError with the block's label for an input that does not fit; weights and shapes stay as they were
   * @example
   * const layer = dense(1, { kernelInitializer: initializers.ones() });
   * layer.call(tensor([[1, 2], [3, 4]])); // => [[3], [7]]
   */
  // oxlint-disable-next-line typescript/no-explicit-any
  call(...inputs: any[]): ReturnType<this["forward"]> {
    if (inputs.some(isTensorPromise)) {
      return Promise.all(inputs).then((settled) => this.call(...settled)) as ReturnType<this["forward"]>;
    }
    const { root } = calls;
    if (root === undefined || !this.#position.isLinked) linkTree(root ?? this, Block.#positionOf);
    return calls.run(this.#build, inputs) as ReturnType<this["forward"]>;
  }

  /**
   * Creates the weights for inputs of a shape, without an input.
   *
   * Layers override it to create their weights with `addWeight`. On a block made of other blocks it records `forward`
   * once on zeros.
   * @param inputShape shape of the input; null is any length
   * @throws ArgumentError if `forward` is async: call the block once on an input instead; ShapeError for a shape that
   *   does not fit
   * @example
   * const net = sequential([dense(8), dense(2)]);
   * net.build([null, 4]);
   * net.weights.map(({ shape }) => shape); // => [[4, 8], [8], [8, 2], [2]]
   */
  build(inputShape: PartialShape): void {
    buildOnZeros(this, inputShape);
  }

  /** True once this block and all blocks inside it have been called or built. */
  get built(): boolean {
    return this.#build.isDone && childrenOf<Block>(this).every(([, child]) => child.built);
  }

  /** True inside `minimize` and `fit`, and where `{ training: true }` was passed. */
  get training(): boolean {
    return isTraining();
  }

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
  addWeight(name: string, shape: Shape, options: WeightOptions = {}): Parameter {
    return this.#added.add(name, shape, options);
  }

  /**
   * All parameters and states of this block and the blocks inside it, each once, depth first; empty before the first
   * call.
   */
  get weights(): Parameter[] {
    return walkWeights<Block>(this).map(({ parameter }) => parameter);
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
    const trained = walkWeights<Block>(this).filter(({ parameter }) => !parameter.state);
    return new Map(trained.map(({ path, parameter }) => [path, parameter]));
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
    return copyWeights(this);
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
    assignWeights(this, values);
  }

  /**
   * True if a parameter in this block is trained. Set it to false to freeze all of them, and to true to train them
   * again.
   */
  get trainable(): boolean {
    const parameters = [...this.parameters().values()];
    return parameters.length > 0 ? parameters.some((parameter) => parameter.trainable) : !this.#added.frozen;
  }

  set trainable(value: boolean) {
    for (const { block } of walkBlocks<Block>(this).entries) block.#added.frozen = !value;
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
    this.#redraw((path) => ({ initializer, key: key && foldIn(key, hashText(path)) }));
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
    this.#redraw((path, weight) => {
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
    moveToDevice(this, device);
    return this;
  }

  /** The blocks in this block's fields, each once, in field order. */
  get layers(): Block[] {
    return [...new Set(childrenOf<Block>(this).map(([, child]) => child))];
  }

  /**
   * Lists every block with its output shape and number of weights, nested, and the totals.
   * @returns an object with `name`, `rows` and `totals`; printed, it is a table
   * @example
   * const net = sequential([dense(8), dense(2)]);
   * net.build([null, 4]);
   * net.summary().totals; // => {"total": 58, "trainable": 58, "frozen": 0}
   * net.summary().rows.map(({ path, count }) => [path, count]); // => [["0", 40], ["1", 18]]
   */
  summary(): Summary {
    return new Summary(this);
  }

  /** Name in error messages: the class or layer title, with the path if there is one: `Dense "head"`. */
  get label(): string {
    return this.path ? `${kindTitle(this)} "${this.path}"` : kindTitle(this);
  }

  /** Path in the outermost model: `0/block-1`; "" for the model itself and before its first call. */
  get path(): string {
    return this.#position.path;
  }

  /** Values of the fields that the kind's `info` declares, as plain data. */
  get fieldValues(): { [field: string]: Json } {
    return fieldValuesOf(this);
  }

  /** Tensors in this block's fields; scopes do not free them. */
  fieldTensors(): Iterable<Tensor> {
    return tensorsOf(this);
  }

  toString(): string {
    return `${this.label}(${this.built ? `${this.weights.length} weights` : "not built yet"})`;
  }

  /** Draws again the weights that have a source; those of blocks that are not built yet wait for their build. */
  #redraw(sourceOf: WeightSourceOf): void {
    for (const { path, parameter, owner } of walkWeights<Block>(this)) {
      const source = sourceOf(path, parameter);
      if (source) owner.block.#added.redraw(parameter, source);
    }
    if (!this.built) this.#position.requests.push({ sourceOf });
  }

  static readonly #positionOf = (block: Block): ModelPosition => block.#position;
}

/** Defines a field of the library as not enumerable, so that only the user's own fields are enumerated. */
function defineHidden(block: Block, field: string, value: unknown): void {
  Object.defineProperty(block, field, { value, writable: true, enumerable: false, configurable: true });
}

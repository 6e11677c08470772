import type { DType } from "../base/dtype";
import { ArgumentError, ShapeError, UnbuiltError, WeightsError } from "../base/errors";
import { foldIn, hashText, type Key } from "../base/random";
import { formatShape, type Shape } from "../base/shape";
import { withDevice } from "../device/open";
import type { TensorData } from "../tensor/creation";
import { Parameter } from "../tensor/parameter";
import { stream } from "../tensor/random";
import { outsideScopes } from "../tensor/scope";
import { Operand, type Tensor } from "../tensor/tensor";
import type { Initializer } from "./initializer";
import { glorotUniform } from "./initializers/glorotUniform";
import { hide, Placed } from "./placed";
import { joinPath, walkBlocks, walkWeights } from "./tree";

/** What a weight is to be made from; what is absent stays the block's own choice. */
export interface Source {
  initializer?: Initializer;
  key?: Key;
  /** The very value, in place of drawing one. */
  value?: Tensor;
}

/** What is to be done with a weight, by its path within some block. */
export type SourceOf = (path: string, weight: { shape: Shape; dtype: DType }) => Source | undefined;

/** A request for a block's weights that waits for them to be made. */
export interface Pending {
  /** By path within the block that it was asked of. @throws WeightsError for a shape that does not fit. */
  sourceOf: SourceOf;
  /** Called when the block's first call has built all. @throws WeightsError if something was left over. */
  finish?(block: Weighted): void;
}

export interface WeightOptions {
  /** Default glorotUniform. */
  initializer?: Initializer;
  dtype?: DType;
  /** False for a state: saved, but never trained. Default true. */
  trainable?: boolean;
}

/** How a weight was drawn, so that it can be drawn again. */
export interface Origin {
  initializer: Initializer;
  key: Key;
}

/** A block's weights: making, listing, drawing, freezing, moving them. The second third of `Block`. */
export abstract class Weighted extends Placed {
  /** How each added weight was drawn. */
  declare readonly origins: Map<Parameter, Origin>;
  /** What was asked of the weights before they were made. */
  declare pending: Pending[];
  declare protected parentBlock: Weighted | undefined;
  /** True once it was called, or has weights. */
  declare protected ready: boolean;
  declare private drawnKey: Key | undefined;
  declare private frozen: boolean;

  constructor(name: string | undefined) {
    super(name);
    hide(this, { origins: new Map(), pending: [], ready: false, drawnKey: undefined, frozen: false });
  }

  /** True once it and all in it have seen an input. */
  abstract get built(): boolean;

  /**
   * A new weight of this block, drawn by its initializer from a key that its path
   * gives. Call it in `build`.
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
    const origin: Origin = {
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

  /** Parameters and states of this block and all in it, each once, depth first. Empty before the first call. */
  get weights(): Parameter[] {
    return walkWeights<Weighted>(this).map(({ parameter }) => parameter);
  }

  /** Parameters by path, frozen ones included, states not. */
  parameters(): Map<string, Parameter> {
    return new Map(
      walkWeights<Weighted>(this).flatMap(({ path, parameter }) =>
        parameter.state ? [] : [[path, parameter] as const],
      ),
    );
  }

  /** Copies of all weights on `CPU:0`. @throws UnbuiltError before the first call. */
  async getWeights(): Promise<Tensor[]> {
    this.requireBuilt("getWeights()");
    return this.weights.map((parameter) => {
      const { value } = parameter;
      return value.device === "CPU:0" ? value.view(value.shape) : value.to("CPU:0");
    });
  }

  /** Assigns all weights, in the order of `weights`. @throws WeightsError for another number or shape; nothing is changed then. */
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

  /** False if no parameter in it is trained. Set it to freeze or thaw all of them. */
  get trainable(): boolean {
    const parameters = [...this.parameters().values()];
    return parameters.length > 0 ? parameters.some((parameter) => parameter.trainable) : !this.frozen;
  }

  set trainable(value: boolean) {
    for (const { block } of walkBlocks<Weighted>(this).entries) block.frozen = !value;
    for (const parameter of this.parameters().values()) parameter.trainable = value;
  }

  /**
   * Draws all weights again: each by its own initializer and kept key, so that the
   * values it began with come back; by `initializer` where one is given, and from
   * `key` folded with the path where one is given. On an unbuilt block this waits for the build.
   */
  initialize(initializer?: Initializer, { key }: { key?: Key } = {}): void {
    this.applySources((path) => ({ initializer, key: key && foldIn(key, hashText(path)) }));
  }

  /**
   * Draws anew those weights for which `choose` returns an initializer. Paths are
   * within this block. On an unbuilt block this waits for the build.
   */
  apply(choose: (path: string, parameter: { shape: Shape; dtype: DType }) => Initializer | undefined): void {
    this.applySources((path, weight) => {
      const initializer = choose(path, weight);
      return initializer && { initializer };
    });
  }

  /** Moves all weights and constants to a device. Returns the block. */
  to(device: string): this {
    for (const { parameter } of walkWeights<Weighted>(this)) parameter.moveTo(device);
    for (const { block } of walkBlocks<Weighted>(this).entries) {
      for (const [field, value] of Object.entries(block))
        if (value instanceof Operand && !(value instanceof Parameter))
          block[field] = outsideScopes(() => value.asTensor().to(device));
    }
    return this;
  }

  /** Forgets the weights of a build that failed. */
  protected unbuild(): void {
    for (const parameter of this.addedWeights.splice(0)) {
      parameter.dispose();
      for (const field of Object.keys(this)) if (this[field] === parameter) delete this[field];
    }
    this.origins.clear();
    this.ready = false;
  }

  /** What was asked of this block, or of one around it, for a weight that is being made. The last request wins. */
  private pendingSource(path: string, weight: { shape: Shape; dtype: DType }): Source | undefined {
    for (const { sourceOf } of this.pending.toReversed()) {
      const source = sourceOf(path, weight);
      if (source) return source;
    }
    return this.parentBlock?.pendingSource(joinPath(this.segment, path), weight);
  }

  private applySources(sourceOf: SourceOf): void {
    for (const { path, parameter, owner } of walkWeights<Weighted>(this)) {
      const source = sourceOf(path, parameter);
      if (source) owner.block.redraw(parameter, source);
    }
    if (!this.built) this.pending.push({ sourceOf });
  }

  private redraw(parameter: Parameter, source: Source): void {
    const before = this.origins.get(parameter);
    const initializer = source.initializer ?? before?.initializer;
    if (!initializer) return;
    const key = source.key ?? before?.key ?? foldIn(this.modelKey, hashText(parameter.path));
    const origin: Origin = { initializer, key };
    const { shape, dtype, device } = parameter;
    parameter.assign(outsideScopes(() => withDevice(device, () => this.draw(origin, shape, dtype))));
    parameter.untouched = true;
    this.origins.set(parameter, origin);
  }

  /** What all keys of a model's weights are folded from: the next of the stream when the first is drawn. */
  private get modelKey(): Key {
    if (this.parentBlock) return this.parentBlock.modelKey;
    return (this.drawnKey ??= stream.next());
  }

  private draw({ initializer, key }: Origin, shape: Shape, dtype: DType): Tensor {
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

import { ArgumentError, ShapeError, UnbuiltError, WeightsError } from "../base/errors";
import { foldIn, hashText, type Key } from "../base/random";
import type { DType } from "../base/dtype";
import type { Json, KindInfo } from "../base/info";
import { formatShape, type PartialShape, type Shape } from "../base/shape";
import { withDevice } from "../device/open";
import { isTensorPromise, settleWith } from "./promises";
import "../tensor/ops/index";
import { Parameter } from "../tensor/parameter";
import { stream } from "../tensor/random";
import {
  closeScope,
  currentScope,
  isRecording,
  isTraining,
  openScope,
  outsideScopes,
  type Scope,
  suspendScope,
} from "../tensor/scope";
import { zeros, type TensorData } from "../tensor/creation";
import { Operand, type Tensor } from "../tensor/tensor";
import { type Call, CallStack } from "./calls";
import type { Initializer } from "./initializer";
import { Summary } from "./summary";
import { childrenOf, joinPath, tensorsOf, walkBlocks, walkWeights } from "./tree";

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
  finish?(block: Block): void;
}

export interface WeightOptions {
  initializer: Initializer;
  dtype?: DType;
  /** False for a state: saved, but never trained. Default true. */
  trainable?: boolean;
}

const calls = new CallStack<Block>();

/** How a weight was drawn, so that it can be drawn again. */
export interface Origin {
  initializer: Initializer;
  key: Key;
}

/**
 * Anything with a `forward`: a layer, a part of a model, a model. Its children,
 * parameters and constants are whatever its fields hold, also in arrays, Maps and
 * plain objects.
 */
export abstract class Block {
  // biome-style any: fields that `build` sets need no declaration in a cell.
  // oxlint-disable-next-line typescript/no-explicit-any
  [field: string]: any;

  /** Replaces the field's name in paths. */
  declare name: string | undefined;
  /** Weights made by `addWeight`, in order. */
  declare readonly addedWeights: Parameter[];
  /** How each of them was drawn. */
  declare readonly origins: Map<Parameter, Origin>;
  /** What the block was last called with and gave, the batch as null. */
  declare inputShape: PartialShape | null;
  declare lastOutputShape: PartialShape | null;
  declare pending: Pending[];
  declare private parentBlock: Block | undefined;
  declare private segment: string;
  declare private drawnKey: Key | undefined;
  declare private ready: boolean;
  declare private frozen: boolean;

  constructor(name?: string) {
    if (name !== undefined && (name === "" || name.includes("/"))) {
      throw new ArgumentError({ at: "Block name", expected: 'a name without "/"', got: JSON.stringify(name) });
    }
    const hidden = {
      addedWeights: [],
      origins: new Map(),
      inputShape: null,
      lastOutputShape: null,
      pending: [],
      parentBlock: undefined,
      segment: "",
      drawnKey: undefined,
      ready: false,
      frozen: false,
      name,
    };
    for (const [field, value] of Object.entries(hidden)) {
      // Not enumerable: what a block is made of stays apart from the fields that a person gave it.
      Object.defineProperty(this, field, { value, writable: true, enumerable: false, configurable: true });
    }
  }

  /** The block's result for its inputs: a Tensor, or a promise of one. */
  abstract forward(...inputs: any[]): any; // oxlint-disable-line typescript/no-explicit-any

  /** The result's shape for an input's; a block without it is tried out on zeros. */
  outputShape?(inputShape: PartialShape): PartialShape;

  /** The children and their segments, where the fields are not the whole truth. */
  childEntries?(): [segment: string, child: Block][];

  // ------------------------------------------------------------ calling

  /**
   * Builds on first use, then runs `forward`. An input may be a promise of a
   * tensor; the result then is one too. Frees what `forward` made, but for the result.
   * A last argument `{ training }` says whether blocks train, and goes on to `forward`.
   * @throws ShapeError naming this block for an input that does not fit; nothing is changed then.
   */
  call(...inputs: any[]): ReturnType<this["forward"]> {
    // oxlint-disable-line typescript/no-explicit-any
    if (inputs.some(isTensorPromise)) {
      return Promise.all(inputs).then((settled) => this.call(...settled)) as ReturnType<this["forward"]>;
    }
    const around = calls.current;
    const call: Call<Block> = around ?? { root: this, built: [] };
    if (around === undefined || this.parentBlock === undefined) this.adopt(around?.root ?? this);
    const scope = this.openCallScope(inputs.at(-1));
    currentScope()?.holders.add(this);
    return settleWith(
      () => calls.during(call, () => this.buildAndForward(inputs, call)),
      (result) => {
        this.noteShapes(inputs, result);
        if (scope) closeScope(scope, result);
        if (around === undefined) this.finishPending(call);
      },
      () => {
        if (scope) closeScope(scope);
        if (around === undefined) for (const block of call.built) block.unbuild();
      },
      // What comes after an await is not told apart from other code: its tensors are left to their handles.
      () => scope && scope.training === undefined && suspendScope(scope),
    ) as ReturnType<this["forward"]>;
  }

  /** True inside `minimize` and `fit`, or where `{ training: true }` was given. */
  get training(): boolean {
    return isTraining();
  }

  // ------------------------------------------------------------ building

  /**
   * Makes the weights for an input of this shape; `null` stands for any length.
   * A layer overrides it; called on a composed block, it runs it once on zeros.
   */
  build(inputShape: PartialShape): void {
    const run = () => this.call(zeros(inputShape.map((length) => length ?? 1)));
    const result: unknown = outsideScopes(run);
    if (result instanceof Promise) {
      throw new ArgumentError({
        at: this.label,
        expected: "a synchronous forward",
        got: "one that returns a promise",
        remedy: "Call the block once on an input instead.",
      });
    }
    (result as Tensor).dispose();
  }

  get built(): boolean {
    return this.ready && childrenOf<Block>(this).every(([, child]) => child.built);
  }

  /**
   * A new weight of this block, drawn by its initializer from a key that its path
   * gives. Call it in `build`.
   */
  addWeight(
    name: string,
    shape: Shape,
    { initializer, dtype = "float32", trainable = true }: WeightOptions,
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
    this.addedWeights.push(parameter);
    this.origins.set(parameter, origin);
    this.ready = true;
    return parameter;
  }

  // ------------------------------------------------------------ parameters

  /** Parameters and states of this block and all in it, each once, depth first. Empty before the first call. */
  get weights(): Parameter[] {
    return walkWeights<Block>(this).map(({ parameter }) => parameter);
  }

  /** Parameters by path, frozen ones included, states not. */
  parameters(): Map<string, Parameter> {
    return new Map(
      walkWeights<Block>(this).flatMap(({ path, parameter }) => (parameter.state ? [] : [[path, parameter] as const])),
    );
  }

  /** The blocks that stand in this one's fields, each once. */
  get layers(): Block[] {
    return [...new Set(childrenOf<Block>(this).map(([, child]) => child))];
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
    for (const { block } of walkBlocks<Block>(this).entries) block.frozen = !value;
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
    for (const { parameter } of walkWeights<Block>(this)) parameter.moveTo(device);
    for (const { block } of walkBlocks<Block>(this).entries) {
      for (const [field, value] of Object.entries(block))
        if (value instanceof Operand && !(value instanceof Parameter))
          block[field] = outsideScopes(() => value.asTensor().to(device));
    }
    return this;
  }

  /** Every block with its output shape and count, nested, and the totals. */
  summary(): Summary {
    return new Summary(this);
  }

  /** The values of the fields that its kind declares, as plain data. */
  get fieldValues(): { [field: string]: Json } {
    const { info } = this.constructor as { info?: KindInfo };
    return Object.fromEntries(
      (info?.fields ?? []).map((field) => [
        field.name,
        plainValue(this[field.name] ?? this.options?.[field.name] ?? field.default),
      ]),
    );
  }

  /** How errors name it: the class, and the path in its model. */
  get label(): string {
    const kind = (this.constructor as { info?: { title: { en: string } } }).info?.title.en ?? this.constructor.name;
    return this.path ? `${kind} "${this.path}"` : kind;
  }

  /** Where it is in its outermost model: `0/block-1`; "" for the model itself. */
  get path(): string {
    return this.parentBlock ? joinPath(this.parentBlock.path, this.segment) : "";
  }

  /** The tensors that its fields hold, for scopes to leave alone. */
  heldTensors(): Iterable<Tensor> {
    return tensorsOf(this);
  }

  toString(): string {
    return `${this.label}(${this.built ? `${this.weights.length} weights` : "not built yet"})`;
  }

  // ------------------------------------------------------------ the machinery

  /** Tells every block in the tree where it stands, so that paths are known before weights are drawn. */
  private adopt(root: Block): void {
    if (root.parentBlock) return;
    for (const { block, parent, segment } of walkBlocks<Block>(root).entries) {
      if (!parent) continue;
      block.parentBlock = parent.block;
      block.segment = segment;
    }
    for (const { path, parameter } of walkWeights<Block>(root)) parameter.path = path;
  }

  private openCallScope(last: unknown): Scope | undefined {
    const given =
      typeof last === "object" && last !== null && !(last instanceof Operand)
        ? (last as { training?: boolean }).training
        : undefined;
    if (given === undefined && isRecording()) return undefined;
    return openScope(`${this.label}.call()`, { training: given });
  }

  private buildAndForward(inputs: readonly unknown[], call: Call<Block>): unknown {
    const [input] = inputs;
    if (!this.ready && input instanceof Operand) {
      call.built.push(this);
      if (this.build !== Block.prototype.build && this.addedWeights.length === 0) {
        outsideScopes(() => withDevice(input.device, () => this.build(input.shape)));
      }
      this.ready = true;
    }
    return this.forward(...inputs);
  }

  private unbuild(): void {
    for (const parameter of this.addedWeights.splice(0)) {
      parameter.dispose();
      for (const field of Object.keys(this)) if (this[field] === parameter) delete this[field];
    }
    this.origins.clear();
    this.ready = false;
    this.inputShape = null;
    this.lastOutputShape = null;
  }

  private noteShapes(inputs: readonly unknown[], result: unknown): void {
    const [input] = inputs;
    if (input instanceof Operand) this.inputShape = anyBatch(input.shape);
    if (result instanceof Operand) this.lastOutputShape = anyBatch(result.shape);
  }

  private finishPending(call: Call<Block>): void {
    const { pending } = this;
    if (pending.length === 0) return;
    try {
      for (const item of pending) item.finish?.(this);
      this.pending = [];
    } catch (error) {
      for (const block of call.built) block.unbuild();
      throw error;
    }
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
    for (const { path, parameter, owner } of walkWeights<Block>(this)) {
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

/** A field's value as data: an initializer as its kind and fields, a function by its name. */
function plainValue(value: unknown): Json {
  if (typeof value !== "function") return (value ?? null) as Json;
  return (value as Initializer).config ?? value.name;
}

/** The first axis of what a block takes and gives is the batch. */
function anyBatch(shape: Shape): PartialShape {
  return shape.length > 1 ? [null, ...shape.slice(1)] : shape;
}

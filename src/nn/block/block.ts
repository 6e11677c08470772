import { ArgumentError } from "../../base/errors";
import type { PartialShape, Shape } from "../../base/shape";
import { withDevice } from "../../device/open";
import { rollBackEffects } from "../../plan/run/execute";
import { zeros } from "../../tensor/creation";
import "../../tensor/ops/methods";
import {
  closeScope,
  currentScope,
  isRecording,
  isTraining,
  openScope,
  outsideScopes,
  type Scope,
  suspendScope,
} from "../../tensor/scope";
import { withOrigin } from "../../tensor/workOrigin";
import { Operand } from "../../tensor/tensor";
import { type BlockCall, CallStack } from "./callStack";
import { defineHidden } from "./blockBase";
import { isTensorPromise, runThen } from "./runThen";
import { Summary } from "./summary";
import { childrenOf } from "./tree";
import { WeightedBlock } from "./weightedBlock";

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
export abstract class Block extends WeightedBlock {
  /** Shape of the last input with the batch as null; null before the first call or build. */
  declare inputShape: PartialShape | null;
  /** Shape of the last result with the batch as null; null before the first call or build. */
  declare lastOutputShape: PartialShape | null;

  constructor(name?: string) {
    super(name);
    defineHidden(this, { inputShape: null, lastOutputShape: null });
  }

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
    const around = calls.current;
    const call: BlockCall<Block> = around ?? { root: this, built: [], notes: [] };
    if (around === undefined || this.parentBlock === undefined) this.adopt(around?.root ?? this);
    const scope = this.openCallScope(inputs.at(-1));
    currentScope()?.fieldOwners.add(this);
    return runThen(
      () =>
        calls.during(call, () =>
          withOrigin({ owner: this, phase: "forward" }, () => this.buildAndForward(inputs, call)),
        ),
      (result) => {
        call.notes.push(() => this.noteShapes(inputs, result));
        if (scope) closeScope(scope, result);
        if (around === undefined) finish(call);
      },
      () => {
        if (scope) closeScope(scope);
        if (around === undefined) Block.forget(call);
      },
      // Code after an await is indistinguishable from other code: its tensors are freed with their handles.
      () => scope && scope.training === undefined && suspendScope(scope),
    ) as ReturnType<this["forward"]>;
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
    const result: unknown = outsideScopes(() => this.recordOnZeros(inputShape));
    if (result instanceof Promise) {
      throw new ArgumentError({
        at: this.label,
        expected: "a synchronous forward",
        got: "one that returns a promise",
        remedy: "Call the block once on an input instead.",
      });
    }
  }

  /** Records a call on zeros, and computes only what blocks retain: only weights and shapes are needed. */
  private recordOnZeros(inputShape: PartialShape): unknown {
    const scope = openScope(`${this.label}.build()`, { recording: true });
    try {
      return this.call(zeros(inputShape.map((length) => length ?? 1)));
    } finally {
      rollBackEffects(scope);
      closeScope(scope, []);
    }
  }

  /** True once this block and all blocks inside it have been called or built. */
  override get built(): boolean {
    return this.ready && childrenOf<Block>(this).every(([, child]) => child.built);
  }

  /** True inside `minimize` and `fit`, and where `{ training: true }` was passed. */
  get training(): boolean {
    return isTraining();
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

  override toString(): string {
    return `${this.label}(${this.built ? `${this.weights.length} weights` : "not built yet"})`;
  }

  private openCallScope(last: unknown): Scope | undefined {
    const given =
      typeof last === "object" && last !== null && !(last instanceof Operand)
        ? (last as { training?: boolean }).training
        : undefined;
    if (given === undefined && isRecording()) return undefined;
    return openScope(`${this.label}.call()`, { training: given });
  }

  private buildAndForward(inputs: readonly unknown[], call: BlockCall<Block>): unknown {
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

  private noteShapes(inputs: readonly unknown[], result: unknown): void {
    const [input] = inputs;
    if (input instanceof Operand) this.inputShape = anyBatch(input.shape);
    if (result instanceof Operand) this.lastOutputShape = anyBatch(result.shape);
  }

  protected override unbuild(): void {
    super.unbuild();
    this.inputShape = null;
    this.lastOutputShape = null;
  }

  /** Unbuilds all blocks that a failed call built. */
  static forget({ built }: BlockCall<Block>): void {
    for (const block of built) block.unbuild();
  }
}

function finish(call: BlockCall<Block>): void {
  finishPending(call);
  for (const note of call.notes) note();
}

/**
 * Finishes the requests that blocks stored before they were built. If one fails, it is dropped and the build is undone.
 */
function finishPending(call: BlockCall<Block>): void {
  for (const block of [call.root, ...call.built]) {
    for (const item of block.pending.splice(0)) {
      try {
        item.finish?.(block);
      } catch (error) {
        Block.forget(call);
        throw error;
      }
    }
  }
}

/** Replaces the first axis of a shape of rank 2 or more, the batch, by null. */
function anyBatch(shape: Shape): PartialShape {
  return shape.length > 1 ? [null, ...shape.slice(1)] : shape;
}

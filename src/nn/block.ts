import { ArgumentError } from "../base/errors";
import type { PartialShape, Shape } from "../base/shape";
import { withDevice } from "../device/open";
import { takeEffectsBack } from "../plan/execute";
import { zeros } from "../tensor/creation";
import "../tensor/ops/methods";
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
import { withOrigin } from "../tensor/origin";
import { Operand } from "../tensor/tensor";
import { type Call, CallStack } from "./calls";
import { hide } from "./placed";
import { isTensorPromise, settleWith } from "./promises";
import { Summary } from "./summary";
import { childrenOf } from "./tree";
import { Weighted } from "./weighted";

const calls = new CallStack<Block>();

/**
 * Anything with a `forward`: a layer, a part of a model, a model. Its children,
 * parameters and constants are whatever its fields hold, also in arrays, Maps and
 * plain objects. (Its place and its weights are in the classes that it extends.)
 */
export abstract class Block extends Weighted {
  /** What it was last called with and gave, the batch as null. */
  declare inputShape: PartialShape | null;
  declare lastOutputShape: PartialShape | null;

  constructor(name?: string) {
    super(name);
    hide(this, { inputShape: null, lastOutputShape: null });
  }

  /** The result's shape for an input's; a block without it is tried out on zeros. */
  outputShape?(inputShape: PartialShape): PartialShape;

  /**
   * Builds on first use, then runs `forward`. An input may be a promise of a
   * tensor; the result then is one too. Frees what `forward` made, but for the result.
   * A last argument `{ training }` says whether blocks train, and goes on to `forward`.
   * @throws ShapeError naming this block for an input that does not fit; nothing is changed then.
   */
  // oxlint-disable-next-line typescript/no-explicit-any
  call(...inputs: any[]): ReturnType<this["forward"]> {
    if (inputs.some(isTensorPromise)) {
      return Promise.all(inputs).then((settled) => this.call(...settled)) as ReturnType<this["forward"]>;
    }
    const around = calls.current;
    const call: Call<Block> = around ?? { root: this, built: [], notes: [] };
    if (around === undefined || this.parentBlock === undefined) this.adopt(around?.root ?? this);
    const scope = this.openCallScope(inputs.at(-1));
    currentScope()?.holders.add(this);
    return settleWith(
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
      // What comes after an await is not told apart from other code: its tensors are left to their handles.
      () => scope && scope.training === undefined && suspendScope(scope),
    ) as ReturnType<this["forward"]>;
  }

  /**
   * Makes the weights for an input of this shape; `null` stands for any length.
   * A layer overrides it; called on a composed block, it records it once on zeros.
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

  /** Calls it on zeros without computing more than what blocks keep of it: what is wanted are weights and shapes. */
  private recordOnZeros(inputShape: PartialShape): unknown {
    const scope = openScope(`${this.label}.build()`, { recording: true });
    try {
      return this.call(zeros(inputShape.map((length) => length ?? 1)));
    } finally {
      takeEffectsBack(scope);
      closeScope(scope, []);
    }
  }

  override get built(): boolean {
    return this.ready && childrenOf<Block>(this).every(([, child]) => child.built);
  }

  /** True inside `minimize` and `fit`, or where `{ training: true }` was given. */
  get training(): boolean {
    return isTraining();
  }

  /** The blocks that stand in this one's fields, each once. */
  get layers(): Block[] {
    return [...new Set(childrenOf<Block>(this).map(([, child]) => child))];
  }

  /** Every block with its output shape and count, nested, and the totals. */
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

  /** Forgets all that a failed call built. */
  static forget({ built }: Call<Block>): void {
    for (const block of built) block.unbuild();
  }
}

function finish(call: Call<Block>): void {
  finishPending(call);
  for (const note of call.notes) note();
}

/** Checks what was asked of blocks before they were built. What does not fit is dropped, and the build with it. */
function finishPending(call: Call<Block>): void {
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

/** The first axis of what a block takes and gives is the batch. */
function anyBatch(shape: Shape): PartialShape {
  return shape.length > 1 ? [null, ...shape.slice(1)] : shape;
}

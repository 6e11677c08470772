import type { PartialShape, Shape } from "../../base/shape";
import { Operand } from "../../tensor/tensor";
import type { BuildableBlock, DeferredBuild } from "./deferredBuild";

/** The members of a block that a call uses. */
export interface CallableBlock extends BuildableBlock {
  // oxlint-disable-next-line typescript/no-explicit-any
  forward(...inputs: any[]): any;
}

/** First input and result of a block inside a call. */
interface CallResult {
  readonly block: CallableBlock;
  readonly input: unknown;
  readonly result: unknown;
}

/** A call of an outermost block and of everything inside it: it succeeds or fails as a whole. */
export class BlockCall<B extends CallableBlock> {
  /** Builds of this call; if it fails, all of them are undone. */
  readonly #builds: DeferredBuild<B>[] = [];
  /** Shapes are stored once the whole call has succeeded, so that a failed call keeps those of the previous one. */
  readonly #results: CallResult[] = [];

  /** @param root build of the outermost block */
  constructor(readonly root: DeferredBuild<B>) {}

  /** Computes a block inside the call, and builds it first if this is its first input. */
  forward(build: DeferredBuild<B>, inputs: readonly unknown[]): unknown {
    const [input] = inputs;
    if (!build.isDone && input instanceof Operand) {
      this.#builds.push(build);
      build.run(input);
    }
    return build.block.forward(...inputs);
  }

  note(block: B, inputs: readonly unknown[], result: unknown): void {
    this.#results.push({ block, input: inputs[0], result });
  }

  /**
   * Finishes the requests that blocks stored before they were built, and stores the shapes of inputs and results. If a
   * request fails, it is dropped and the call is undone.
   */
  complete(): void {
    try {
      for (const { requests } of [this.root, ...this.#builds])
        for (const request of requests.splice(0)) request.finish?.();
    } catch (error) {
      this.undo();
      throw error;
    }
    for (const { block, input, result } of this.#results) {
      if (input instanceof Operand) block.inputShape = anyBatch(input.shape);
      if (result instanceof Operand) block.lastOutputShape = anyBatch(result.shape);
    }
  }

  undo(): void {
    for (const build of this.#builds) build.undo();
  }
}

/** Replaces the first axis of a shape of rank 2 or more, the batch, by null. */
function anyBatch(shape: Shape): PartialShape {
  return shape.length > 1 ? [null, ...shape.slice(1)] : shape;
}

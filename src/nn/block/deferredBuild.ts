import type { PartialShape } from "../../base/shape";
import { withDevice } from "../../device/open";
import { outsideScopes } from "../../tensor/scope";
import type { Operand } from "../../tensor/tensor";
import type { AddedWeights } from "./addedWeights";
import type { DeferredRequest } from "./deferredRequest";

/** The members of a block that building it uses. */
export interface BuildableBlock {
  inputShape: PartialShape | null;
  lastOutputShape: PartialShape | null;
  build(inputShape: PartialShape): void;
}

/**
 * Build of a block that waits for its first input, because only an input determines the shapes of its weights. It can
 * be undone if the call that built the block fails.
 */
export class DeferredBuild<B extends BuildableBlock> {
  #wasCalled = false;
  readonly #added: AddedWeights;
  readonly #default: BuildableBlock["build"];

  /**
   * @param added weights that `build` of the block creates
   * @param requests requests to finish once the weights exist
   * @param defaultBuild the inherited `build`, which only serves a build without an input: a first call of a block made
   *   of other blocks builds each of them on its own input
   */
  constructor(
    readonly block: B,
    added: AddedWeights,
    readonly requests: DeferredRequest[],
    defaultBuild: BuildableBlock["build"],
  ) {
    this.#added = added;
    this.#default = defaultBuild;
  }

  /** True once the block was called or has weights. */
  get isDone(): boolean {
    return this.#wasCalled || this.#added.list.length > 0;
  }

  /** Creates the block's weights on the device of its first input. */
  run(input: Operand): void {
    const { block } = this;
    if (block.build !== this.#default) {
      outsideScopes(() => withDevice(input.device, () => block.build(input.shape)));
    }
    this.#wasCalled = true;
  }

  /** Disposes of the weights, deletes the block's fields that contain them and forgets its shapes. */
  undo(): void {
    const fields = this.block as unknown as { [field: string]: unknown };
    for (const parameter of this.#added.discard())
      for (const field of Object.keys(fields)) if (fields[field] === parameter) delete fields[field];
    this.#wasCalled = false;
    this.block.inputShape = null;
    this.block.lastOutputShape = null;
  }
}

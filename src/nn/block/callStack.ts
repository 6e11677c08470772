import {
  closeScope,
  currentScope,
  type FieldOwner,
  isRecording,
  openScope,
  type Scope,
  suspendScope,
} from "../../tensor/scope";
import { Operand } from "../../tensor/tensor";
import { type Owner, withOrigin } from "../../tensor/workOrigin";
import { BlockCall, type CallableBlock } from "./blockCall";
import type { DeferredBuild } from "./deferredBuild";
import { runThen } from "./runThen";

/** Stack of nested calls of blocks, valid up to the first await of each. */
export class CallStack<B extends CallableBlock & FieldOwner & Owner> {
  readonly #running: BlockCall<B>[] = [];

  /** The outermost block of the call around the code that is running. */
  get root(): B | undefined {
    return this.#running.at(-1)?.root.block;
  }

  /**
   * Runs a block, as part of the call around it if there is one: in a scope that frees everything except for the
   * result.
   */
  run(build: DeferredBuild<B>, inputs: readonly unknown[]): unknown {
    const { block } = build;
    const around = this.#running.at(-1);
    const call = around ?? new BlockCall(build);
    const scope = openCallScope(block, inputs.at(-1));
    currentScope()?.fieldOwners.add(block);
    return runThen(
      () => this.#during(call, () => withOrigin({ owner: block, phase: "forward" }, () => call.forward(build, inputs))),
      (result) => {
        call.note(block, inputs, result);
        if (scope) closeScope(scope, result);
        if (around === undefined) call.complete();
      },
      () => {
        if (scope) closeScope(scope);
        if (around === undefined) call.undo();
      },
      // Code after an await is indistinguishable from other code: its tensors are freed with their handles.
      () => scope && scope.training === undefined && suspendScope(scope),
    );
  }

  #during<R>(call: BlockCall<B>, fn: () => R): R {
    this.#running.push(call);
    try {
      return fn();
    } finally {
      this.#running.pop();
    }
  }
}

/** Opens the scope of a call. A recording needs none, unless the call sets the training mode. */
function openCallScope(block: Owner, last: unknown): Scope | undefined {
  const training =
    typeof last === "object" && last !== null && !(last instanceof Operand)
      ? (last as { training?: boolean }).training
      : undefined;
  if (training === undefined && isRecording()) return undefined;
  return openScope(`${block.label}.call()`, { training });
}

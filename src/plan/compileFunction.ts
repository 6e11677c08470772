import { breathingSpace } from "../base/cancel";
import { checkOptions } from "../base/checkOptions";
import { ArgumentError } from "../base/errors";
import { tensorsIn } from "../tensor/scope";
import { Tensor } from "../tensor/tensor";
import { closureTurn, runClosure } from "./closure";
import { NotReplayable } from "./notReplayable";
import type { Plan } from "./plan";
import { recordReplay, type Replay } from "./replay";
import type { Step } from "./step";

export interface CompileFunctionOptions {
  /**
   * True: `fn` is called once for each kind of arguments, and then its plan runs without it. Kinds differ in the shapes,
   * dtypes and devices of tensors, and in the values of all else. Default false, since then nothing can go wrong: a
   * variable that `fn` reads, a `print` or a counter in it are heeded at every call.
   */
  replay?: boolean;
}

const optionNames: readonly (keyof CompileFunctionOptions)[] = ["replay"];

/** Kinds of arguments that a function is kept for: the one that was not called for the longest goes first. */
const maxReplays = 16;

/** Frees the memory of plans whose function nothing holds any more. */
const dropped = new FinalizationRegistry<ReadonlySet<Plan>>((plans) => {
  for (const plan of plans) plan.dispose();
});

const at = "compileFunction()";

function stepOf(result: unknown): Step {
  const roots = tensorsIn(result).filter((found): found is Tensor => found instanceof Tensor);
  if (roots.length === 0)
    throw new ArgumentError({ at, expected: "a function that returns tensors", got: typeof result });
  const extend = () => ({ outputs: [], updates: [] });
  return { roots, key: "function", targets: [], states: [], numbers: [], extend };
}

/** The replays of one function, the last used first. */
class Replays<Args extends unknown[], R> {
  private list: Replay<R>[] = [];
  /** Their plans; nothing in it holds the function. */
  readonly plans = new Set<Plan>();

  constructor(private readonly fn: (...args: Args) => R | Promise<R>) {}

  /** The replay for arguments, if all that it was recorded with is as it was. */
  find(args: Args): Replay<R> | undefined {
    const { list } = this;
    for (let index = 0; index < list.length; index++) {
      const replay = list[index]!;
      if (!replay.isFor(args)) continue;
      if (!replay.isCurrent()) {
        this.drop(replay);
        return undefined;
      }
      if (index > 0) list.unshift(...list.splice(index, 1));
      return replay;
    }
    return undefined;
  }

  async record(args: Args): Promise<Replay<R>> {
    const replay = await recordReplay(at, this.fn, args, stepOf);
    const known = this.find(args);
    // It was called twice before it was recorded once.
    if (known) this.drop(known);
    this.list.unshift(replay);
    this.plans.add(replay.step.plan);
    if (this.list.length > maxReplays) this.drop(this.list.at(-1)!);
    return replay;
  }

  private drop(replay: Replay<R>): void {
    this.list = this.list.filter((other) => other !== replay);
    this.plans.delete(replay.step.plan);
    replay.step.dispose();
  }
}

/**
 * A function of tensors as a compiled plan. Its JavaScript runs at every call; with `{ replay: true }` only once, to be
 * recorded, as in `jax.jit` and `tf.function`: numbers and tensors from outside then stay what they were, so pass what
 * changes as an argument.
 *
 * Its ops are joined into few programs, which are kept by the shapes and dtypes that it meets. What it returns (a tensor,
 * or tensors in arrays, plain objects or Maps) is computed, all else freed. Replayed, it is recorded once for each kind of
 * arguments: parameters are read as they are at each call, what it assigns to them is assigned, and random ops draw
 * anew. It is recorded again when a block that it calls was built anew, moved, or has another value in a field.
 * @throws ArgumentError where it returns no tensor, for an unknown option, and where it cannot be replayed since it reads
 *   values; DisposedError where a tensor that it holds from outside was freed.
 */
export function compileFunction<Args extends unknown[], R>(
  fn: (...args: Args) => R,
  options: CompileFunctionOptions = {},
): (...args: Args) => Promise<Awaited<R>> {
  checkOptions(at, options, optionNames);
  const run = fn as unknown as (...args: Args) => Awaited<R> | Promise<Awaited<R>>;
  const record = (...args: Args) =>
    runClosure(
      at,
      undefined,
      () => run(...args),
      (result) => ({ step: stepOf(result), finish: () => result }),
    );
  return options.replay ? replayed(run, record) : record;
}

function replayed<Args extends unknown[], R>(
  fn: (...args: Args) => R | Promise<R>,
  record: (...args: Args) => Promise<R>,
): (...args: Args) => Promise<R> {
  const replays = new Replays(fn);
  const call = async (...args: Args): Promise<R> => {
    const pause = breathingSpace();
    if (pause) await pause;
    for (let turn = closureTurn(at); turn; turn = closureTurn(at)) await turn;
    const known = replays.find(args);
    if (known) return known.run(args);
    try {
      return (await replays.record(args)).run(args);
    } catch (error) {
      if (error instanceof NotReplayable && error.byDevice) return record(...args);
      throw error;
    }
  };
  dropped.register(call, replays.plans);
  return call;
}

import { dueYield } from "../../base/cancel";
import { checkOptions } from "../../base/checkOptions";
import { ArgumentError } from "../../base/errors";
import { tensorsIn } from "../../tensor/scope";
import { Tensor } from "../../tensor/tensor";
import type { Computation } from "../run/computation";
import { NotReplayable } from "../run/notReplayable";
import type { Plan } from "../run/plan";
import { waitForTurn, runClosure } from "./closure";
import { specialize, type Specialization } from "./specialization";

/** Options of `compileFunction`. */
export interface CompileFunctionOptions {
  /**
   * True: the JavaScript of `fn` runs once per signature of the arguments; later calls run only the compiled plan. A
   * signature consists of the shapes, dtypes and devices of tensors and the values of everything else. False: the
   * JavaScript runs at every call, so that captured variables, `print` and counters keep working. Default false.
   */
  replay?: boolean;
}

const optionNames: readonly (keyof CompileFunctionOptions)[] = ["replay"];

/** Maximum number of signatures retained per function. The least recently used is evicted. */
const maxSpecializations = 16;

/** Frees the plans of functions that were garbage-collected. */
const dropped = new FinalizationRegistry<ReadonlySet<Plan>>((plans) => {
  for (const plan of plans) plan.dispose();
});

const at = "compileFunction()";

function computationOf(result: unknown): Computation {
  const roots = tensorsIn(result).filter((found): found is Tensor => found instanceof Tensor);
  if (roots.length === 0)
    throw new ArgumentError({ at, expected: "a function that returns tensors", got: typeof result });
  const extend = () => ({ outputs: [], updates: [] });
  return { roots, key: "function", targets: [], variables: [], numbers: [], extend };
}

/** The specializations of one function, most recently used first. */
class SpecializationCache<Args extends unknown[], R> {
  private list: Specialization<R>[] = [];
  /** Plans of the specializations. They must not reference the function, so that it can be collected. */
  readonly plans = new Set<Plan>();

  constructor(private readonly fn: (...args: Args) => R | Promise<R>) {}

  /** Returns the specialization for these arguments, unless something that it depends on has changed. */
  find(args: Args): Specialization<R> | undefined {
    const { list } = this;
    for (let index = 0; index < list.length; index++) {
      const specialization = list[index]!;
      if (!specialization.isFor(args)) continue;
      if (!specialization.isCurrent()) {
        this.drop(specialization);
        return undefined;
      }
      if (index > 0) list.unshift(...list.splice(index, 1));
      return specialization;
    }
    return undefined;
  }

  async record(args: Args): Promise<Specialization<R>> {
    const specialization = await specialize(at, this.fn, args, computationOf);
    const known = this.find(args);
    // A concurrent call may have recorded the same signature.
    if (known) this.drop(known);
    this.list.unshift(specialization);
    this.plans.add(specialization.recording.plan);
    if (this.list.length > maxSpecializations) this.drop(this.list.at(-1)!);
    return specialization;
  }

  private drop(specialization: Specialization<R>): void {
    this.list = this.list.filter((other) => other !== specialization);
    this.plans.delete(specialization.recording.plan);
    specialization.recording.dispose();
  }
}

/**
 * Compiles a function of tensors. The returned function computes the same as `fn`, but its ops are recorded, fused into
 * few programs and run as one plan. Tensors created inside are freed, except the results.
 *
 * By default every call runs the JavaScript of `fn`, and graphs that were compiled before reuse their plan. `GPU:0`
 * compiles a graph when it occurs for the second time; the first time it runs op by op.
 *
 * With `{ replay: true }` the JavaScript runs once per signature of the arguments (shapes, dtypes and devices of
 * tensors, values of everything else), as with `jax.jit` and `tf.function`. Captured numbers and tensors stay those of
 * the recording, so pass everything that changes as an argument. Parameters are read at each call, assignments to them
 * are repeated, and random ops draw new values. `fn` is recorded again if a block that it calls was rebuilt, moved to
 * another device or given another value in a field. Up to 16 signatures are retained.
 *
 * @param fn returns a tensor, or tensors in arrays, plain objects or Maps, or a promise of these
 * @param options `replay` defaults to false
 * @returns a function that takes the arguments of `fn` and returns a promise of its result
 * @throws ArgumentError for an unknown option. Calls reject with it if `fn` returns no tensor, inside another closure,
 *   and, with `replay`, if `fn` cannot be replayed, for example because it reads values
 * @throws DisposedError if a captured tensor was freed
 * @example
 * const norm = compileFunction((x: Tensor) => x.square().sum().sqrt());
 * norm(tensor([3, 4])); // => 5
 *
 * let calls = 0;
 * const double = compileFunction((x: Tensor) => (calls++, x.mul(2)), { replay: true });
 * await double(tensor([1, 2]));
 * double(tensor([10, 20])); // => [20, 40]
 * calls; // => 1
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
      (result) => ({ computation: computationOf(result), finish: () => result }),
    );
  return options.replay ? withReplay(run, record) : record;
}

function withReplay<Args extends unknown[], R>(
  fn: (...args: Args) => R | Promise<R>,
  record: (...args: Args) => Promise<R>,
): (...args: Args) => Promise<R> {
  const cache = new SpecializationCache(fn);
  const call = async (...args: Args): Promise<R> => {
    // The turn first: after a pause, a call inside another closure could not be told from one outside.
    for (let turn = waitForTurn(at) ?? dueYield(); turn; turn = waitForTurn(at) ?? dueYield()) await turn;
    const known = cache.find(args);
    if (known) return known.run(args);
    try {
      return (await cache.record(args)).run(args);
    } catch (error) {
      if (error instanceof NotReplayable && error.byDevice) return record(...args);
      throw error;
    }
  };
  dropped.register(call, cache.plans);
  return call;
}

import { ArgumentError } from "../base/errors";
import { tensorsIn } from "../tensor/scope";
import { Tensor } from "../tensor/tensor";
import { runClosure } from "./closure";

/**
 * A function of tensors as a compiled plan: its ops are joined into few programs, which are kept by the shapes and
 * dtypes that it meets. What it returns (a tensor, or tensors in arrays, plain objects or Maps) is computed, all else
 * freed. It is called at every call, so that its plain JavaScript runs as always; a plan runs in place of its ops.
 * @throws ArgumentError where it returns no tensor.
 */
export function compileFunction<Args extends unknown[], R>(
  fn: (...args: Args) => R,
): (...args: Args) => Promise<Awaited<R>> {
  return (...args) =>
    runClosure<Awaited<R>, Awaited<R>>(
      "compileFunction()",
      undefined,
      () => fn(...args) as Awaited<R> | Promise<Awaited<R>>,
      (result) => {
        const roots = tensorsIn(result).filter((found): found is Tensor => found instanceof Tensor);
        if (roots.length === 0) {
          throw new ArgumentError({
            at: "compileFunction()",
            expected: "a function that returns tensors",
            got: typeof result,
          });
        }
        const extend = () => ({ outputs: [], updates: [] });
        const step = { roots, key: "function", targets: [], states: [], numbers: [], extend };
        return { step, finish: () => result };
      },
    );
}

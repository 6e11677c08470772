/**
 * The innermost loops of CPU:0. A loop that calls many different functions becomes megamorphic, and then the engine
 * inlines none of them. So `cloneFunction` creates a separate copy of the loop for each function.
 */
import type { ReferenceArray } from "../shader";

type ElementOperation = (...values: number[]) => number;

/** Fills `count` elements from index `to`. Each input has an array, a start index and a step (0 for a single value). */
function fill1(
  of: ElementOperation,
  result: ReferenceArray,
  to: number,
  count: number,
  inputs: readonly ReferenceArray[],
  starts: readonly number[],
  steps: readonly number[],
): void {
  const a = inputs[0]!;
  const step = steps[0]!;
  let at = starts[0]!;
  for (let i = 0; i < count; i++, at += step) result[to + i] = of(a[at]!);
}

const fill2: typeof fill1 = function fill2(of, result, to, count, inputs, starts, steps) {
  const a = inputs[0]!;
  const b = inputs[1]!;
  const aStep = steps[0]!;
  const bStep = steps[1]!;
  let at = starts[0]!;
  let bt = starts[1]!;
  for (let i = 0; i < count; i++, at += aStep, bt += bStep) result[to + i] = of(a[at]!, b[bt]!);
};

const fill3: typeof fill1 = function fill3(of, result, to, count, inputs, starts, steps) {
  const a = inputs[0]!;
  const b = inputs[1]!;
  const c = inputs[2]!;
  const aStep = steps[0]!;
  const bStep = steps[1]!;
  const cStep = steps[2]!;
  let at = starts[0]!;
  let bt = starts[1]!;
  let ct = starts[2]!;
  for (let i = 0; i < count; i++, at += aStep, bt += bStep, ct += cStep) {
    result[to + i] = of(a[at]!, b[bt]!, c[ct]!);
  }
};

/**
 * Folds `count` values from index `at`, pairwise by halves, which loses about as little precision in float32 as the
 * GPU's tree does.
 * @param start the neutral element
 */
function fold(
  of: ElementOperation,
  input: ReferenceArray,
  at: number,
  step: number,
  count: number,
  start: number,
  float: boolean,
): number {
  if (count > 32) {
    const half = count >>> 1;
    const first = fold(of, input, at, step, half, start, float);
    const both = of(first, fold(of, input, at + half * step, step, count - half, start, float));
    return float ? Math.fround(both) : both;
  }
  let folded = start;
  if (float) for (let k = 0; k < count; k++, at += step) folded = Math.fround(of(folded, input[at]!));
  else for (let k = 0; k < count; k++, at += step) folded = of(folded, input[at]!);
  return folded;
}

/**
 * Returns a copy of the function compiled from its text, or the function itself if a page's policy forbids that. The
 * function may refer only to its arguments and globals.
 */
function cloneFunction<F extends (...given: never[]) => unknown>(loop: F): F {
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- the text of a function of this file
    return new Function(`"use strict"; return ${loop.toString()}`)() as F;
  } catch {
    return loop;
  }
}

/** Returns a cache of a loop's copies, by the function that they call. */
function cachedClones<F extends (...given: never[]) => unknown>(loop: F): (of: ElementOperation) => F {
  const known = new WeakMap<ElementOperation, F>();
  return (of) => {
    let own = known.get(of);
    if (!own) known.set(of, (own = cloneFunction(loop)));
    return own;
  };
}

/** Loops that fill a line by a function of one, two or three inputs. */
export const fillFor: readonly ((of: ElementOperation) => typeof fill1)[] = [fill1, fill2, fill3].map(cachedClones);

/** The loop that folds a line by a function. */
export const foldFor: (of: ElementOperation) => typeof fold = cachedClones(fold);

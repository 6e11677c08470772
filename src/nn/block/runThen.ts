/** True for a promise; the value it resolves to is checked later. */
export function isTensorPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise;
}

/**
 * Runs `run`, then `done` or `failed`: at once, or when the promise that `run` returned is settled. Calls `waiting`
 * first if `run` returned a promise.
 */
export function runThen<R>(run: () => R, done: (result: unknown) => void, failed: () => void, waiting: () => void): R {
  let result: R;
  try {
    result = run();
  } catch (error) {
    failed();
    throw error;
  }
  if (!(result instanceof Promise)) {
    done(result);
    return result;
  }
  waiting();
  return result.then(
    (value: unknown) => {
      done(value);
      return value;
    },
    (error: unknown) => {
      failed();
      throw error;
    },
  ) as R;
}

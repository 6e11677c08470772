export function isTensorPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise;
}

/**
 * Runs `run` and then `done` or `failed`, now or when the promise that it
 * returned has settled; `waiting` runs if it returned one.
 */
export function settleWith<R>(
  run: () => R,
  done: (result: unknown) => void,
  failed: () => void,
  waiting: () => void,
): R {
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

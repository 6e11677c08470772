import { closeScope, openScope } from "../tensor/scope";

/**
 * Runs `fn`, then frees every tensor made inside, except what it returns (also
 * inside arrays, plain objects and Maps), what was passed to `keep`, and what was
 * stored in a field of a block that was called. `fn` may be asynchronous.
 */
export function tidy<R>(fn: () => R): R {
  const scope = openScope("tidy()");
  let result: R;
  try {
    result = fn();
  } catch (error) {
    closeScope(scope);
    throw error;
  }
  if (!(result instanceof Promise)) {
    closeScope(scope, result);
    return result;
  }
  scope.asynchronous = true;
  return result.then(
    (value: unknown) => {
      closeScope(scope, value);
      return value;
    },
    (error: unknown) => {
      closeScope(scope);
      throw error;
    },
  ) as R;
}

import { closeScope, openScope } from "../../tensor/scope";

/**
 * Runs `fn` and frees every tensor that was created inside, except those that escape: returned (also inside arrays, plain
 * objects and Maps), passed to `keep`, or stored in a field of a block that was called. If `fn` throws, all are freed.
 * Like `tf.tidy` of TensorFlow.js, but `fn` may be asynchronous.
 *
 * @param fn if it returns a promise, its tensors are freed when the promise settles
 * @returns the result of `fn`
 * @example
 * const total = tidy(() => {
 *   const squares = tensor([1, 2, 3]).square();
 *   return squares.sum();
 * });
 * total; // => 14
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

import { useCallback, useLayoutEffect, useRef } from "react";

/**
 * Returns a function with a stable identity that calls the newest version, so that memoized children do not render
 * again.
 */
export function useStable<Arguments extends unknown[], Result>(action: (...values: Arguments) => Result) {
  const latest = useRef(action);
  useLayoutEffect(() => {
    latest.current = action;
  });
  return useCallback((...values: Arguments): Result => latest.current(...values), []);
}

import { useCallback, useLayoutEffect, useRef } from "react";

/** A function that stays the same while what it does changes: memoised children need not be drawn anew for it. */
export function useStable<Arguments extends unknown[], Result>(action: (...values: Arguments) => Result) {
  const latest = useRef(action);
  useLayoutEffect(() => {
    latest.current = action;
  });
  return useCallback((...values: Arguments): Result => latest.current(...values), []);
}

import { useEffect, useReducer } from "react";

/** A chunk of the page that is fetched when it is first wanted, or before. */
export interface LazyModule<Module> {
  /** Fetches it, once; a fetch that failed is tried again by the next. */
  load(): Promise<Module>;
  /** The module, if it is here. */
  current(): Module | undefined;
}

export function lazyModule<Module>(fetch: () => Promise<Module>): LazyModule<Module> {
  let loaded: Module | undefined;
  let loading: Promise<Module> | undefined;
  return {
    current: () => loaded,
    load: () =>
      (loading ??= fetch().then(
        (module) => (loaded = module),
        (reason) => {
          loading = undefined;
          throw reason;
        },
      )),
  };
}

/**
 * The module once it is here; asks for it when `wanted`. Unlike React's `lazy` it is there in the first drawing if it
 * was loaded before, so that nothing moves; where it cannot be had, what stands in for it stays.
 */
export function useModule<Module>(module: LazyModule<Module>, wanted = true): Module | undefined {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const here = module.current();
  useEffect(() => {
    if (here || !wanted) return;
    let current = true;
    module.load().then(
      () => current && draw(),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [here, wanted, module]);
  return here;
}

import { useEffect, useReducer } from "react";

/** A chunk of the page that is fetched on first use, or earlier. */
export interface LazyModule<Module> {
  /** Fetches it once; after a failure, the next call retries. */
  load(): Promise<Module>;
  /** The module, if it is loaded. */
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
 * Returns the module once it is loaded; fetches it when `wanted`. Unlike React's `lazy`, it is available in the first
 * render if it was loaded before, so that nothing moves; if it cannot be loaded, the placeholder stays.
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

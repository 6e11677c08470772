/**
 * Globals that cells do not need and could misuse by mistake. This is not a security boundary: the frame's policy
 * blocks workers and imports whether or not their names exist.
 */
const hidden = ["Worker", "SharedWorker", "importScripts", "close"];

function remove(object: object, name: string): void {
  for (let at: object | null = object; at; at = Object.getPrototypeOf(at) as object | null) {
    Reflect.deleteProperty(at, name);
  }
}

export function hideGlobals(): void {
  for (const name of hidden) remove(globalThis, name);
}

/** Removes `navigator.gpu` from the realm: from now on, only the runtime's devices exist. */
export function detachGpu(): GPU | undefined {
  const { gpu } = navigator as { gpu?: GPU };
  remove(navigator, "gpu");
  return gpu;
}

/**
 * What a cell has no use for, and could do harm with by mistake. Not a wall: the frame's policy refuses
 * workers and imports whether or not their names are there.
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

/** Takes `navigator.gpu` out of the realm: from here on the devices that the runtime opens are the only ones. */
export function takeGpu(): GPU | undefined {
  const { gpu } = navigator as { gpu?: GPU };
  remove(navigator, "gpu");
  return gpu;
}

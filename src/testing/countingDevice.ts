/** A `GPU` whose devices count all API calls on them and on the objects that they return. */
import { guardBuffers } from "../device/webgpu/bufferGuard";

export type CallCounts = Record<string, number>;

/** API objects are distinguished from plain values and promises by their class. */
function isApiObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && value.constructor.name.startsWith("GPU");
}

const originals = new WeakMap<object, object>();

function original(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(original);
  if (typeof value !== "object" || value === null) return value;
  const known = originals.get(value);
  if (known) return known;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, original(item)]));
}

/** Wraps an API object: its calls are counted as `Class.method`, and the objects that they return are wrapped too. */
function watch<T extends object>(target: T, counts: CallCounts): T {
  const wrapped = new WeakMap<object, object>();
  const wrap = (value: unknown): unknown => {
    if (value instanceof Promise) return value.then(wrap);
    if (!isApiObject(value)) return value;
    if (!wrapped.has(value)) wrapped.set(value, watch(value, counts));
    return wrapped.get(value);
  };
  const proxy = new Proxy(target, {
    get(object, name) {
      const value: unknown = Reflect.get(object, name, object);
      if (typeof value !== "function") return wrap(value);
      return (...given: unknown[]) => {
        const call = `${object.constructor.name}.${String(name)}`;
        counts[call] = (counts[call] ?? 0) + 1;
        return wrap(Reflect.apply(value, object, given.map(original)));
      };
    },
  });
  originals.set(proxy, target);
  return proxy;
}

/**
 * Returns a counting wrapper of `navigator.gpu`. Its devices have no buffer guard, whose calls would be counted too.
 */
export function countingGpu(): { gpu: GPU; counts: CallCounts } {
  guardBuffers(undefined);
  const counts: CallCounts = {};
  return { gpu: watch(navigator.gpu, counts), counts };
}

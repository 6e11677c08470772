/** Registry of this realm's devices, by name. The only file that knows the implementations. */
import { DeviceError } from "../base/errors";
import type { Backend, DeviceDescription } from "./backend";
import { CpuBackend } from "./cpu/cpuBackend";
import type { Precision } from "./cpu/cpuPrecision";
import { type GpuProbe, type GpuState, probeGpu } from "./webgpu/adapter";
import type { WebGpuBackend } from "./webgpu/webgpuBackend";

export type { GpuState } from "./webgpu/adapter";

const backends = new Map<string, Backend>([["CPU:0", new CpuBackend()]]);
/** Keeps the GPU objects of all devices alive: in Node, Dawn crashes if one is collected before its devices. */
const held = new Set<GPU>();
let opening: Promise<GpuState> | undefined;
let probe: GpuProbe | undefined;
/** Creates a backend on the opened GPU. */
let createGpuBackend: ((name: string) => WebGpuBackend) | undefined;
let chosen: string | undefined;

async function openGpu(gpu: GPU | undefined): Promise<GpuState> {
  if (gpu) held.add(gpu);
  // Loaded while the adapter is requested, and only where there may be one.
  const loading = gpu && import("./webgpu/webgpuBackend");
  const [found, module] = await Promise.all([probeGpu(gpu), loading]);
  probe = found;
  if (module && found.state === "ready") {
    createGpuBackend = (name) => new module.WebGpuBackend(name, found.device, found.info);
    backends.set("GPU:0", createGpuBackend("GPU:0"));
  }
  return probe.state;
}

/**
 * Opens the GPU if there is one. Importers of the library await this before anything else; a session has done so before
 * the first cell. Further calls return the first result.
 * @param gpu a `GPU` object; defaults to `navigator.gpu`.
 * @returns "ready", or the reason why only `CPU:0` exists: "noApi" (no WebGPU), "insecureContext" (not https or
 * localhost), "noAdapter", "rejected" (an error on opening) or "timeout" (no answer within 8 seconds).
 *
 * @example
 * const state = await open();
 * (state === "ready") === devices().includes("GPU:0"); // => true
 */
export function open(gpu: GPU | undefined = globalThis.navigator?.gpu): Promise<GpuState> {
  return (opening ??= openGpu(gpu));
}

/**
 * Returns the names of all devices, the default device first.
 *
 * @example
 * devices().includes("CPU:0"); // => true
 */
export function devices(): string[] {
  return [...backends.keys()]
    .filter((name) => !name.startsWith("TWIN"))
    .sort((a, b) => Number(b.startsWith("GPU")) - Number(a.startsWith("GPU")) || a.localeCompare(b));
}

/**
 * Returns the default device: the one set by `withDevice` or `setDefaultDevice`, otherwise `GPU:0` if it exists, else
 * `CPU:0`.
 */
export function defaultDevice(): string {
  return chosen ?? (backends.has("GPU:0") ? "GPU:0" : "CPU:0");
}

/** Sets the default device and returns the previous setting; undefined restores `GPU:0` if it exists, else `CPU:0`. */
export function setDefaultDevice(name: string | undefined): string | undefined {
  const before = chosen;
  chosen = name === undefined ? undefined : device(name);
  return before;
}

/** Returns the backend of a device. @throws DeviceError if the device does not exist. */
export function backendOf(name: string): Backend {
  const backend = backends.get(name);
  if (backend) return backend;
  throw new DeviceError({
    at: "device",
    expected: `one of ${devices().join(", ")}`,
    got: JSON.stringify(name),
    remedy: "tryGpu() falls back to the CPU by itself.",
  });
}

/**
 * Returns a device's name after checking that the device exists.
 * @throws DeviceError if it does not exist; the message lists those that do.
 *
 * @example
 * device("CPU:0"); // => "CPU:0"
 */
export function device(name: string): string {
  return backendOf(name).device;
}

/**
 * Returns the name of GPU number `index`, or `CPU:0` if it does not exist. `index` counts from 0 and defaults to 0.
 *
 * @example
 * tryGpu(99); // => "CPU:0"
 */
export function tryGpu(index = 0): string {
  const name = `GPU:${index}`;
  return backends.has(name) ? name : "CPU:0";
}

/**
 * Returns the names of all GPUs, or `["CPU:0"]` if there is none.
 *
 * @example
 * const gpus = tryAllGpus();
 * ones([2], { device: gpus[0] }).device === gpus[0]; // => true
 */
export function tryAllGpus(): string[] {
  const gpus = namesOf("GPU");
  return gpus.length > 0 ? gpus : ["CPU:0"];
}

/**
 * Runs `fn` with `name` as the default device and returns its result. The previous default is restored even if `fn`
 * throws.
 * @throws DeviceError if the device does not exist, or if `fn` returns a promise: the code after its first `await`
 * would run with another default.
 *
 * @example
 * withDevice("CPU:0", () => ones([2, 3]).device); // => "CPU:0"
 */
export function withDevice<R>(name: string, fn: () => R): R {
  const before = setDefaultDevice(name);
  try {
    const result = fn();
    if (result instanceof Promise) {
      throw new DeviceError({
        at: "withDevice",
        expected: "a synchronous function",
        got: "one that returns a promise",
        remedy: `Pass { device: "${name}" } to the creators instead.`,
      });
    }
    return result;
  } finally {
    setDefaultDevice(before);
  }
}

type DeviceKind = "CPU" | "GPU";

function namesOf(kind: string): string[] {
  return devices().filter((name) => name.startsWith(`${kind}:`));
}

/** Returns a function that creates one more device of a kind. @throws DeviceError if there is none of that kind. */
function makerOf(kind: DeviceKind): (name: string) => Backend {
  if (kind === "CPU") return (name) => new CpuBackend(name);
  if (kind === "GPU" && createGpuBackend) return createGpuBackend;
  throw new DeviceError({
    at: "configureLogicalDevices",
    expected: kind === "GPU" ? "a GPU" : '"CPU" or "GPU"',
    got: kind === "GPU" ? (probe?.state ?? "no open()") : JSON.stringify(kind),
    remedy: 'configureLogicalDevices("CPU", 2) works on every machine.',
  });
}

/**
 * Replaces the devices of a kind by `count` logical devices. They share the processor or the adapter, but each has
 * separate memory, so code for several devices can be tried on one. Existing devices with an index below `count` stay
 * as they are. Source: TensorFlow's `set_logical_device_configuration`.
 * @param kind "CPU" or "GPU"
 * @param count a whole number of at least 1
 * @returns the names of all devices of that kind.
 * @throws DeviceError if there is no device of the kind, or if a device to be removed is in use: it has live tensors or
 * is the default device.
 *
 * @example
 * configureLogicalDevices("CPU", 2); // => ["CPU:0", "CPU:1"]
 * configureLogicalDevices("CPU", 1); // => ["CPU:0"]
 */
export function configureLogicalDevices(kind: DeviceKind, count: number): string[] {
  const make = makerOf(kind);
  const existing = namesOf(kind);
  const going = Number.isInteger(count) ? existing.slice(Math.max(count, 0)) : [];
  const inUse = going.find((name) => backendOf(name).describe().buffers > 0);
  if (!Number.isInteger(count) || count < 1 || inUse || (chosen !== undefined && going.includes(chosen))) {
    throw new DeviceError({
      at: "configureLogicalDevices",
      expected: "a count >= 1 that keeps every device in use",
      got: inUse ? `${count}, while tensors live on ${inUse}` : String(count),
      remedy: inUse && "Dispose of them first, or restart the session.",
    });
  }
  for (const name of going) backends.delete(name);
  for (let index = existing.length; index < count; index++) backends.set(`${kind}:${index}`, make(`${kind}:${index}`));
  return namesOf(kind);
}

/** Removes all logical devices but the first of each kind, even with tensors on them: for tests that share a realm. */
export function closeLogicalDevices(): void {
  for (const name of backends.keys()) if (/^[CG]PU:[1-9]/.test(name)) backends.delete(name);
  if (chosen !== undefined && !backends.has(chosen)) chosen = undefined;
}

/**
 * Returns a device's properties and counters: vendor, limits and features, the bytes of its live tensors now
 * (`bytesInUse`) and at most so far (`peakBytes`), its live allocations (`buffers`) and its `dispatches`. `name`
 * defaults to the default device.
 * @throws DeviceError if the device does not exist.
 *
 * @example
 * const before = deviceInfo("CPU:0").bytesInUse;
 * const x = ones([100], { device: "CPU:0" });
 * deviceInfo("CPU:0").bytesInUse - before; // => 400
 */
export function deviceInfo(name: string = defaultDevice()): DeviceDescription {
  return backendOf(name).describe();
}

/** Opens the CPU's float64 twin, for tests. It is not among `devices()`. */
export function openTwin(): string {
  return openReference("TWIN:0", "float64");
}

/** Opens a CPU that rounds every result off by one unit in the last place. It is not among `devices()`. */
export function openJittered(): string {
  return openReference("TWIN:1", "jittered");
}

function openReference(name: string, precision: Precision): string {
  if (!backends.has(name)) backends.set(name, new CpuBackend(name, precision));
  return name;
}

/** The devices of this realm, by name. The only file that knows the implementations. */
import { DeviceError } from "../base/errors";
import type { Backend, DeviceDescription } from "./backend";
import { CpuBackend } from "./cpu/cpuBackend";
import { type GpuProbe, type GpuState, probeGpu } from "./webgpu/adapter";
import { WebGpuBackend } from "./webgpu/webgpuBackend";

export type { GpuState } from "./webgpu/adapter";

const backends = new Map<string, Backend>([["CPU:0", new CpuBackend()]]);
/** The GPU objects that devices came from: in Node, Dawn crashes where one was collected before its devices. */
const held = new Set<GPU>();
let opening: Promise<GpuState> | undefined;
let probe: GpuProbe | undefined;
let chosen: string | undefined;

async function openGpu(gpu: GPU | undefined): Promise<GpuState> {
  if (gpu) held.add(gpu);
  probe = await probeGpu(gpu);
  if (probe.state === "ready") backends.set("GPU:0", new WebGpuBackend("GPU:0", probe.device, probe.info));
  return probe.state;
}

/**
 * Opens the GPU, if there is one. As a library, await this before anything else;
 * a second call answers as the first did.
 * @param gpu a `GPU` object, `navigator.gpu` by default.
 * @returns "ready", or why there is only `CPU:0`.
 */
export function open(gpu: GPU | undefined = globalThis.navigator?.gpu): Promise<GpuState> {
  return (opening ??= openGpu(gpu));
}

/** Every device's name, the default first. */
export function devices(): string[] {
  return [...backends.keys()]
    .filter((name) => !name.startsWith("TWIN"))
    .sort((a, b) => Number(b.startsWith("GPU")) - Number(a.startsWith("GPU")) || a.localeCompare(b));
}

/** `GPU:0` where there is one, else `CPU:0`; inside `withDevice` the one it names. */
export function defaultDevice(): string {
  return chosen ?? (backends.has("GPU:0") ? "GPU:0" : "CPU:0");
}

/** Makes a device the default until it is set again; undefined: `GPU:0` where there is one. Returns what was set before. */
export function setDefaultDevice(name: string | undefined): string | undefined {
  const before = chosen;
  chosen = name === undefined ? undefined : device(name);
  return before;
}

/** @throws DeviceError for a device that is absent. */
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

/** The device's name, checked. @throws DeviceError for a device that is absent. */
export function device(name: string): string {
  return backendOf(name).device;
}

/** GPU number `index`, from 0, or `CPU:0` where there is no such one. */
export function tryGpu(index = 0): string {
  const name = `GPU:${index}`;
  return backends.has(name) ? name : "CPU:0";
}

/** All GPUs, or `["CPU:0"]` where there is none. */
export function tryAllGpus(): string[] {
  const gpus = namesOf("GPU");
  return gpus.length > 0 ? gpus : ["CPU:0"];
}

/**
 * Makes `name` the default device while `fn` runs.
 * @throws DeviceError if `fn` returns a promise: what it awaits would run outside.
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

/** What makes one more device of a kind. @throws DeviceError where there is none of it. */
function makerOf(kind: DeviceKind): (name: string) => Backend {
  if (kind === "CPU") return (name) => new CpuBackend(name);
  const found = probe;
  if (kind === "GPU" && found?.state === "ready") return (name) => new WebGpuBackend(name, found.device, found.info);
  throw new DeviceError({
    at: "configureLogicalDevices",
    expected: kind === "GPU" ? "a GPU" : '"CPU" or "GPU"',
    got: kind === "GPU" ? (found?.state ?? "no open()") : JSON.stringify(kind),
    remedy: 'configureLogicalDevices("CPU", 2) works on every machine.',
  });
}

/**
 * Replaces the devices of a kind by `count` logical ones that share the processor or the adapter, each with
 * memory of its own: for trying out code that is meant for several. Source: TensorFlow's
 * `set_logical_device_configuration`.
 * @returns the names of all devices of that kind.
 * @throws DeviceError where there is no device of the kind, or tensors live on one that would go.
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

/** What a device says of itself, and what it holds and did so far. */
export function deviceInfo(name: string = defaultDevice()): DeviceDescription {
  return backendOf(name).describe();
}

/** The float64 twin of the CPU, for tests: it is not among `devices()`. */
export function openTwin(): string {
  const name = "TWIN:0";
  if (!backends.has(name)) backends.set(name, new CpuBackend(name, true));
  return name;
}

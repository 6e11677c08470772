/**
 * Executes tasks for the driver in a page or a Node process, one task of one system at a time. All results are plain data.
 */
import { systems } from "./systems/index";
import type { Prepared, System } from "./systems/system";
import { workloads } from "./workloads/index";
import type { Workload } from "./workloads/workload";

/** Results up to this length are sent in full; longer ones are sampled. */
const samples = 64;

export interface Run {
  milliseconds: number;
  fingerprint: number[];
  /** Of a first run: milliseconds from an open device with nothing prepared to the result of the first step. */
  first?: number;
  /** Of a first run: milliseconds of each further step, if there are any. */
  later?: number;
  /** Memory of the system afterwards. */
  held?: { bytes: number; tensors: number };
}

/** A run, or the reason why the system is absent. */
export type Answer = Run | { absent: string };

const prepared = new Map<string, Prepared>();
const opened = new Map<System, Promise<string | undefined>>();

function find<T extends { id: string }>(list: readonly T[], id: string): T {
  const found = list.find((item) => item.id === id);
  if (found) return found;
  throw new Error(`There is no ${id}, only ${list.map((item) => item.id).join(", ")}.`);
}

/** Returns a short result in full; of a long one, its mean and equidistant values. */
export function fingerprintOf(result: ArrayLike<number>): number[] {
  if (result.length <= samples) return Array.from(result);
  let sum = 0;
  for (let index = 0; index < result.length; index++) sum += result[index]!;
  const taken = Array.from({ length: samples }, (_, index) => result[Math.floor((index * result.length) / samples)]!);
  return [sum / result.length, ...taken];
}

async function timed(task: Prepared, steps: number): Promise<Run> {
  const start = performance.now();
  const result = await task.step(steps);
  const milliseconds = performance.now() - start;
  return { milliseconds, fingerprint: fingerprintOf(result), held: task.held?.() };
}

function open(system: System): Promise<string | undefined> {
  const opening = opened.get(system) ?? system.open();
  opened.set(system, opening);
  return opening;
}

/** Returns all systems and workloads, without functions. */
export function describe(): { systems: { id: string; own: boolean }[]; workloads: Omit<Workload, "prepare">[] } {
  return {
    systems: systems.map(({ id, own = false }) => ({ id, own })),
    workloads: workloads.map(({ prepare: _, ...workload }) => workload),
  };
}

/**
 * Opens a system, prepares its task and runs the first step, which together are timed, then the other steps that are compared.
 */
export async function prepare(workloadId: string, systemId: string): Promise<Answer> {
  const workload = find(workloads, workloadId);
  const system = find(systems, systemId);
  const start = performance.now();
  const absent = await open(system);
  if (absent !== undefined) return { absent };
  const ready = performance.now();
  const task = await workload.prepare(system);
  if (typeof task === "string") return { absent: task };
  prepared.set(systemId, task);
  const result = await task.step(1);
  const end = performance.now();
  const opening = { milliseconds: end - start, first: end - ready, fingerprint: fingerprintOf(result) };
  const others = workload.checkSteps - 1;
  if (others === 0) return { ...opening, held: task.held?.() };
  const { milliseconds, fingerprint, held } = await timed(task, others);
  return { ...opening, later: milliseconds / others, fingerprint: [...opening.fingerprint, ...fingerprint], held };
}

/** Runs more steps of the prepared task. */
export function run(systemId: string, steps: number): Promise<Run> {
  const task = prepared.get(systemId);
  if (!task) throw new Error(`${systemId} was not prepared.`);
  return timed(task, steps);
}

/**
 * Starts the driver and the browser's GPU process. All systems share them, and no system should be charged with them.
 */
export async function warmGpu(): Promise<void> {
  await globalThis.navigator?.gpu?.requestAdapter();
}

/** Describes the adapter, for the head of the table. */
export async function machine(): Promise<string> {
  const info = (await globalThis.navigator?.gpu?.requestAdapter())?.info;
  const adapter = [info?.vendor, info?.architecture, info?.description].filter(Boolean).join(" ");
  const threads = "crossOriginIsolated" in globalThis && !globalThis.crossOriginIsolated ? ", no threads" : "";
  return `WebGPU: ${adapter || "none"}${threads}`;
}

export const calls = { describe, prepare, run, warmGpu, machine };
export type Calls = typeof calls;

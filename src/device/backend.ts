/**
 * The contract between tensors and what computes them.
 *
 * A backend owns memory (slots) and runs shaders over it, strictly in the order
 * of the calls. `alloc`, `free`, `write` and `run` return at once and never wait
 * for the device; only `read` and `sync` do, and they report what went wrong in
 * between. Whoever allocates a slot frees it once; a slot may be freed while work
 * that uses it is still queued.
 *
 * Every shader comes with a reference in plain loops. The WebGPU backend runs the
 * WGSL, the CPU backend the reference, or faster loops of its own where the shader
 * says its form; the float64 twin runs references alone. The same tests judge all.
 */
import type { DType } from "../base/dtype";
import type { Counters } from "./counters";
import type { Executable, Program } from "./program";
import type { Elements, Shader } from "./shader";

export type { Elements, Link, ReferenceArray, Shader } from "./shader";

/** Memory for `size` elements on one device. Only its own backend looks inside. */
export interface Slot {
  readonly size: number;
  readonly dtype: DType;
}

export interface Dispatch<U = unknown> {
  shader: Shader<U>;
  inputs: readonly Slot[];
  result: Slot;
  uniforms: U;
  /** Workgroups, before they are folded to the device's limit in each dimension. */
  workgroups: number;
}

export interface Limits {
  /** Bytes of the largest tensor. */
  maxTensorBytes: number;
  [name: string]: number;
}

/** What a device says of itself, and its counters. */
export interface DeviceDescription {
  device: string;
  vendor: string;
  architecture: string;
  description: string;
  /** True for the CPU device and for adapters that compute on the CPU. */
  software: boolean;
  limits: { [name: string]: number };
  features: string[];
  /** Bytes that live tensors hold. */
  bytesInUse: number;
  peakBytes: number;
  /** Live allocations. */
  buffers: number;
  dispatches: number;
}

/** Steps that a loop may queue before it waits: more would only add to memory and to the wait for Stop. */
export const maxInFlight = 3;

/** Whether somebody waits for a read, or it goes on beside other work. */
export type Urgency = "awaited" | "beside";

export interface Backend {
  /** `CPU:0`, `GPU:0`. */
  readonly device: string;
  readonly limits: Limits;
  readonly counters: Readonly<Counters>;
  /** True where it runs a shader by its form: then long sums come whole, for it to split as suits it. */
  readonly takesForms?: boolean;
  /** @throws DeviceMemoryError naming `at`, when the size is impossible. */
  alloc(size: number, dtype: DType, at: string): Slot;
  /** Slots that lie in one piece of memory, so that a program can reach all of them through it. Each is freed by itself. */
  allocTogether(list: readonly { size: number; dtype: DType }[], at: string): Slot[];
  free(slot: Slot): void;
  /** Copies all elements into a slot of the same size. */
  copy(from: Slot, to: Slot): void;
  /** Fills a slot. Elements that are still on the way hold back what was called after it. */
  write(slot: Slot, elements: Elements | Promise<Elements>): void;
  run(dispatch: Dispatch): void;
  /**
   * Whether programs are compiled: "slowly" where that costs so much that a graph which is computed once is better
   * computed op by op; "never" where the page's policy forbids code from text.
   */
  readonly compiles: "quickly" | "slowly" | "never";
  /** True if one program can be given states in all of these slots. */
  reaches(states: readonly Slot[]): boolean;
  /**
   * Makes a program ready to run, and its memory.
   * @param states where its states are; every run finds them there
   * @throws DeviceMemoryError naming `at`.
   */
  compile(program: Program, states: readonly Slot[], at: string): Executable<Slot> | Promise<Executable<Slot>>;
  /** The slot's elements once all that was called before is done. @throws whatever went wrong since the last read or sync. */
  read(slot: Slot, urgency?: Urgency): Promise<Elements>;
  /** As `read`, at once; undefined where something is still to be waited for, or to be reported. */
  readNow?(slot: Slot): Elements | undefined;
  /** Resolves when all that was called before is done. @throws as `read`. */
  sync(): Promise<void>;
  describe(): DeviceDescription;
  dispose(): void;
}

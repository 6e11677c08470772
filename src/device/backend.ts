/**
 * The contract between tensors and the device that computes them.
 *
 * A backend owns memory (slots) and runs shaders over it, strictly in call order. `allocate`, `free`, `write` and `run`
 * return immediately and never wait for the device. Only `read` and `sync` wait, and they report any failure since the
 * last wait. Every slot must be freed exactly once by the code that allocated it; it may be freed while work that uses
 * it is still queued.
 *
 * Every shader comes with a reference implementation in plain loops. The WebGPU backend runs the WGSL. The CPU backend
 * runs the reference, or a faster loop if the shader declares its form. The float64 twin runs references only. The same
 * tests cover all three.
 */
import type { DType } from "../base/dtype";
import type { Counters } from "./counters";
import type { Executable, Program } from "./program";
import type { Elements, Shader } from "./shader";

export type { Elements, Link, ReferenceArray, Shader } from "./shader";

/** Memory for `size` elements on one device. Only the backend that allocated it accesses its contents. */
export interface Slot {
  readonly size: number;
  readonly dtype: DType;
}

export interface Dispatch<U = unknown> {
  shader: Shader<U>;
  inputs: readonly Slot[];
  result: Slot;
  uniforms: U;
  /** Number of workgroups, before it is folded to fit the device's limit in each dimension. */
  workgroups: number;
}

export interface Limits {
  /** Size of the largest tensor in bytes. */
  maxTensorBytes: number;
  [name: string]: number;
}

/** Properties of a device and its counters. */
export interface DeviceDescription {
  /** The device's name, such as `CPU:0`. */
  device: string;
  /** The adapter's vendor as WebGPU reports it; empty if it does not, and for the CPU. */
  vendor: string;
  /** The adapter's architecture, reported likewise. */
  architecture: string;
  /** The adapter's description, reported likewise; for the CPU, the way in which it computes. */
  description: string;
  /** True for the CPU device and for adapters that compute on the CPU. */
  software: boolean;
  /** `maxTensorBytes`, the size of the largest tensor, and limits of the adapter. */
  limits: { [name: string]: number };
  /** WebGPU features of the device; none for the CPU. */
  features: string[];
  /** Bytes allocated for live tensors. */
  bytesInUse: number;
  /** Highest value of `bytesInUse` so far. */
  peakBytes: number;
  /** Number of live allocations. */
  buffers: number;
  /** Number of dispatches so far. */
  dispatches: number;
}

/**
 * In-flight limit: the number of steps that a loop may queue before it waits. More would only use memory and delay
 * Stop.
 */
export const maxInFlight = 3;

/** Urgency of a read: `awaited` if a caller waits for it now, `beside` if it runs concurrently with other work. */
export type Urgency = "awaited" | "beside";

export interface Backend {
  /** The device's name, such as `CPU:0` or `GPU:0`. */
  readonly device: string;
  readonly limits: Limits;
  readonly counters: Readonly<Counters>;
  /** True if shaders run by their form. Then long sums are passed whole, because the backend splits them itself. */
  readonly runsForms?: boolean;
  /** Allocates a slot. @throws DeviceMemoryError naming `at` if the size is impossible. */
  allocate(size: number, dtype: DType, at: string): Slot;
  /**
   * Allocates slots in one block of memory, so that a program can reach all of them through it. Each slot is freed
   * separately.
   */
  allocateTogether(list: readonly { size: number; dtype: DType }[], at: string): Slot[];
  free(slot: Slot): void;
  /** Copies all elements into a slot of the same size. */
  copy(from: Slot, to: Slot): void;
  /** Fills a slot. While the elements are pending, later calls are delayed until they arrive. */
  write(slot: Slot, elements: Elements | Promise<Elements>): void;
  run(dispatch: Dispatch): void;
  /**
   * How programs are compiled. "slowly": compilation costs so much that a graph which runs once is better computed op
   * by op. "never": the page's policy forbids code generated from text.
   */
  readonly compiles: "quickly" | "slowly" | "never";
  /** Returns true if one program can have its states in all of these slots. */
  canBind(variables: readonly Slot[]): boolean;
  /**
   * Compiles a program and allocates its memory.
   * @param variables the slots of its states, the same in every run
   * @throws DeviceMemoryError naming `at`.
   */
  compile(program: Program, variables: readonly Slot[], at: string): Executable<Slot> | Promise<Executable<Slot>>;
  /**
   * Resolves to the slot's elements after all earlier calls have completed. @throws any failure since the last read or
   * sync.
   */
  read(slot: Slot, urgency?: Urgency): Promise<Elements>;
  /** Synchronous variant of `read`. Undefined if earlier work is still pending or a failure is still unreported. */
  readNow?(slot: Slot): Elements | undefined;
  /** Resolves when all earlier calls have completed. @throws as `read` does. */
  sync(): Promise<void>;
  describe(): DeviceDescription;
  dispose(): void;
}

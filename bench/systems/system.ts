import type { ForwardTask, TrainTask } from "../workloads/net";

/** A task that a system has prepared. */
export interface Prepared {
  /**
   * Runs the task `count` times. Resolves to the result, read back in full: the losses of `count` training steps, or
   * the last of `count` equal results, each of which was read.
   */
  step(count: number): Promise<ArrayLike<number>>;
  /** Returns the current memory, if the system reports it, to detect leaks. */
  held?(): { bytes: number; tensors: number };
  dispose(): void;
}

/** A prepared task, or the reason why the system does not support the workload. That is never a failure. */
export type Preparing = Promise<Prepared | string>;

export interface MatmulTask {
  /** Rows and columns of both matrices. */
  size: number;
  a: Float32Array;
  b: Float32Array;
}

export interface ChainTask {
  x: Float32Array;
}

/** One library on one device. */
export interface System {
  /** Identifier in results; never changes. */
  id: string;
  /** True for our systems, which must not be absent, and for which `memory` is measured without --full. */
  own?: boolean;
  /** Loads the library and opens the device. Resolves to a reason if it cannot run here. */
  open(): Promise<string | undefined>;
  train(task: TrainTask): Preparing;
  forward(task: ForwardTask): Preparing;
  matmul(task: MatmulTask): Preparing;
  /** `exp(-sqrt(relu(tanh(x * 1.1 + 0.5) * x) + 1)) - x`: ten elementwise ops. */
  chain(task: ChainTask): Preparing;
}

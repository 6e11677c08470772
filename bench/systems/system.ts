import type { ForwardTask, TrainTask } from "../workloads/net";

/** A task that a system is ready to do. */
export interface Prepared {
  /**
   * Does it `count` times. Resolves to what came out, read back to the last number: the losses of
   * `count` training steps, or the last of `count` equal results, each of which was read.
   */
  step(count: number): Promise<ArrayLike<number>>;
  /** What it holds now, where the system can say. A training that leaks shows here. */
  held?(): { bytes: number; tensors: number };
  dispose(): void;
}

/** A prepared task, or why the system has no place in the workload: a property of it, never a failure. */
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
  /** As in results: it never changes. */
  id: string;
  /** Ours may not be absent, and has `memory` measured without --full. */
  own?: boolean;
  /** Loads the library and opens the device. Resolves to why it cannot run here, if it cannot. */
  open(): Promise<string | undefined>;
  train(task: TrainTask): Preparing;
  forward(task: ForwardTask): Preparing;
  matmul(task: MatmulTask): Preparing;
  /** `exp(-sqrt(relu(tanh(x * 1.1 + 0.5) * x) + 1)) - x`: ten ops of one element each. */
  chain(task: ChainTask): Preparing;
}

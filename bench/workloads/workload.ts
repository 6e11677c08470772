import type { Preparing, System } from "../systems/system";

export interface Workload {
  /** Identifier in results; never changes. */
  id: string;
  /** What is measured, for readers of the table. */
  title: string;
  unit: "ms" | "GFLOP/s";
  /** Multiplications and additions of one step. */
  flops: number;
  /** Steps of the first run, whose results must agree in all systems. */
  checkSteps: number;
  /** True if every step computes the same, so that each repeat can be compared too. */
  stateless?: boolean;
  /**
   * Largest deviation from the other systems, relative to the largest number. Default 1e-3, for float32 and fast
   * versions of `tanh`.
   */
  tolerance?: number;
  /** Number of repeats. Default 5. */
  repeats?: number;
  /** Steps per repeat, in place of a calibrated number. Memory is then compared between repeats. */
  steps?: number;
  /** True to report the row in full: also the time to the first loss, and the time at the speed of matrix products. */
  details?: boolean;
  /** Measured only with --full: the whole row, or only the peers. */
  full?: "row" | "peers";
  /** True if each repeat opens a new browser and runs the first step, including opening and compiling. */
  fresh?: boolean;
  prepare(system: System): Preparing;
}

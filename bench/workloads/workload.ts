import type { Preparing, System } from "../systems/system";

export interface Workload {
  /** As in results: it never changes. */
  id: string;
  /** What is measured, for whoever reads the table. */
  title: string;
  unit: "ms" | "GFLOP/s";
  /** Multiplications and additions of one step. */
  flops: number;
  /** Steps of the first run, whose numbers must be the same in every system. */
  checkSteps: number;
  /** Every step computes the same, so each repeat is compared too. */
  stateless?: boolean;
  /** How far from the others a number may be, relative to the largest. Default 1e-3: float32 and fast `tanh`s. */
  tolerance?: number;
  /** Repeats, where they are not 5. */
  repeats?: number;
  /** Steps in each repeat, where they are not as many as take a while. What is held is compared then. */
  steps?: number;
  /** Reported in full: also the time to the first loss, and the time that products of matrices alone would take. */
  details?: boolean;
  /** Measured with --full only: the whole row, or the peers in it. */
  full?: "row" | "peers";
  /** Each repeat opens a new browser and takes the first step, opening and compiling included. */
  fresh?: boolean;
  prepare(system: System): Preparing;
}

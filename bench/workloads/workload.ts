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
  /** Repeats, and steps in each, where they are not those of other workloads: 5, and as many as take a while. */
  repeats?: number;
  steps?: number;
  /** Measured with --full only: the whole row, or the peers in it. */
  full?: "row" | "peers";
  /** Each repeat opens a new browser and takes the first step, opening and compiling included. */
  fresh?: boolean;
  prepare(system: System): Preparing;
}

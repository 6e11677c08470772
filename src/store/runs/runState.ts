import type { EndReason } from "../../client/client";
import type { Output, PlanSplit, PlanUse, SessionEvent } from "../../protocol/protocol";

/** A cell's latest run. */
export interface CellRun {
  /** `lost`: ran in a session that is gone. Its outputs are kept, its values are not. */
  status: "running" | "ok" | "error" | "cancelled" | "lost";
  outputs: Output[];
  /** Why the session ended while this ran: all values computed by its cells are gone. */
  ended?: EndReason;
  /** Increases across all cells; a later run has a larger number. */
  run: number;
  /** The source that was run: the cell is stale once its source differs. */
  source: string;
  /** Names that the run declared. */
  declared: string[];
  durationMs?: number;
  /** Compiled steps that the run used, and closures that were computed in parts. */
  plans?: readonly PlanUse[];
  splits?: readonly PlanSplit[];
}

export type CellStatus = "idle" | "queued" | CellRun["status"];

export interface RunState {
  runs: Readonly<Record<string, CellRun>>;
  /** Queued cells in order. */
  queue: readonly string[];
  running: string | null;
  /** Models whose weights were changed outside of cells, each with the latest run started before the change. */
  touched: Readonly<Record<string, number>>;
  /** True from Stop or Restart until the session answers again. */
  stopping: boolean;

  /** Queues cells; they run one after another, in this order. An error empties the queue. */
  run(ids: readonly string[]): void;
  runAll(): void;
  /**
   * Stops the running cell; without an argument it also empties the queue, with a queued cell it removes only that
   * cell.
   */
  stop(id?: string): Promise<void>;
  restart(): Promise<void>;
  /** Handles unsolicited events of a session. */
  receive(event: SessionEvent): void;
  /** Marks all runs as gone with their session; a running cell is notified by its own request. */
  loseAll(): void;
  /** Replaces all runs by those of another notebook, from the outputs in its file. */
  replace(runs: Readonly<Record<string, CellRun>>): void;
  clearOutputs(id: string): void;
  /** Records that the weights of a model, by its variable, were changed outside of cells. */
  touch(model: string): void;
}

/** The status of a cell, including its position in the queue. */
export function statusOf({ runs, queue }: Pick<RunState, "runs" | "queue">, id: string): CellStatus {
  return queue.includes(id) ? "queued" : (runs[id]?.status ?? "idle");
}

import type { EndReason } from "../session/client";
import type { Output, PlanSplit, PlanUse, SessionEvent } from "../session/protocol";

/** A cell's latest run. */
export interface CellRun {
  /** `lost`: ran in a session that is gone. Its outputs stand, its values do not. */
  status: "running" | "ok" | "error" | "cancelled" | "lost";
  outputs: Output[];
  /** Why the session ended while this ran: what its cells had computed is gone. */
  ended?: EndReason;
  /** Counts up over all cells; a later run has a larger number. */
  run: number;
  /** What was run: the cell is stale once its source differs. */
  source: string;
  /** Names that the run declared. */
  declared: string[];
  durationMs?: number;
  /** Compiled steps that the run took, and closures that were computed in parts. */
  plans?: readonly PlanUse[];
  splits?: readonly PlanSplit[];
}

export type CellStatus = "idle" | "queued" | CellRun["status"];

export interface RunState {
  runs: Readonly<Record<string, CellRun>>;
  /** Cells that wait for their turn, first in line first. */
  queue: readonly string[];
  running: string | null;
  /** Models whose weights were changed outside of cells, each with the latest run that was begun before. */
  touched: Readonly<Record<string, number>>;
  /** True from Stop or Restart until the session answers again. */
  stopping: boolean;

  /** Queues cells; they run one after another, in this order. An error empties the queue. */
  run(ids: readonly string[]): void;
  runAll(): void;
  /** Ends what runs; without an argument the queue too, with a waiting cell only that one. */
  stop(id?: string): Promise<void>;
  restart(): Promise<void>;
  /** What a session sends of its own accord. */
  receive(event: SessionEvent): void;
  /** Marks what ran as gone with its session; a cell that runs now hears of it by its own request. */
  loseAll(): void;
  /** Forgets all runs, for those of another notebook: what its file shows. */
  replace(runs: Readonly<Record<string, CellRun>>): void;
  clearOutputs(id: string): void;
  /** Says that the weights of a model, by its variable, were changed outside of cells. */
  touch(model: string): void;
}

/** Where a cell stands, its place in the queue included. */
export function statusOf({ runs, queue }: Pick<RunState, "runs" | "queue">, id: string): CellStatus {
  return queue.includes(id) ? "queued" : (runs[id]?.status ?? "idle");
}

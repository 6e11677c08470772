import { subscribeWithSelector } from "zustand/middleware";
import { createStore } from "zustand/vanilla";
import type { SessionEndedError, SessionRequestError } from "../session/client";
import type { Output, RunResult, SessionError, SessionEvent } from "../session/protocol";
import { cellById, type DocumentStore } from "./documentStore";
import { appendOutputs } from "./outputLog";
import type { SessionPort } from "./sessionStore";

export type CellStatus = "idle" | "queued" | CellRun["status"];

/** A cell's latest run. */
export interface CellRun {
  /** `lost`: ran in a session that is gone. Its outputs stand, its values do not. */
  status: "running" | "ok" | "error" | "cancelled" | "lost";
  outputs: Output[];
  /** Counts up over all cells; a later run has a larger number. */
  run: number;
  /** What was run: the cell is stale once its source differs. */
  source: string;
  /** Names that the run declared. */
  declared: string[];
  durationMs?: number;
}

export interface RunState {
  runs: Readonly<Record<string, CellRun>>;
  /** Cells that wait for their turn, first in line first. */
  queue: readonly string[];
  running: string | null;
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
  /** Forgets all runs: another notebook is open. */
  clear(): void;
  clearOutputs(id: string): void;
}

/** Runs cells in the session, one at a time, and keeps what they show. */
export function createRunStore(session: SessionPort, documents: DocumentStore, afterRun: () => void) {
  let counter = 0;

  const store = createStore<RunState>()(
    subscribeWithSelector((set, get) => {
      const update = (id: string, change: (run: CellRun) => CellRun) => {
        const run = get().runs[id];
        if (run) set({ runs: { ...get().runs, [id]: change(run) } });
      };

      async function next(): Promise<void> {
        const [id, ...queue] = get().queue;
        if (get().running !== null || id === undefined) return;
        const cell = cellById(documents.getState().document, id);
        if (!cell || cell.type !== "code") {
          set({ queue });
          return next();
        }
        const run = ++counter;
        const begun: CellRun = { status: "running", outputs: [], run, source: cell.source, declared: [] };
        set({ queue, running: id, runs: { ...get().runs, [id]: begun } });
        finish(id, run, await execute(id, run, cell.source));
        return next();
      }

      async function execute(id: string, run: number, source: string): Promise<RunResult> {
        try {
          return await session.request({ kind: "run", cell: id, run, source });
        } catch (reason) {
          return { durationMs: 0, declared: [], ...failureOf(reason) };
        }
      }

      function finish(id: string, run: number, { status, durationMs, error, declared }: RunResult) {
        if (get().running === id) set({ running: null });
        if (get().runs[id]?.run !== run) return;
        update(id, (cell) => ({
          ...cell,
          status,
          durationMs,
          declared,
          outputs: withError(cell.outputs, error),
        }));
        if (status !== "ok") set({ queue: [] });
        afterRun();
      }

      return {
        runs: {},
        queue: [],
        running: null,
        stopping: false,

        run: (ids) => {
          documents.getState().seal();
          const { queue, running } = get();
          set({ queue: [...new Set([...queue, ...ids])].filter((id) => id !== running) });
          void next();
        },

        runAll: () =>
          get().run(
            documents
              .getState()
              .document.cells.filter(({ type, source }) => type === "code" && source.trim() !== "")
              .map(({ id }) => id),
          ),

        stop: async (id) => {
          const { queue, running, stopping } = get();
          const waits = id !== undefined && id !== running;
          set({ queue: waits ? queue.filter((other) => other !== id) : [] });
          if (waits || running === null || stopping) return;
          set({ stopping: true });
          await session.stop().catch(() => undefined);
          set({ stopping: false });
        },

        restart: async () => {
          set({ stopping: true, queue: [] });
          await session.restart().catch(() => undefined);
          set({ stopping: false });
        },

        receive: (event) => {
          if (event.kind === "output" && get().runs[event.cell]?.run === event.run) {
            update(event.cell, (run) => ({ ...run, outputs: appendOutputs(run.outputs, [event.output]) }));
          }
          if (event.kind === "lateError") {
            const id = event.error.place?.cell;
            if (id !== undefined) {
              const output: Output = { type: "error", error: event.error };
              update(id, (run) => ({ ...run, status: "error", outputs: appendOutputs(run.outputs, [output]) }));
            }
          }
        },

        loseAll: () => {
          const { running } = get();
          const lose = (id: string, run: CellRun): CellRun => (id === running ? run : { ...run, status: "lost" });
          set({ runs: Object.fromEntries(Object.entries(get().runs).map(([id, run]) => [id, lose(id, run)])) });
        },

        clear: () => set({ runs: {}, queue: [] }),
        clearOutputs: (id) => update(id, (run) => ({ ...run, outputs: [] })),
      };
    }),
  );
  return store;
}

export type RunStore = ReturnType<typeof createRunStore>;

/** What a run that was never answered comes to: stopped by a person, or an error. */
function failureOf(failure: unknown): Pick<RunResult, "status" | "error"> {
  // By their fields: the client's classes come with all of the client.
  const { reason, error } = failure as Partial<SessionEndedError & SessionRequestError>;
  if (reason === "stopped" || reason === "restarted") return { status: "cancelled" };
  if (error) return { status: "error", error };
  const { name, message } = failure instanceof Error ? failure : new Error(String(failure));
  return { status: "error", error: { name, message } };
}

/** Adds a run's error, unless it was shown already where an output failed. */
function withError(outputs: Output[], error: SessionError | undefined): Output[] {
  if (!error || outputs.some((output) => output.type === "error" && output.error.message === error.message)) {
    return outputs;
  }
  return appendOutputs(outputs, [{ type: "error", error }]);
}

/** Where a cell stands, its place in the queue included. */
export function statusOf({ runs, queue }: RunState, id: string): CellStatus {
  return queue.includes(id) ? "queued" : (runs[id]?.status ?? "idle");
}

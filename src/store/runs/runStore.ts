import { subscribeWithSelector } from "zustand/middleware";
import { createStore } from "zustand/vanilla";
import type { DocumentStore } from "../document/documentStore";
import type { SessionPort } from "../session/sessionStore";
import { createCellRunner } from "./cellRunner";
import type { CellRun, RunState } from "./runState";

/** Runs cells in the session, one at a time, and stores their outputs. */
export function createRunStore(session: SessionPort, documents: DocumentStore, afterRun: () => void) {
  return createStore<RunState>()(
    subscribeWithSelector((set, get) => {
      const runner = createCellRunner({ set, get, session, documents, afterRun });
      return {
        runs: {},
        queue: [],
        running: null,
        touched: {},
        stopping: false,

        run: (ids) => {
          documents.getState().seal();
          const { queue, running } = get();
          set({ queue: [...new Set([...queue, ...ids])].filter((id) => id !== running) });
          void runner.next();
        },

        runAll: () => {
          const { cells } = documents.getState().document;
          get().run(cells.filter(({ type, source }) => type === "code" && source.trim() !== "").map(({ id }) => id));
        },

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

        receive: runner.receive,

        loseAll: () => {
          const { running } = get();
          const lose = (id: string, run: CellRun): CellRun => (id === running ? run : { ...run, status: "lost" });
          const runs = Object.entries(get().runs).map(([id, run]) => [id, lose(id, run)]);
          set({ runs: Object.fromEntries(runs), touched: {} });
        },

        replace: (runs) => set({ runs, queue: [], touched: {} }),
        clearOutputs: (id) => runner.update(id, (run) => ({ ...run, outputs: [] })),

        touch: (model) => {
          const latest = Math.max(0, ...Object.values(get().runs).map(({ run }) => run));
          set({ touched: { ...get().touched, [model]: latest } });
        },
      };
    }),
  );
}

export type RunStore = ReturnType<typeof createRunStore>;

import type { SessionEndedError, SessionRequestError } from "../../client/client";
import type { Output, RunResult, SessionError, SessionEvent } from "../../protocol/protocol";
import { cellById, type DocumentStore } from "../document/documentStore";
import type { SessionPort } from "../session/sessionStore";
import { appendOutputs } from "./outputLog";
import type { CellRun, RunState } from "./runState";

interface CellRunnerOptions {
  set(state: Partial<RunState>): void;
  get(): RunState;
  session: SessionPort;
  documents: DocumentStore;
  afterRun(): void;
}

/** Outputs that arrive within this interval are shown together: a page does not draw more often. */
const frameMs = 16;

/** Passes cells from the queue to the session, and the session's outputs and answers to their runs. */
export function createCellRunner({ set, get, session, documents, afterRun }: CellRunnerOptions) {
  let counter = 0;
  let waiting: Extract<SessionEvent, { kind: "output" }>[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function update(id: string, change: (run: CellRun) => CellRun) {
    const run = get().runs[id];
    if (run) set({ runs: { ...get().runs, [id]: change(run) } });
  }

  async function next(): Promise<void> {
    const [id, ...queue] = get().queue;
    if (get().running !== null || id === undefined) return;
    const cell = cellById(documents.getState().document, id);
    if (cell?.type !== "code") {
      set({ queue });
      return next();
    }
    const run = ++counter;
    const begun: CellRun = { status: "running", outputs: [], run, source: cell.source, declared: [] };
    set({ queue, running: id, runs: { ...get().runs, [id]: begun } });
    finish(id, run, await execute(id, run, cell.source));
    return next();
  }

  async function execute(id: string, run: number, source: string): Promise<Ended & RunResult> {
    try {
      return await session.request({ kind: "run", cell: id, run, source });
    } catch (failure) {
      return { durationMs: 0, declared: [], ...failureOf(failure) };
    }
  }

  function finish(id: string, run: number, { error, ...result }: Ended & RunResult) {
    flush();
    if (get().running === id) set({ running: null });
    if (get().runs[id]?.run !== run) return;
    update(id, (cell) => ({ ...cell, ...result, outputs: withError(cell.outputs, error) }));
    if (result.status !== "ok") set({ queue: [] });
    afterRun();
  }

  function flush() {
    clearTimeout(timer);
    timer = undefined;
    const outputs = new Map<string, Output[]>();
    for (const { cell, run, output } of waiting) {
      if (get().runs[cell]?.run !== run) continue;
      if (!outputs.has(cell)) outputs.set(cell, []);
      outputs.get(cell)!.push(output);
    }
    waiting = [];
    for (const [cell, added] of outputs) {
      update(cell, (run) => ({ ...run, outputs: appendOutputs(run.outputs, added) }));
    }
  }

  function receive(event: SessionEvent) {
    if (event.kind === "output") {
      waiting.push(event);
      timer ??= setTimeout(flush, frameMs);
    }
    if (event.kind === "lateError" && event.error.place) {
      flush();
      const { error } = event;
      update(event.error.place.cell, (run) => ({ ...run, status: "error", outputs: withError(run.outputs, error) }));
    }
  }

  return { update, next, receive };
}

type Ended = Pick<CellRun, "ended">;

/** The result of a run that was never answered: stopped by the user, or an error. */
function failureOf(failure: unknown): Ended & Pick<RunResult, "status" | "error"> {
  // Identified by their fields: importing the classes would include the whole client.
  const { reason, error } = failure as Partial<SessionEndedError & SessionRequestError>;
  if (reason === "stopped" || reason === "restarted") return { status: "cancelled", ended: reason };
  if (error) return { status: "error", error };
  const { name, message } = failure instanceof Error ? failure : new Error(String(failure));
  return { status: "error", error: { name, message }, ...(reason && { ended: reason }) };
}

/** Adds a run's error unless it was already shown where an output failed. */
function withError(outputs: Output[], error: SessionError | undefined): Output[] {
  if (!error || outputs.some((output) => output.type === "error" && output.error.message === error.message)) {
    return outputs;
  }
  return appendOutputs(outputs, [{ type: "error", error }]);
}

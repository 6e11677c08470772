import { createStore } from "zustand/vanilla";
import type { WeightRow } from "../../protocol/protocol";
import type { SessionPort } from "./sessionStore";

/** A comparison of a weight file with a model, before anything is changed. */
export interface WeightsReport {
  model: string;
  file: string;
  bytes: Uint8Array;
  rows: WeightRow[];
}

export interface WeightsState {
  report: WeightsReport | null;
  busy: boolean;
  /** The error of the last action, as worded by the session. */
  error: string | null;
  /** Returns the model's weights as a file. */
  download(model: string): Promise<Uint8Array | null>;
  /** Compares a file with a model and opens the report. */
  compare(model: string, file: string, bytes: Uint8Array): Promise<void>;
  /** Loads the compared file and closes the report. */
  load(): Promise<void>;
  close(): void;
  /** Reinitializes the weights: the same values, or from a new seed. */
  initialize(model: string, seed?: number): Promise<void>;
}

/** True if every weight matches: only then can the file be loaded. */
export function allMatch(rows: readonly WeightRow[]): boolean {
  return rows.length > 0 && rows.every(({ status }) => status === "match" || status === "waiting");
}

/** Weight files of the models in scope. `changed` is called after the weights of a model were changed. */
export function createWeightsStore(session: SessionPort, changed: (model: string) => void) {
  return createStore<WeightsState>()((set, get) => {
    async function act<T>(action: () => Promise<T>): Promise<T | null> {
      set({ busy: true, error: null });
      try {
        return await action();
      } catch (reason) {
        set({ error: reason instanceof Error ? reason.message : String(reason) });
        return null;
      } finally {
        set({ busy: false });
      }
    }

    return {
      report: null,
      busy: false,
      error: null,
      download: (model) => act(() => session.request({ kind: "saveWeights", model })),
      compare: async (model, file, bytes) => {
        // The message transfers its bytes; the report keeps a copy.
        const rows = await act(() => session.request({ kind: "compareWeights", model, bytes: bytes.slice() }));
        set({ report: { model, file, bytes, rows: rows ?? [] } });
      },
      load: async () => {
        const { report } = get();
        if (!report || !allMatch(report.rows)) return;
        const { model, bytes } = report;
        const rows = await act(() => session.request({ kind: "loadWeights", model, bytes: bytes.slice() }));
        if (!rows) return;
        set({ report: null });
        changed(model);
      },
      close: () => set({ report: null, error: null }),
      initialize: async (model, seed) => {
        const request = seed === undefined ? { model } : { model, seed };
        await act(() => session.request({ kind: "initialize", ...request }));
        if (get().error === null) changed(model);
      },
    };
  });
}

import { createStore } from "zustand/vanilla";
import type { FileReport, FileTensorValues } from "../../protocol/protocol";
import type { SessionPort } from "../session/sessionStore";
import type { FilesStore } from "./filesStore";

/** An inspected file; the report is null until it is read, or if it cannot be read. */
export interface FileView {
  path: string;
  report: FileReport | null;
  /** Why it cannot be read, as worded by its reader. */
  error: string | null;
}

/** One of its tensors with its values. */
export interface FileTensorView {
  index: number;
  values: FileTensorValues | null;
  error: string | null;
}

export type ValuesFace = "table" | "heatmap" | "histogram";

export interface FileViewState {
  file: FileView | null;
  tensor: FileTensorView | null;
  /** How values are shown. */
  face: ValuesFace;
  look(path: string): Promise<void>;
  /** Shows the values of the tensor at this index of the report. */
  show(index: number): Promise<void>;
  setFace(face: ValuesFace): void;
  /** Returns from the values to the file. */
  hide(): void;
  close(): void;
}

/** The content of a file of the folder, read by the session. A file that changes is read again. */
export function createFileViewStore(session: SessionPort, files: FilesStore) {
  const store = createStore<FileViewState>()((set, get) => {
    const turns = { file: 0, tensor: 0 };

    /**
     * Reads the file and requests its report from the session. An answer that arrives after another request is ignored.
     */
    async function ask<T>(
      what: keyof typeof turns,
      path: string,
      request: (bytes: Uint8Array) => Promise<T>,
      done: (value: T | null, error: string | null) => void,
    ): Promise<void> {
      const own = ++turns[what];
      const finish: typeof done = (value, error) => own === turns[what] && done(value, error);
      try {
        finish(await request(await files.getState().read(path)), null);
      } catch (reason) {
        finish(null, reason instanceof Error ? reason.message : String(reason));
      }
    }

    return {
      file: null,
      tensor: null,
      face: "table",

      look: async (path) => {
        // Its old content stays visible while it is read again.
        if (get().file?.path !== path) {
          get().hide();
          set({ file: { path, report: null, error: null } });
        }
        await ask(
          "file",
          path,
          (bytes) => session.request({ kind: "inspectFile", path, bytes }),
          (report, error) => set({ file: { path, report, error } }),
        );
      },

      show: async (index) => {
        const { file, tensor } = get();
        if (!file) return;
        const { path } = file;
        if (tensor?.index !== index) set({ tensor: { index, values: null, error: null } });
        await ask(
          "tensor",
          path,
          (bytes) => session.request({ kind: "fileTensor", path, bytes, index }),
          (values, error) => set({ tensor: { index, values, error } }),
        );
      },

      setFace: (face) => set({ face }),
      hide: () => {
        turns.tensor++;
        set({ tensor: null });
      },
      close: () => {
        turns.file++;
        get().hide();
        set({ file: null });
      },
    };
  });

  files.subscribe((now, before) => {
    const { file, tensor, look, show, close } = store.getState();
    const path = file?.path;
    if (path === undefined || now.files === before.files) return;
    const [entry, old] = [now, before].map((state) => state.files.find((one) => one.path === path));
    if (!entry) return close();
    if (!old || (entry.modified === old.modified && entry.size === old.size)) return;
    void look(path);
    if (tensor) void show(tensor.index);
  });
  return store;
}

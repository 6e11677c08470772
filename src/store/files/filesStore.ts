import { createStore } from "zustand/vanilla";
import type { FileEntry, HostRequest, HostValue } from "../../protocol/protocol";
import type { DocumentStore } from "../document/documentStore";
import type { NotebookStorage } from "../document/notebookStorage";

export interface FilesState {
  /** The open notebook's folder, by name. */
  files: readonly FileEntry[];
  refresh(): Promise<void>;
  read(path: string): Promise<Uint8Array>;
  write(path: string, bytes: Uint8Array): Promise<void>;
  remove(path: string): Promise<void>;
  /** Serves a session's requests for its notebook's folder. */
  answer(request: Exclude<HostRequest, { kind: "readAsset" }>): Promise<HostValue>;
}

/** Limit for one file; IndexedDB accepts more, but a tab's memory may not. */
export const maxFileBytes = 512 * 2 ** 20;

/** The folder of the open notebook. `written` is called after every change. */
export function createFilesStore(
  storage: NotebookStorage,
  documents: DocumentStore,
  written: () => void = () => undefined,
) {
  const folder = () => documents.getState().key;
  return createStore<FilesState>()((set, get) => ({
    files: [],

    refresh: async () => {
      const notebook = folder();
      const files = await storage.files(notebook);
      if (notebook === folder()) set({ files: files.sort((a, b) => a.path.localeCompare(b.path)) });
    },

    read: async (path) => {
      const bytes = await storage.readFile(folder(), checkPath(path));
      if (!bytes) throw new Error(`File "${path}": not found in the notebook's folder.`);
      return bytes;
    },

    write: async (path, bytes) => {
      if (bytes.byteLength > maxFileBytes) {
        throw new Error(`File "${path}": expected at most ${maxFileBytes} bytes, got ${bytes.byteLength}.`);
      }
      await storage.writeFile(folder(), checkPath(path), bytes, Date.now());
      written();
      await get().refresh();
    },

    remove: async (path) => {
      await storage.removeFile(folder(), checkPath(path));
      await get().refresh();
    },

    answer: async (request) => {
      switch (request.kind) {
        case "readFile":
          return get().read(request.path);
        case "writeFile":
          await get().write(request.path, request.bytes);
          return null;
        case "listFiles":
          await get().refresh();
          return [...get().files];
        case "deleteFile":
          await get().remove(request.path);
          return null;
      }
    },
  }));
}

export type FilesStore = ReturnType<typeof createFilesStore>;

/** Checks a name in the folder: no parent paths, no control characters, limited length. */
export function checkPath(path: string): string {
  const segments = path.split("/");
  const bad = segments.some((segment) => segment === "" || segment === "." || segment === "..");
  // oxlint-disable-next-line no-control-regex -- the pattern finds control characters
  if (bad || path.length > 200 || /[\u0000-\u001f\u007f\\]/.test(path)) {
    throw new Error(`File name ${JSON.stringify(path.slice(0, 200))}: expected a plain name such as "mlp.params".`);
  }
  return path;
}

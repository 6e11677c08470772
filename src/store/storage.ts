import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { FileEntry } from "../session/protocol";
import type { NotebookDocument } from "../notebook/notebookDocument";
import type { Origin } from "./documentStore";

/** A notebook as it is kept in this browser. */
export interface NotebookRecord {
  key: string;
  document: NotebookDocument;
  origin: Origin;
  /** Milliseconds since 1970. */
  modified: number;
}

/** A file of a notebook's folder. */
interface FileRecord extends FileEntry {
  notebook: string;
  bytes: Uint8Array;
}

/** What the stores need of a place that outlives the page. */
export interface Storage {
  notebooks(): Promise<NotebookRecord[]>;
  notebook(key: string): Promise<NotebookRecord | undefined>;
  putNotebook(record: NotebookRecord): Promise<void>;
  /** With its folder. */
  removeNotebook(key: string): Promise<void>;

  files(notebook: string): Promise<FileEntry[]>;
  readFile(notebook: string, path: string): Promise<Uint8Array | undefined>;
  writeFile(notebook: string, path: string, bytes: Uint8Array, modified: number): Promise<void>;
  removeFile(notebook: string, path: string): Promise<void>;
}

interface Schema extends DBSchema {
  notebooks: { key: string; value: NotebookRecord };
  files: { key: [string, string]; value: FileRecord; indexes: { notebook: string } };
}

function connect(): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>("weightroom", 1, {
    upgrade(database) {
      database.createObjectStore("notebooks", { keyPath: "key" });
      database.createObjectStore("files", { keyPath: ["notebook", "path"] }).createIndex("notebook", "notebook");
    },
  });
}

/** Notebooks and their folders in IndexedDB. */
export function openStorage(): Storage {
  let connection: Promise<IDBPDatabase<Schema>> | undefined;
  const open = () => (connection ??= connect());
  return {
    notebooks: async () => (await open()).getAll("notebooks"),
    notebook: async (key) => (await open()).get("notebooks", key),
    putNotebook: async (record) => void (await (await open()).put("notebooks", record)),
    removeNotebook: async (key) => {
      const transaction = (await open()).transaction(["notebooks", "files"], "readwrite");
      await transaction.objectStore("notebooks").delete(key);
      const files = transaction.objectStore("files");
      for (const file of await files.index("notebook").getAllKeys(key)) await files.delete(file);
      await transaction.done;
    },
    files: async (notebook) =>
      (await (await open()).getAllFromIndex("files", "notebook", notebook)).map(({ path, size, modified }) => ({
        path,
        size,
        modified,
      })),
    readFile: async (notebook, path) => (await (await open()).get("files", [notebook, path]))?.bytes,
    writeFile: async (notebook, path, bytes, modified) =>
      void (await (await open()).put("files", { notebook, path, bytes, size: bytes.byteLength, modified })),
    removeFile: async (notebook, path) => (await open()).delete("files", [notebook, path]),
  };
}

/** The same in memory: for tests, and for browsers that refuse to store anything. */
export function memoryStorage(): Storage {
  const notebooks = new Map<string, NotebookRecord>();
  const folders = new Map<string, Map<string, FileRecord>>();
  const folder = (notebook: string) => {
    if (!folders.has(notebook)) folders.set(notebook, new Map());
    return folders.get(notebook)!;
  };
  return {
    notebooks: async () => [...notebooks.values()],
    notebook: async (key) => notebooks.get(key),
    putNotebook: async (record) => void notebooks.set(record.key, structuredClone(record)),
    removeNotebook: async (key) => {
      notebooks.delete(key);
      folders.delete(key);
    },
    files: async (notebook) =>
      [...folder(notebook).values()].map(({ path, size, modified }) => ({ path, size, modified })),
    readFile: async (notebook, path) => folder(notebook).get(path)?.bytes.slice(),
    writeFile: async (notebook, path, bytes, modified) =>
      void folder(notebook).set(path, { notebook, path, bytes: bytes.slice(), size: bytes.byteLength, modified }),
    removeFile: async (notebook, path) => void folder(notebook).delete(path),
  };
}

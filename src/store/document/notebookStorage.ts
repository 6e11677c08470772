import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { NotebookDocument } from "../../notebook/notebookDocument";
import type { FileEntry } from "../../protocol/protocol";
import type { DocumentOrigin } from "./documentStore";

/** A notebook as stored in this browser. */
export interface NotebookRecord {
  key: string;
  document: NotebookDocument;
  origin: DocumentOrigin;
  /** Milliseconds since 1970. */
  modified: number;
}

/** A file of a notebook's folder. */
interface FileRecord extends FileEntry {
  notebook: string;
  bytes: Uint8Array;
}

/** Persistent storage that the stores need. */
export interface NotebookStorage {
  notebooks(): Promise<NotebookRecord[]>;
  notebook(key: string): Promise<NotebookRecord | undefined>;
  putNotebook(record: NotebookRecord): Promise<void>;
  /** Removes the notebook and its folder. */
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

/** Stores notebooks and their folders in IndexedDB, or in memory if the browser denies access. */
export function openStorage(): NotebookStorage {
  let chosen: Promise<NotebookStorage> | undefined;
  const choose = () => (chosen ??= connect().then(databaseStorage, memoryStorage));
  return {
    notebooks: async () => (await choose()).notebooks(),
    notebook: async (key) => (await choose()).notebook(key),
    putNotebook: async (record) => (await choose()).putNotebook(record),
    removeNotebook: async (key) => (await choose()).removeNotebook(key),
    files: async (notebook) => (await choose()).files(notebook),
    readFile: async (notebook, path) => (await choose()).readFile(notebook, path),
    writeFile: async (...file) => (await choose()).writeFile(...file),
    removeFile: async (notebook, path) => (await choose()).removeFile(notebook, path),
  };
}

function databaseStorage(database: IDBPDatabase<Schema>): NotebookStorage {
  return {
    notebooks: () => database.getAll("notebooks"),
    notebook: (key) => database.get("notebooks", key),
    putNotebook: async (record) => void (await database.put("notebooks", record)),
    removeNotebook: async (key) => {
      const transaction = database.transaction(["notebooks", "files"], "readwrite");
      await transaction.objectStore("notebooks").delete(key);
      const files = transaction.objectStore("files");
      for (const file of await files.index("notebook").getAllKeys(key)) await files.delete(file);
      await transaction.done;
    },
    files: async (notebook) =>
      (await database.getAllFromIndex("files", "notebook", notebook)).map(({ path, size, modified }) => ({
        path,
        size,
        modified,
      })),
    readFile: async (notebook, path) => (await database.get("files", [notebook, path]))?.bytes,
    writeFile: async (notebook, path, bytes, modified) =>
      void (await database.put("files", { notebook, path, bytes, size: bytes.byteLength, modified })),
    removeFile: (notebook, path) => database.delete("files", [notebook, path]),
  };
}

/** Returns storage in memory, for tests and for browsers that refuse to store anything. */
export function memoryStorage(): NotebookStorage {
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

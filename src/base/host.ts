/** A file in the notebook's folder. */
export interface FileEntry {
  path: string;
  /** Size in bytes. */
  size: number;
  /** Time of the last change, in milliseconds since 1970. */
  modified: number;
}

/**
 * File access for the runtime, and its only access to the outside. In a session it sends messages to the page; in Node
 * it uses the file system.
 */
export interface Host {
  /** Reads a file that ships with the app, such as `data/digits-images.idxz`. */
  readAsset(path: string): Promise<Uint8Array>;
  /** Reads a file from the notebook's folder. */
  readFile(path: string): Promise<Uint8Array>;
  /** Writes a file into the notebook's folder and replaces any file of the same path. */
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
  /** Lists the files in the notebook's folder. */
  listFiles(): Promise<FileEntry[]>;
  /** Deletes a file from the notebook's folder. */
  deleteFile(path: string): Promise<void>;
}

let current: Host | undefined;

/**
 * Sets the file access that `save`, `load`, `datasets` and weight files use. A session has set it before the first
 * cell; elsewhere, call it once before using any of these.
 *
 * @example
 * const files = new Map();
 * setHost({
 *   readAsset: async (path) => {
 *     throw new Error(`There is no asset ${path}.`);
 *   },
 *   readFile: async (path) => files.get(path),
 *   writeFile: async (path, bytes) => void files.set(path, bytes),
 *   listFiles: async () => [...files].map(([path, bytes]) => ({ path, size: bytes.length, modified: 0 })),
 *   deleteFile: async (path) => void files.delete(path),
 * });
 * await save("x.npy", tensor([1, 2]));
 * const x = await load("x.npy"); // => [1, 2]
 */
export function setHost(host: Host): void {
  current = host;
}

/** Returns the host. @throws Error if `setHost` has not been called: the library alone has no files. */
export function getHost(): Host {
  if (!current) throw new Error("No host: call setHost() first to provide access to files.");
  return current;
}

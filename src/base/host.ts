/** A file in the notebook's folder. */
export interface FileEntry {
  path: string;
  /** Bytes. */
  size: number;
  /** Milliseconds since 1970. */
  modified: number;
}

/**
 * The one way by which the runtime reaches outside. In a session it is messages
 * to the page, in Node the file system.
 */
export interface Host {
  /** A file that ships with the app, such as `data/digits.bin`. */
  readAsset(path: string): Promise<Uint8Array>;
  readFile(path: string): Promise<Uint8Array>;
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
  listFiles(): Promise<FileEntry[]>;
  deleteFile(path: string): Promise<void>;
}

let current: Host | undefined;

export function setHost(host: Host): void {
  current = host;
}

/** @throws Error if nobody called `setHost`: the library alone has no files. */
export function getHost(): Host {
  if (!current) throw new Error("No host: call setHost() with a way to read and write files first.");
  return current;
}

/** A host with an in-memory notebook folder. */
import { setHost } from "../../base/host";

export function openMemoryHost(): void {
  const files = new Map<string, Uint8Array>();
  const find = (path: string): Uint8Array => {
    const bytes = files.get(path);
    if (!bytes) throw new Error(`File "${path}": not found in the notebook's folder.`);
    return bytes;
  };
  setHost({
    readAsset: async (path) => find(path),
    readFile: async (path) => find(path),
    writeFile: async (path, bytes) => void files.set(path, bytes.slice()),
    listFiles: async () => [...files].map(([path, { length }]) => ({ path, size: length, modified: 0 })),
    deleteFile: async (path) => void files.delete(path),
  });
}

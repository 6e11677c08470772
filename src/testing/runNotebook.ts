import { readFileSync } from "node:fs";
import { getHost, setHost } from "../base/host";
import * as library from "../index";
import { parseNotebook } from "../notebook/file/parseNotebook";
import { CellEvaluator } from "../session/cells/cellEvaluator";
import { images } from "../session/show/images";
import { plot } from "../session/show/plot";

const root = new URL("../../public/", import.meta.url);

/** Returns the text of a notebook that ships: `lessons/2-parameters.en.ipynb`. */
export function readShipped(path: string): string {
  return readFileSync(new URL(path, root), "utf8");
}

/** Sets a host with an in-memory folder and the app's own assets. */
function openFolder(): void {
  const files = new Map<string, Uint8Array>();
  setHost({
    readAsset: async (path) => new Uint8Array(readFileSync(new URL(path, root))),
    readFile: async (path) => {
      const bytes = files.get(path);
      if (!bytes) throw new Error(`File "${path}": not found in the notebook's folder.`);
      return bytes;
    },
    writeFile: async (path, bytes) => void files.set(path, bytes),
    listFiles: async () => [...files].map(([path, { length }]) => ({ path, size: length, modified: 0 })),
    deleteFile: async (path) => void files.delete(path),
  });
}

/** Edits the source of a cell as a reader might. */
export type CellChange = (source: string, cell: string) => string;

/** Runs a notebook's cells on the CPU, like a session, and returns their output, checks and values. */
export async function runNotebook(text: string, change: CellChange = (source) => source) {
  openFolder();
  const printed: string[] = [];
  const checks: [message: string, passed: boolean][] = [];
  const evaluator = new CellEvaluator({
    ...library,
    images,
    plot,
    print: (...values: unknown[]) => void printed.push(values.map(String).join(" ")),
    check: (condition: unknown, message: string) => void checks.push([message, condition === true]),
  });

  /** Runs one more cell and returns its value. */
  async function evaluate(source: string, cell = "more"): Promise<unknown> {
    const result = await evaluator.run({ cell, run: 1, source });
    if (!result.ok) throw new Error(`cell ${cell}: ${String(result.error)}`, { cause: result.error });
    return result.value;
  }

  const values = new Map<string, unknown>();
  for (const { id, type, source } of parseNotebook(text).document.cells)
    if (type === "code") values.set(id, await evaluate(change(source, id), id));
  return { printed, checks, values, evaluate, files: await getHost().listFiles() };
}

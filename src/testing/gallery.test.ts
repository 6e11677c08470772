import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { getHost, setHost } from "../base/host";
import * as library from "../index";
import { parseNotebook } from "../notebook/parseNotebook";
import { Evaluator } from "../session/evaluate";
import { images } from "../session/images";

const folder = new URL("../../public/gallery/", import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));

/** A folder in memory, and the app's own files. */
function openFolder(): void {
  const files = new Map<string, Uint8Array>();
  setHost({
    readAsset: async (path) => new Uint8Array(readFileSync(new URL(`../../public/${path}`, import.meta.url))),
    readFile: async (path) => files.get(path)!,
    writeFile: async (path, bytes) => void files.set(path, bytes),
    listFiles: async () => [...files].map(([path, { length }]) => ({ path, size: length, modified: 0 })),
    deleteFile: async (path) => void files.delete(path),
  });
}

/** Runs a notebook's cells on the CPU as a session would, and tells what it printed and checked. */
async function runNotebook(text: string) {
  openFolder();
  const printed: string[] = [];
  const checks: [message: string, passed: boolean][] = [];
  const evaluator = new Evaluator({
    ...library,
    images,
    print: (...values: unknown[]) => void printed.push(values.map(String).join(" ")),
    check: (condition: unknown, message: string) => void checks.push([message, condition === true]),
  });
  const values = new Map<string, unknown>();
  for (const { id, type, source } of parseNotebook(text).document.cells) {
    if (type !== "code") continue;
    const result = await evaluator.run({ cell: id, run: 1, source });
    if (!result.ok) throw new Error(`cell ${id}: ${String(result.error)}`, { cause: result.error });
    values.set(id, result.value);
  }
  return { printed, checks, values, files: await getHost().listFiles() };
}

describe.each(names)("the notebook %s", (name) => {
  test("runs from top to bottom, and all of its checks hold", async () => {
    const { checks } = await runNotebook(readFileSync(new URL(name, folder), "utf8"));
    expect(checks.length).toBeGreaterThan(2);
    expect(checks.filter(([, passed]) => !passed)).toEqual([]);
  }, 60_000);
});

test("the first notebook learns digits, and keeps what it learned", async () => {
  const { printed, files } = await runNotebook(readFileSync(new URL("welcome.en.ipynb", folder), "utf8"));
  const losses = printed.slice(0, 6).map((line) => Number(/^step \d0: loss (\d\.\d{3})$/.exec(line)?.[1]));
  expect(losses.at(0)).toBeLessThan(2);
  expect(losses.at(-1)).toBeLessThan(0.4);
  expect(printed.at(-1)).toMatch(/^9\d\.\d % of 360 new digits are right$/);
  expect(files.map(({ path }) => path)).toEqual(["trained.safetensors"]);
}, 60_000);

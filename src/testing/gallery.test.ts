import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { getHost, setHost } from "../base/host";
import * as library from "../index";
import { parseNotebook } from "../notebook/parseNotebook";
import { Evaluator } from "../session/evaluate";
import { images } from "../session/images";

const root = new URL("../../public/", import.meta.url);
const paths = ["lessons", "gallery"].flatMap((shelf) =>
  readdirSync(new URL(`${shelf}/`, root))
    .filter((name) => name.endsWith(".ipynb"))
    .map((name) => `${shelf}/${name}`),
);

function read(path: string): string {
  return readFileSync(new URL(path, root), "utf8");
}

/** A folder in memory, and the app's own files. */
function openFolder(): void {
  const files = new Map<string, Uint8Array>();
  setHost({
    readAsset: async (path) => new Uint8Array(readFileSync(new URL(path, root))),
    readFile: async (path) => files.get(path)!,
    writeFile: async (path, bytes) => void files.set(path, bytes),
    listFiles: async () => [...files].map(([path, { length }]) => ({ path, size: length, modified: 0 })),
    deleteFile: async (path) => void files.delete(path),
  });
}

/** Code as it stands in the notebook, or as a reader changed it. */
type Change = (source: string, cell: string) => string;

/** Runs a notebook's cells on the CPU as a session would, and tells what it printed and checked. */
async function runNotebook(text: string, change: Change = (source) => source) {
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
    const result = await evaluator.run({ cell: id, run: 1, source: change(source, id) });
    if (!result.ok) throw new Error(`cell ${id}: ${String(result.error)}`, { cause: result.error });
    values.set(id, result.value);
  }
  return { printed, checks, values, files: await getHost().listFiles() };
}

describe.each(paths)("the notebook %s", (path) => {
  test("runs from top to bottom, and all of its checks hold", async () => {
    const { checks } = await runNotebook(read(path));
    expect(checks.length).toBeGreaterThan(2);
    expect(checks.filter(([, passed]) => !passed)).toEqual([]);
  }, 60_000);
});

test("the first notebook learns digits, and keeps what it learned", async () => {
  const { printed, files } = await runNotebook(read("gallery/welcome.en.ipynb"));
  const losses = printed.slice(0, 6).map((line) => Number(/^step \d0: loss (\d\.\d{3})$/.exec(line)?.[1]));
  expect(losses.at(0)).toBeLessThan(2);
  expect(losses.at(-1)).toBeLessThan(0.4);
  expect(printed.at(-1)).toMatch(/^9\d\.\d % of 360 new digits are right$/);
  expect(files.map(({ path }) => path)).toEqual(["trained.safetensors"]);
}, 60_000);

/** What a reader is to put in place of null, by lesson and cell. */
const answers: Record<string, Record<string, number>> = {
  "1-layers-and-blocks": { count: 420, bias: 5 },
  "2-parameters": { wider: 265, thrice: 25 },
  "3-deferred-initialisation": { images: 19210 },
  "4-custom-layers": { whole: -1, count: 529 },
};

describe.each(Object.entries(answers))("the questions of lesson %s", (name, right) => {
  const texts = read(`lessons/${name}.en.ipynb`);

  /** The checks of the questions alone, with each answer moved by `by`. */
  async function answered(by: number): Promise<boolean[]> {
    const asked = new Set<string>();
    const { checks } = await runNotebook(texts, (source, cell) => {
      const answer = right[cell];
      if (answer === undefined) return source;
      const [line, ...others] = source.split("\n");
      expect(line).toMatch(/: number \| null = null;$/);
      asked.add(/check\([^"]*"([^"]*)"/.exec(source)![1]!);
      return [line!.replace("= null;", `= ${answer + by};`), ...others].join("\n");
    });
    expect(asked.size).toBe(Object.keys(right).length);
    return checks.filter(([message]) => asked.has(message)).map(([, passed]) => passed);
  }

  test("take the right answers and no others", async () => {
    const questions = Object.keys(right);
    expect(await answered(0)).toEqual(questions.map(() => true));
    expect(await answered(1)).toEqual(questions.map(() => false));
  }, 60_000);

  test("are all answered here", () => {
    const cells = parseNotebook(texts).document.cells.filter(({ source }) => source.includes("number | null = null"));
    expect(cells.map(({ id }) => id)).toEqual(Object.keys(right));
  });
});

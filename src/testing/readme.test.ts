import { readFileSync } from "node:fs";
import { beforeEach, expect, test, vi } from "vitest";
import { setHost } from "../base/host";
import * as library from "../index";
import { CellEvaluator } from "../session/cells/cellEvaluator";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

/** Returns the code under a heading of the README. */
function codeUnder(heading: string): string {
  const code = readme.split(`\n## ${heading}\n`)[1]?.match(/```ts\n([^]*?)```/)?.[1];
  if (!code) throw new Error(`the README has no code under "${heading}"`);
  return code;
}

const files = new Map<string, Uint8Array>();

beforeEach(() => {
  files.clear();
  setHost({
    readAsset: async (path) => new Uint8Array(readFileSync(new URL(`../../public/${path}`, import.meta.url))),
    readFile: async (path) => files.get(path)!,
    writeFile: async (path, bytes) => void files.set(path, bytes),
    listFiles: async () => [],
    deleteFile: async (path) => void files.delete(path),
  });
});

async function run(source: string): Promise<void> {
  const result = await new CellEvaluator({
    ...library,
    print: (value: unknown) => void printed.push(String(value)),
  }).run({
    cell: "readme",
    run: 1,
    source,
  });
  if (!result.ok) throw result.error;
}

/** Output of the cell. */
const printed: string[] = [];

test("the README's cell runs and saves a file of weights", async () => {
  await run(codeUnder("In a cell"));
  expect([...files.keys()]).toEqual(["digits.params"]);
  expect(printed.join()).toContain("Sequential");
  // 64 * 256 + 256 + 256 * 10 + 10 float32 numbers, and a header.
  expect(files.get("digits.params")!.length).toBeGreaterThan(4 * 19_210);
});

test("the README's library example learns a sum of squares", async () => {
  library.setSeed(42);
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  await run(codeUnder("As a library"));
  expect(log.mock.calls.length).toBe(1);
  const [predicted, wanted] = log.mock.calls[0] as [number[][], number[][]];
  log.mockRestore();
  expect(predicted.length).toBe(5);
  predicted.forEach(([value], row) => expect(Math.abs(value! - wanted[row]![0]!)).toBeLessThan(0.3));
});

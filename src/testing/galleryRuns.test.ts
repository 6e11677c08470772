import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readShipped, runNotebook } from "./runNotebook";

const paths = ["lessons", "gallery"].flatMap((shelf) =>
  readdirSync(new URL(`../../public/${shelf}/`, import.meta.url))
    .filter((name) => name.endsWith(".ipynb"))
    .map((name) => `${shelf}/${name}`),
);

describe.each(paths)("the notebook %s", (path) => {
  test("runs from top to bottom, and all of its checks pass", async () => {
    const { checks } = await runNotebook(readShipped(path));
    expect(checks.length).toBeGreaterThan(2);
    expect(checks.filter(([, passed]) => !passed)).toEqual([]);
  }, 60_000);
});

test("the first notebook learns digits and saves its weights", async () => {
  const { printed, files } = await runNotebook(readShipped("gallery/welcome.en.ipynb"));
  const losses = printed.slice(0, 6).map((line) => Number(/^step \d0: loss (\d\.\d{3})$/.exec(line)?.[1]));
  expect(losses.at(0)).toBeLessThan(2);
  expect(losses.at(-1)).toBeLessThan(0.4);
  expect(printed.at(-1)).toMatch(/^9\d\.\d % of 360 new digits are right$/);
  expect(files.map(({ path }) => path)).toEqual(["trained.safetensors"]);
}, 60_000);

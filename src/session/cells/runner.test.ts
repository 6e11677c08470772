import { expect, test } from "vitest";
import { throwIfCancelled } from "../../base/cancel";
import { ones } from "../../tensor/creation";
import "../../tensor/ops/methods";
import { CellEvaluator } from "./cellEvaluator";
import { OutputQueue } from "../show/outputQueue";
import type { Output } from "../../protocol/protocol";
import { Runner } from "./runner";

function createSession() {
  const outputs: Output[] = [];
  const runner = new Runner(new OutputQueue((event) => event.kind === "output" && outputs.push(event.output)));
  const released: (() => void)[] = [];
  const wait = () => new Promise<void>((resolve) => released.push(resolve));
  const step = async () => {
    await new Promise((resolve) => setTimeout(resolve));
    throwIfCancelled();
  };
  const evaluator = new CellEvaluator({ ones, step, wait, ...runner.functions });
  let run = 0;
  return {
    outputs,
    runner,
    released,
    run: async (source: string, cell = "a") => {
      const result = await runner.run({ kind: "run", cell, run: ++run, source }, evaluator);
      return { ...result, durationMs: typeof result.durationMs };
    },
  };
}

const ok = { status: "ok", durationMs: "number", declared: [] as string[] };

test("prints and the last value are shown in order, before the run is over", async () => {
  const { outputs, run } = createSession();
  expect(await run("print('a', 1); const x = ones([2]);\nprint('x', x); print('b'); 42")).toEqual({
    ...ok,
    declared: ["x"],
  });
  expect(outputs).toEqual([
    { type: "text", text: "a 1\n" },
    { type: "text", text: "x [1, 1]\n" },
    { type: "text", text: "b\n" },
    { type: "value", text: "42" },
  ]);
});

test("console output is in order with print, with warnings and errors marked, and still reaches the browser", async () => {
  const { outputs, runner, run } = createSession();
  const told: unknown[][] = [];
  const tell = (...values: unknown[]) => void told.push(values);
  const names = ["log", "info", "debug", "dir", "table", "warn", "error"];
  const own = Object.fromEntries(names.map((name) => [name, tell])) as unknown as Console;
  runner.showConsole(own);
  Object.assign(globalThis, { testConsole: own });
  await run(
    "print('a'); testConsole.log('b', [1]); testConsole.info('c');\ntestConsole.debug(1); testConsole.dir({ x: 2 }, {}); testConsole.table([3]);\ntestConsole.warn('d', ones([2])); testConsole.error(Error('e').message)",
  );
  expect(outputs).toEqual([
    { type: "text", text: "a\n" },
    { type: "text", text: "b [1]\n" },
    { type: "text", text: "c\n" },
    { type: "text", text: "1\n" },
    { type: "text", text: "{ x: 2 }\n" },
    { type: "text", text: "[3]\n" },
    { type: "text", text: "d [1, 1]\n", level: "warning" },
    { type: "text", text: "e\n", level: "error" },
  ]);
  expect(told.map(([first]) => first)).toEqual(["b", "c", 1, { x: 2 }, [3], "d", "e"]);
});

test("an error has its location, and what was printed before it is kept", async () => {
  const { outputs, run } = createSession();
  expect(await run("print('a');\n  nowhere", "b")).toEqual({
    status: "error",
    durationMs: "number",
    declared: [],
    error: { name: "ReferenceError", message: "nowhere is not defined", place: { cell: "b", line: 2, column: 3 } },
  });
  expect(outputs).toEqual([{ type: "text", text: "a\n" }]);
});

test("a value that cannot be read fails its cell", async () => {
  const { outputs, run } = createSession();
  const result = await run("const x = ones([2]); x.dispose(); x");
  expect([result.status, result.error?.name, outputs]).toEqual([
    "error",
    "DisposedError",
    [{ type: "error", error: result.error }],
  ]);
});

test("a check that passes is shown, one that fails stops the cell there", async () => {
  const { outputs, run } = createSession();
  expect(await run("check(1 < 2, 'small');\ncheck([]);\n  check(1 > 2, 'large'); print('not reached')")).toEqual({
    status: "error",
    durationMs: "number",
    declared: [],
    error: { name: "CheckError", message: "Check failed: large", place: { cell: "a", line: 3, column: 3 } },
  });
  expect(outputs).toEqual([
    { type: "check", passed: true, message: "small" },
    { type: "check", passed: true, message: "" },
    { type: "check", passed: false, message: "large" },
  ]);
});

test("a check of a promise is awaited, even if the cell forgets to", async () => {
  const { outputs, run } = createSession();
  const forgotten = await run("check(step().then(() => false), 'later'); const x = 1;");
  expect([forgotten.status, forgotten.error?.message]).toEqual(["error", "Check failed: later"]);
  expect((await run("await check(step().then(() => true))")).status).toBe("ok");
  expect(outputs.map((output) => output.type === "check" && output.passed)).toEqual([false, true]);
});

test("cells run one after another, in the order of their requests", async () => {
  const { outputs, released, run } = createSession();
  const both = [run("print(1); await wait(); print(2)", "a"), run("print(3)", "b")];
  await expect.poll(() => released.length).toBe(1);
  released[0]!();
  await Promise.all(both);
  expect(outputs.map((output) => "text" in output && output.text)).toEqual(["1\n", "2\n", "3\n"]);
});

test("cancel makes library calls reject, drops queued cells, and does not affect the next run", async () => {
  const { runner, run } = createSession();
  const looping = run("let steps = 0; while (true) { await step(); steps++; }");
  const waiting = run("1", "b");
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(runner.cancel()).toEqual({ running: true });
  const stopped = await looping;
  expect([stopped.status, stopped.error?.name, stopped.declared, (await waiting).status]).toEqual([
    "cancelled",
    "Cancelled",
    ["steps"],
    "cancelled",
  ]);
  expect(await run("await step(); steps > 0")).toEqual(ok);
});

test("cancel with nothing running has no effect", async () => {
  const { runner, run } = createSession();
  expect(runner.cancel()).toEqual({ running: false });
  expect(await run("await step()")).toEqual(ok);
});

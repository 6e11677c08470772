import { expect, test } from "vitest";
import type { Cell } from "../../notebook/notebookDocument";
import type { CellRun } from "./runState";
import { staleCells } from "./staleness";

function cell(id: string, source: string): Cell {
  return { id, type: "code", source };
}

function ran(run: number, source: string, declared: string[] = [], status: CellRun["status"] = "ok"): CellRun {
  return { status, run, source, declared, outputs: [] };
}

const cells = [cell("a", "const x = 1"), cell("b", "print(x)"), cell("c", "print(o.x)")];
const document = { title: "", cells };
const stale = (runs: Record<string, CellRun>) => Object.fromEntries(staleCells(document, runs));

test("nothing is stale after a run from top to bottom", () => {
  expect(
    stale({ a: ran(1, cells[0]!.source, ["x"]), b: ran(2, cells[1]!.source), c: ran(3, cells[2]!.source) }),
  ).toEqual({});
});

test("a cell that was edited since it ran is stale", () => {
  expect(stale({ a: ran(1, "const x = 0", ["x"]) })).toEqual({ a: "edited" });
});

test("a cell is outdated when one above declares a name it uses again; a property of that name does not count", () => {
  const runs = { a: ran(4, cells[0]!.source, ["x"]), b: ran(2, cells[1]!.source), c: ran(3, cells[2]!.source) };
  expect(stale(runs)).toEqual({ b: "outdated" });
});

test("a cell that uses a model is stale once its weights were changed in the inspector, until it runs again", () => {
  const shown = [{ type: "text" as const, text: "1" }];
  const runs = {
    a: ran(1, cells[0]!.source, ["x"]),
    b: { ...ran(2, cells[1]!.source), outputs: shown },
    c: { ...ran(3, cells[2]!.source), outputs: shown },
  };
  const staleAfter = (touched: Record<string, number>, changed: Record<string, CellRun> = {}) =>
    Object.fromEntries(staleCells(document, { ...runs, ...changed }, touched));
  expect([
    staleAfter({ x: 3 }),
    staleAfter({ x: 3 }, { b: ran(4, cells[1]!.source) }),
    staleAfter({ x: 3 }, { a: { ...runs.a, outputs: shown } }),
    staleAfter({ y: 3 }),
    staleAfter({ x: 3 }, { b: { ...runs.b, status: "lost" } }),
  ]).toEqual([{ b: "weights" }, {}, { a: "weights", b: "weights" }, {}, {}]);
});

test("runs of a session that is gone outdate nothing", () => {
  expect(stale({ a: ran(4, cells[0]!.source, ["x"], "lost"), b: ran(2, cells[1]!.source) })).toEqual({});
});

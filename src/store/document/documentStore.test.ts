import { beforeEach, expect, test } from "vitest";
import { en } from "../../i18n/en";
import { zh } from "../../i18n/zh";
import { createDocumentStore, type DocumentStore } from "./documentStore";

let store: DocumentStore;
let time: number;

beforeEach(() => {
  time = 0;
  store = createDocumentStore(() => (time += 10));
});

const sources = () => store.getState().document.cells.map(({ source }) => source);

test("every action is an undo step with a name in both languages", () => {
  const { addCell, moveCell, removeCell, setTitle, setSource } = store.getState();
  const text = addCell("markdown", 0);
  const model = addCell("model", 1);
  setSource(text, "hello");
  moveCell(model, -1);
  removeCell(text);
  setTitle("T");
  const { done } = store.getState().history;
  expect(done.map(({ label }) => label(en, "en"))).toEqual([
    "add text cell",
    "add model cell",
    "typing",
    "move cell",
    "delete text cell",
    "rename notebook",
  ]);
  expect(done.map(({ label }) => label(zh, "zh"))).toEqual([
    "添加文本单元格",
    "添加模型单元格",
    "输入",
    "移动单元格",
    "删除文本单元格",
    "重命名笔记本",
  ]);
  for (const _ of done) store.getState().undo();
  expect(store.getState().document).toEqual({ title: "", cells: [] });
  for (let step = 0; step < 6; step++) store.getState().redo();
  expect([store.getState().document.title, store.getState().document.cells.map(({ id }) => id)]).toEqual([
    "T",
    [model],
  ]);
});

test("typing in two cells is two steps", () => {
  const { addCell, setSource, undo } = store.getState();
  const [a, b] = [addCell("code", 0), addCell("code", 1)];
  setSource(a, "x");
  setSource(a, "xy");
  setSource(b, "z");
  undo();
  expect(sources()).toEqual(["xy", ""]);
  undo();
  expect(sources()).toEqual(["", ""]);
});

test("a cell does not move past the ends", () => {
  const { addCell, moveCell } = store.getState();
  const [a, b] = [addCell("code", 0), addCell("code", 1)];
  moveCell(a, -1);
  moveCell(b, 5);
  expect(store.getState().document.cells.map(({ id }) => id)).toEqual([a, b]);
});

test("the state of a panel is stored, but is not an undo step", () => {
  const { addCell, setView } = store.getState();
  const id = addCell("model", 0);
  setView(id, { show: "code" });
  expect([store.getState().document.cells[0]!.view, store.getState().history.done.length]).toEqual([
    { show: "code" },
    1,
  ]);
});

test("new model and data cells declare new names", () => {
  const { addCell } = store.getState();
  for (const kind of ["model", "model", "data", "data"] as const) addCell(kind, 0);
  const declared = sources().flatMap((source) => [...source.matchAll(/^const (\w+)/gm)].map(([, name]) => name));
  expect(declared.length).toBe(8);
  expect(new Set(declared)).toEqual(new Set(["X", "X2", "data", "data2", "net", "net2", "y", "y2"]));
});

test("another notebook starts with an empty history and its own key", () => {
  const { addCell, open } = store.getState();
  addCell("code", 0);
  const { key } = store.getState();
  open({ title: "other", cells: [] }, { kind: "file", name: "x.ipynb" });
  const state = store.getState();
  expect([state.history.done, state.edited, state.key === key]).toEqual([[], false, false]);
});

import { describe, expect, it } from "vitest";
import { en } from "../../i18n/en";
import { zh } from "../../i18n/zh";
import { testKinds } from "../../notebook/composition/testKinds";
import { cellById, createDocumentStore } from "../document/documentStore";
import { ComposerEdits, collapsedPaths } from "./composerEdits";
import { createCellReader, createComposerStore } from "./composerStore";

function setUp(source: string) {
  const documents = createDocumentStore(() => 0);
  const known = { getState: () => ({ kinds: testKinds, own: [] }) };
  documents.getState().open({ title: "", cells: [{ id: "a", type: "code", kind: "model", source }] }, { kind: "new" });
  const store = createComposerStore();
  const edits = new ComposerEdits(documents, known, store);
  return {
    documents,
    store,
    edits,
    source: () => cellById(documents.getState().document, "a")!.source,
    path: () => {
      const { selection } = store.getState();
      return selection?.type === "block" ? selection.path : null;
    },
    steps: (texts = en, language: "en" | "zh" = "en") =>
      documents.getState().history.done.map(({ label }) => label(texts, language)),
    collapsed: () => [...collapsedPaths(cellById(documents.getState().document, "a")!.view)],
  };
}

const model = "const net = sequential([flatten(), sequential([dense(2)]), dense(1)]);";

describe("edits of the cards", () => {
  it("change the source, select the block, and are one named undo step each", () => {
    const { edits, source, path, steps, documents } = setUp(model);
    expect(edits.insert("a", [0], 1, "dropout")).toBe(true);
    expect(path()).toEqual([0, 1]);
    edits.duplicate("a", [0, 1]);
    edits.setField("a", [0, 2], "rate", { type: "literal", value: 0.1 });
    edits.move("a", [0, 2], [0, 3], 0);
    edits.wrap("a", [0, 0], "sequential");
    edits.remove("a", [0, 1]);
    edits.rename("a", "net", "mlp");
    edits.copy("a", [0, 0]);
    edits.paste("a", [0, 1], "dense(7), shared");
    expect(source()).toBe(`const mlp = sequential([
  sequential([flatten()]),
  sequential([dropout(0.1), dense(2)]),
  dense(7),
  shared,
  dense(1),
]);`);
    expect(path()).toEqual([0, 3]);
    expect(steps()).toEqual([
      "add dropout",
      "duplicate dropout",
      "change rate of dropout",
      "move dropout",
      "wrap flatten",
      "remove dropout",
      "rename net",
      "paste 2 blocks",
    ]);
    expect(steps(zh, "zh")[0]).toBe("添加 dropout");
    for (let step = 0; step < 8; step++) documents.getState().undo();
    expect(source()).toBe(model);
  });

  it("merge typing into one field without a pause into one step", () => {
    const { edits, source, steps } = setUp(model);
    for (const units of [1, 12, 128]) edits.setField("a", [0, 2], "units", { type: "literal", value: units });
    edits.setField("a", [0, 2], "name", { type: "literal", value: "head" });
    expect(source()).toContain('dense(128, { name: "head" })');
    expect(steps()).toEqual(["change units of dense", "change name of dense"]);
  });

  it("move a block among its siblings, out of its container and into the one above", () => {
    const { edits, source, path } = setUp(model);
    const steps = (["up", "in", "up", "up", "up"] as const).map((direction) => {
      const moved = edits.step("a", path() ?? [0, 2], direction);
      return [moved, source().slice(12, -1)];
    });
    expect(steps).toEqual([
      [true, "sequential([flatten(), dense(1), sequential([dense(2)])])"],
      [false, "sequential([flatten(), dense(1), sequential([dense(2)])])"],
      [true, "sequential([dense(1), flatten(), sequential([dense(2)])])"],
      [false, "sequential([dense(1), flatten(), sequential([dense(2)])])"],
      [false, "sequential([dense(1), flatten(), sequential([dense(2)])])"],
    ]);
    expect(edits.step("a", [0, 2, 0], "down")).toBe(true);
    expect(source()).toBe("const net = sequential([dense(1), flatten(), sequential([]), dense(2)]);");
    expect(edits.step("a", path()!, "in")).toBe(true);
    expect([source(), path()]).toEqual([
      "const net = sequential([dense(1), flatten(), sequential([dense(2)])]);",
      [0, 2, 0],
    ]);
    expect(edits.step("a", path()!, "up")).toBe(true);
    expect(path()).toEqual([0, 2]);
  });

  it("do nothing, and add no step, if there is nothing to do", () => {
    const { edits, source, steps } = setUp(model);
    expect([
      edits.remove("a", [0]),
      edits.duplicate("a", [0]),
      edits.remove("a", [0, 9]),
      edits.move("a", [0, 1], [0, 1], 0),
      edits.paste("a", [0, 1], "no blocks;"),
      edits.setCode("a", [0, 1], "new ("),
      edits.rename("a", "net", "class"),
      edits.insert("gone", [0], 0, "dense"),
    ]).toEqual(Array(8).fill(false));
    expect([source(), steps()]).toEqual([model, []]);
  });

  it("paste at the end of a model and into an empty container", () => {
    const { edits, source } = setUp("const net = sequential([sequential([])]);");
    edits.paste("a", [0, 0], "dense(1)");
    edits.paste("a", [0], "dense(2)");
    expect(source()).toBe("const net = sequential([sequential([dense(1)]), dense(2)]);");
  });

  it("keep collapsed cards collapsed when their blocks move", () => {
    const { edits, collapsed } = setUp(model);
    edits.toggleCollapsed("a", [0, 1]);
    edits.insert("a", [0], 0, "flatten");
    expect(collapsed()).toEqual(["0/2"]);
    edits.move("a", [0, 2], [0], 0);
    expect(collapsed()).toEqual(["0/0"]);
    edits.wrap("a", [0, 0], "sequential");
    expect(collapsed()).toEqual(["0/0/0"]);
    edits.remove("a", [0, 0]);
    expect(collapsed()).toEqual([]);
  });

  it("start a model in a cell that has none", () => {
    const { edits, source, path, steps } = setUp("print(1);");
    edits.start("a", "sequential");
    expect([source(), path(), steps()]).toEqual(["print(1);\n\nconst net = sequential([]);\n", [0], ["start a model"]]);
  });
});

it("a half-typed cell keeps its last readable tree and reports where it cannot be parsed", () => {
  const read = createCellReader();
  const { compositions } = read("a", "const net = dense(1);", testKinds);
  expect(read("a", "const net = dense(1);\nconst x = (", testKinds)).toEqual({ compositions, brokenLine: 2 });
  expect(read("b", "const net = (", testKinds)).toEqual({ compositions: [], brokenLine: 1 });
  expect(read("a", "const mlp = dense(1);", testKinds).compositions[0]!.variable).toBe("mlp");
});

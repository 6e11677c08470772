import { parser } from "@lezer/javascript";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createDocumentStore } from "../../store/document/documentStore";
import { ComposerEdits } from "../../store/composer/composerEdits";
import { createCellReader, createComposerStore } from "../../store/composer/composerStore";
import { createKindsStore } from "../../store/composer/kindsStore";
import { createRunStore } from "../../store/runs/runStore";
import { createSessionStore } from "../../store/session/sessionStore";
import { parseSource } from "./compositionSyntax";
import { testKinds } from "./testKinds";

const prototype = Object.getPrototypeOf(parser) as typeof parser;
/** All texts that the grammar has parsed. */
let parsed: string[] = [];

beforeEach(() => {
  parsed = [];
  const parse = prototype.parse;
  vi.spyOn(prototype, "parse").mockImplementation(function (this: typeof parser, input, ...rest) {
    parsed.push(typeof input === "string" ? input : input.read(0, input.length));
    return parse.call(this, input, ...rest);
  });
});
afterEach(() => vi.restoreAllMocks());

/** The composer on one model cell, with every reader of its source that the page has. */
function setUp(source: string) {
  const documents = createDocumentStore(() => 0);
  documents.getState().open({ title: "", cells: [{ id: "a", type: "code", kind: "model", source }] }, { kind: "new" });
  const never = () => new Promise<never>(() => undefined);
  const runs = createRunStore({ request: never, stop: never, restart: never }, documents, () => undefined);
  const kinds = createKindsStore(testKinds, createSessionStore(), documents, runs);
  const edits = new ComposerEdits(documents, kinds, createComposerStore());
  const read = createCellReader();
  const draw = () => read("a", documents.getState().document.cells[0]!.source, kinds.getState().kinds);
  draw();
  return { documents, edits, draw };
}

it("an edit in the composer parses the source once, after the edit, for all readers", () => {
  const { documents, edits, draw } = setUp("const net = sequential([flatten(), dense(10)]);");
  const sources = () => [...parsed].sort().filter((text) => text.startsWith("const net"));
  parsed = [];
  edits.setField("a", [0, 1], "units", { type: "literal", value: 12 });
  draw();
  expect(sources()).toEqual(["const net = sequential([flatten(), dense(12)]);"]);
  parsed = [];
  edits.insert("a", [0], 2, "dropout");
  draw();
  expect(sources()).toEqual([documents.getState().document.cells[0]!.source]);
});

it("the trees of the last sources are kept, and no more", () => {
  const first = parseSource("const first = 1;");
  expect(parseSource("const first = 1;")).toBe(first);
  for (let index = 0; index < 100; index++) parseSource(`const other = ${index};`);
  expect(parseSource("const first = 1;")).not.toBe(first);
});

import fc from "fast-check";
import type { Cell, JsonObject, NotebookDocument } from "../notebook/notebookDocument";

/** Returns a document that uses every feature, for tests. */
export function sampleDocument(): NotebookDocument {
  return {
    id: "first-steps",
    title: "First steps 第一步",
    language: "en",
    cells: [
      { id: "intro", type: "markdown", source: "# First steps\n\nA *short* text with $x^2$ and 中文.\n" },
      {
        id: "model",
        type: "code",
        source: 'const net = sequential([dense(256, { activation: "relu" }), dense(10)]);\nnet',
        kind: "model",
        view: { collapsed: ["0"], tab: "canvas" },
      },
      { id: "run", type: "code", source: "const y = net.call(random.uniform([2, 20]));\nprint(y.shape);" },
      { id: "empty", type: "code", source: "", metadata: { tags: ["kept"] } },
    ],
    metadata: { authors: [{ name: "A teacher" }] },
  };
}

const json = fc.jsonValue({ maxDepth: 3, depthSize: "small" }) as fc.Arbitrary<JsonObject[string]>;
const foreign = fc.option(
  fc
    .dictionary(
      fc.string().filter((key) => !["__proto__", "weightroom", "title", "kernelspec", "language_info"].includes(key)),
      json.filter((value) => !JSON.stringify(value).includes("__proto__")),
      { minKeys: 1, maxKeys: 3, noNullPrototype: true },
    )
    .map((object) => JSON.parse(JSON.stringify(object)) as JsonObject),
  { nil: undefined },
);
const text = fc.string({ unit: "grapheme", maxLength: 60 }).map((line) => line.replaceAll("~", "\n"));

const cell: fc.Arbitrary<Omit<Cell, "id">> = fc
  .record({
    type: fc.constantFrom("markdown", "code", "raw"),
    source: text,
    kind: fc.option(fc.constantFrom("model", "data", "train"), { nil: undefined }),
    view: foreign,
    metadata: foreign,
    attachments: foreign,
  })
  .map(({ type, source, kind, view, metadata, attachments }) => ({
    type,
    source,
    ...(type === "code" && kind && { kind }),
    ...(type === "code" && view && { view }),
    ...(metadata && { metadata }),
    ...(type !== "code" && attachments && { attachments }),
  }));

/** Any document that the app can represent. */
export const anyDocument: fc.Arbitrary<NotebookDocument> = fc
  .record({
    id: fc.option(text, { nil: undefined }),
    title: text,
    language: fc.option(fc.constantFrom("en", "zh"), { nil: undefined }),
    cells: fc.array(cell, { maxLength: 6 }),
    metadata: foreign,
  })
  .map(({ id, title, language, cells, metadata }) => ({
    ...(id !== undefined && { id }),
    title,
    ...(language && { language }),
    cells: cells.map((item, index) => ({ id: `c${index}`, ...item })),
    ...(metadata && { metadata }),
  }));

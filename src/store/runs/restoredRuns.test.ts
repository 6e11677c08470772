import { expect, test } from "vitest";
import { parseNotebook } from "../../notebook/file/parseNotebook";
import { printNotebook } from "../../notebook/file/printNotebook";
import { displayOutput, errorOutput, streamOutput } from "../../notebook/notebookOutput";
import { notebookOutputs } from "./notebookOutputs";
import { restoredRuns } from "./restoredRuns";

const document = {
  title: "",
  cells: [
    { id: "a", type: "code" as const, source: "x" },
    { id: "b", type: "code" as const, source: "" },
  ],
};

test("outputs in a file are restored as text from a session that is gone", () => {
  const outputs = [streamOutput("hi\n"), displayOutput("a tensor", { type: "tensor" }), errorOutput("E", "bad")];
  expect(restoredRuns(document, new Map([["a", { executionCount: 3, outputs }]]))).toEqual({
    a: {
      status: "lost",
      run: 0,
      source: "x",
      declared: [],
      outputs: [
        { type: "text", text: "hi\n" },
        { type: "value", text: "a tensor" },
        { type: "error", error: { name: "E", message: "bad" } },
      ],
    },
  });
});

test("outputs survive a round trip through a file", () => {
  const error = { name: "E", message: "bad" };
  const outputs = [
    { type: "text" as const, text: "one\ntwo\n" },
    { type: "text" as const, text: "three\n", level: "warning" as const },
    { type: "value" as const, text: "42" },
    { type: "error" as const, error },
  ];
  const run = { status: "error" as const, run: 7, source: "x", declared: [], outputs };
  const file = parseNotebook(printNotebook(document, notebookOutputs({ a: run })));
  expect(restoredRuns(file.document, file.outputs).a!.outputs).toEqual(outputs);
});

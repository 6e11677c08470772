import fc from "fast-check";
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { anyDocument, sampleDocument } from "../../testing/notebooks";
import { DocumentError } from "../documentError";
import { cellIdPattern, newCellId } from "../notebookDocument";
import { displayOutput, errorOutput, type NotebookOutputs, resultOutput, streamOutput } from "../notebookOutput";
import { maxCells, parseNotebook } from "./parseNotebook";
import { printNotebook } from "./printNotebook";

const shown: NotebookOutputs = new Map([
  [
    "run",
    {
      executionCount: 3,
      outputs: [
        streamOutput("[2, 10]\nsecond line"),
        streamOutput("careful\n", "stderr"),
        displayOutput("two images", { type: "images", pixels: [0, 255] }, "iVBORw0KGgo="),
        resultOutput(3, "Tensor [2, 10]", { type: "tensor", values: [1, 2] }),
        errorOutput("ShapeError", "expected input [batch, 784]", ["cell 3, line 1"]),
      ],
    },
  ],
]);

function refusal(text: string): [string, string] {
  try {
    parseNotebook(text);
  } catch (error) {
    if (error instanceof DocumentError) return [error.code, error.message];
    throw error;
  }
  throw new Error("was not refused");
}

/** Returns a notebook of another program with the given cells. */
function notebook(cells: unknown, rest: object = {}): string {
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells, ...rest });
}

function code(extra: object = {}): object {
  return { cell_type: "code", id: "a", metadata: {}, source: "1", outputs: [], execution_count: null, ...extra };
}

describe("printing", () => {
  test("writes the JSON that Jupyter writes: sorted keys, one space, lines, a final line break", () => {
    const document = sampleDocument();
    document.cells = document.cells.slice(0, 1);
    expect(printNotebook(document)).toBe(
      [
        "{",
        ' "cells": [',
        "  {",
        '   "cell_type": "markdown",',
        '   "id": "intro",',
        '   "metadata": {},',
        '   "source": [',
        '    "# First steps\\n",',
        '    "\\n",',
        '    "A *short* text with $x^2$ and 中文.\\n"',
        "   ]",
        "  }",
        " ],",
        ' "metadata": {',
        '  "authors": [',
        "   {",
        '    "name": "A teacher"',
        "   }",
        "  ],",
        '  "kernelspec": {',
        '   "display_name": "Weightroom",',
        '   "language": "typescript",',
        '   "name": "weightroom"',
        "  },",
        '  "language_info": {',
        '   "file_extension": ".ts",',
        '   "mimetype": "text/typescript",',
        '   "name": "typescript"',
        "  },",
        '  "title": "First steps 第一步",',
        '  "weightroom": {',
        '   "id": "first-steps",',
        '   "language": "en",',
        '   "version": 1',
        "  }",
        " },",
        ' "nbformat": 4,',
        ' "nbformat_minor": 5',
        "}",
        "",
      ].join("\n"),
    );
  });

  test("marks a model cell and writes the outputs of every code cell", () => {
    const cells = JSON.parse(printNotebook(sampleDocument(), shown)).cells;
    expect(cells[1]).toEqual({
      cell_type: "code",
      execution_count: null,
      id: "model",
      metadata: { weightroom: { kind: "model", view: { collapsed: ["0"], tab: "canvas" } } },
      outputs: [],
      source: ['const net = sequential([dense(256, { activation: "relu" }), dense(10)]);\n', "net"],
    });
    expect(cells[2].execution_count).toBe(3);
    expect(cells[2].outputs).toEqual([
      { output_type: "stream", name: "stdout", text: ["[2, 10]\n", "second line"] },
      { output_type: "stream", name: "stderr", text: ["careful\n"] },
      {
        output_type: "display_data",
        data: {
          "text/plain": ["two images"],
          "application/vnd.weightroom.v1+json": { type: "images", pixels: [0, 255] },
          "image/png": "iVBORw0KGgo=",
        },
        metadata: {},
      },
      {
        output_type: "execute_result",
        data: {
          "text/plain": ["Tensor [2, 10]"],
          "application/vnd.weightroom.v1+json": { type: "tensor", values: [1, 2] },
        },
        metadata: {},
        execution_count: 3,
      },
      {
        output_type: "error",
        ename: "ShapeError",
        evalue: "expected input [batch, 784]",
        traceback: ["cell 3, line 1"],
      },
    ]);
  });

  const nbformat = hasNbformat();
  test.skipIf(!nbformat)(`passes Jupyter's validator${nbformat ? "" : " (no python3-nbformat here)"}`, () => {
    const script = "import sys, nbformat; nbformat.validate(nbformat.reads(sys.stdin.read(), 4)); print('valid')";
    const input = printNotebook(sampleDocument(), shown);
    expect(execFileSync("/usr/bin/python3", ["-c", script], { input, encoding: "utf8" })).toBe("valid\n");
  });
});

function hasNbformat(): boolean {
  try {
    execFileSync("/usr/bin/python3", ["-c", "import nbformat"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe("parsing what was printed", () => {
  test("restores the document and the outputs", () => {
    expect(parseNotebook(printNotebook(sampleDocument(), shown))).toEqual({
      document: sampleDocument(),
      outputs: shown,
    });
  });

  test("restores any document and prints it again as the same bytes", () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const text = printNotebook(document);
        const { document: parsed } = parseNotebook(text);
        expect(parsed).toEqual(document);
        expect(printNotebook(parsed)).toBe(text);
      }),
    );
  });
});

describe("another program's notebook", () => {
  test("keeps its metadata, attachments and outputs, and its first heading becomes the title", () => {
    const python = { display_name: "Python 3", language: "python", name: "python3" };
    const text = notebook(
      [
        {
          cell_type: "markdown",
          id: "m",
          metadata: { slideshow: { slide_type: "slide" } },
          source: ["Words\n", "## The *title*\n"],
          attachments: { "a.png": { "image/png": "AAAA" } },
        },
        { cell_type: "raw", id: "r", metadata: {}, source: "raw text" },
        code({
          source: ["import numpy as np\n", "np.ones(2)"],
          execution_count: 1,
          outputs: [
            {
              output_type: "execute_result",
              execution_count: 1,
              data: { "text/plain": ["array([1.,\n", " 1.])"], "application/json": ["kept", "as a list"] },
              metadata: {},
            },
          ],
        }),
      ],
      { metadata: { kernelspec: python, constructor: "kept" }, nbformat_minor: 4, extra: 1 },
    );
    const parsed = parseNotebook(text);
    expect(parsed).toEqual({
      document: {
        title: "The *title*",
        cells: [
          {
            id: "m",
            type: "markdown",
            source: "Words\n## The *title*\n",
            metadata: { slideshow: { slide_type: "slide" } },
            attachments: { "a.png": { "image/png": "AAAA" } },
          },
          { id: "r", type: "raw", source: "raw text" },
          { id: "a", type: "code", source: "import numpy as np\nnp.ones(2)" },
        ],
        metadata: { kernelspec: python, constructor: "kept" },
      },
      outputs: new Map([
        [
          "a",
          {
            executionCount: 1,
            outputs: [
              {
                output_type: "execute_result",
                execution_count: 1,
                data: { "text/plain": "array([1.,\n 1.])", "application/json": ["kept", "as a list"] },
                metadata: {},
              },
            ],
          },
        ],
      ]),
    });
    const again = parseNotebook(printNotebook(parsed.document, parsed.outputs));
    expect(again).toEqual({ ...parsed, document: { ...parsed.document, metadata: again.document.metadata } });
    expect(again.document.metadata).toMatchObject({ kernelspec: python, constructor: "kept" });
  });

  test("gives ids to cells with a missing, invalid or repeated one", () => {
    const ids = [undefined, "kept", "kept", "with space", "cell-1", "x".repeat(65)];
    const { document } = parseNotebook(notebook(ids.map((id) => code({ id }))));
    expect(document.cells.map(({ id }) => id)).toEqual(["cell-2", "kept", "cell-3", "cell-4", "cell-1", "cell-5"]);
  });

  test("ignores the mark of a panel on a text cell", () => {
    const metadata = { weightroom: { kind: "model" } };
    const { document } = parseNotebook(notebook([{ cell_type: "markdown", id: "m", metadata, source: "x" }]));
    expect(document.cells).toEqual([{ id: "m", type: "markdown", source: "x" }]);
  });
});

describe("errors report problem and place", () => {
  test.each([
    ["no JSON", "{", "json", "The text is not JSON, so it is not a notebook."],
    ["null", "null", "notebook", "Not a notebook: the notebook should be an object, not null."],
    [
      "an old notebook",
      notebook([], { nbformat: 3 }),
      "notebook",
      "Not a notebook: nbformat should be 4 (older notebooks: open and save them once in Jupyter), not 3.",
    ],
    ["no cells", notebook(undefined), "notebook", "Not a notebook: cells is missing."],
    ["cells of another kind", notebook({}), "notebook", "Not a notebook: cells should be a list of cells, not Object."],
    [
      "an unknown cell",
      notebook([code(), code({ cell_type: "widget" })]),
      "notebook",
      'Not a notebook: cells.1.cell_type should be markdown, code or raw, not "widget".',
    ],
    [
      "a source that is a number",
      notebook([code({ source: 5 })]),
      "notebook",
      "Not a notebook: cells.0.source should be a string or a list of strings, not 5.",
    ],
    [
      "a panel that does not exist",
      notebook([code({ metadata: { weightroom: { kind: "exploit" } } })]),
      "notebook",
      'Not a notebook: cells.0.metadata.weightroom.kind should be one of model, data, train, not "exploit".',
    ],
    [
      "an output of another kind",
      notebook([code({ outputs: [{ output_type: "pyout" }] })]),
      "notebook",
      "Not a notebook: cells.0.outputs.0.output_type should be stream, display_data, execute_result or error, not " +
        '"pyout".',
    ],
    [
      "a newer version",
      notebook([], { metadata: { weightroom: { version: 2, cells: "elsewhere" } } }),
      "newer",
      "The notebook has format version 2, this Weightroom reads up to 1. Reload the page.",
    ],
    [
      "too many cells (L11)",
      notebook(Array.from({ length: 100_000 }, () => code())),
      "tooLarge",
      `The notebook has 100000 cells; at most ${maxCells} are read.`,
    ],
    [
      "200,000-deep nesting",
      notebook([], { metadata: { deep: 0 } }).replace('"deep":0', `"deep":${"[".repeat(2e5)}${"]".repeat(2e5)}`),
      "json",
      "The JSON is nested more than 100 levels deep.",
    ],
    [
      "a __proto__ key (L13)",
      notebook([code()]).replace('"source"', '"__proto__":{"polluted":1},"source"'),
      "json",
      'The JSON has a key named "__proto__".',
    ],
  ])("%s", (_, text, expected, message) => {
    expect(refusal(text)).toEqual([expected, message]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test("any JSON at all is parsed or refused with a DocumentError", () => {
    const { cells, metadata } = JSON.parse(printNotebook(sampleDocument(), shown));
    const anything = fc.jsonValue({ maxDepth: 4 });
    const spots = [
      (value: unknown) => notebook(value),
      (value: unknown) => notebook([value]),
      (value: unknown) => notebook([...cells, { ...cells[2], outputs: [value] }]),
      (value: unknown) => notebook([{ ...cells[2], metadata: value }]),
      (value: unknown) => notebook(cells, { metadata: value }),
      (value: unknown) => notebook(cells, { metadata: { ...metadata, weightroom: value } }),
      (value: unknown) => JSON.stringify(value),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...spots), anything, (spot, value) => {
        try {
          parseNotebook(spot(value));
        } catch (error) {
          if (!(error instanceof DocumentError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });
});

test("new cell ids are valid and unused", () => {
  const taken = new Set<string>();
  for (let i = 0; i < 100; i++) taken.add(newCellId(taken));
  expect([...taken].every((id) => cellIdPattern.test(id))).toBe(true);
  expect(taken.size).toBe(100);
});

import * as v from "valibot";
import { cellKinds } from "../notebookDocument";

/**
 * The parts of nbformat 4 that we rely on (JSON schema of nbformat 4.5). Objects are loose: additional fields of other
 * programs are preserved, not rejected.
 *
 * The schema is only used for checking. Values are taken from the parsed JSON, because valibot's copies omit keys such
 * as `constructor`.
 */

/** A string, or a list of lines that include their line breaks. */
const multilineText = v.union([v.string(), v.array(v.string("a list of strings"))], "a string or a list of strings");
const object = v.looseObject({}, "an object");
const wholeNumber = v.pipe(v.number("a whole number"), v.integer("a whole number"), v.minValue(0, "a whole number"));
const executionCount = v.nullish(wholeNumber);

const cellMetadata = v.looseObject(
  {
    weightroom: v.optional(
      v.looseObject(
        {
          kind: v.optional(v.picklist(cellKinds, `one of ${cellKinds.join(", ")}`)),
          view: v.optional(object),
        },
        "an object",
      ),
    ),
  },
  "an object",
);

const cellFields = {
  id: v.optional(v.string("a string")),
  metadata: v.optional(cellMetadata),
  source: multilineText,
};

const output = v.variant(
  "output_type",
  [
    v.looseObject({ output_type: v.literal("stream"), name: v.string("a string"), text: multilineText }),
    v.looseObject({ output_type: v.literal("display_data"), data: object, metadata: v.optional(object) }),
    v.looseObject({
      output_type: v.literal("execute_result"),
      data: object,
      metadata: v.optional(object),
      execution_count: executionCount,
    }),
    v.looseObject({
      output_type: v.literal("error"),
      ename: v.string("a string"),
      evalue: v.string("a string"),
      traceback: v.array(v.string("a string"), "a list of strings"),
    }),
  ],
  "stream, display_data, execute_result or error",
);

const cell = v.variant(
  "cell_type",
  [
    v.looseObject({ cell_type: v.literal("markdown"), ...cellFields, attachments: v.optional(object) }),
    v.looseObject({ cell_type: v.literal("raw"), ...cellFields, attachments: v.optional(object) }),
    v.looseObject({
      cell_type: v.literal("code"),
      ...cellFields,
      execution_count: executionCount,
      outputs: v.optional(v.array(output, "a list of outputs")),
    }),
  ],
  "markdown, code or raw",
);

export const notebookSchema = v.looseObject(
  {
    nbformat: v.literal(4, "4 (older notebooks: open and save them once in Jupyter)"),
    nbformat_minor: wholeNumber,
    metadata: v.optional(
      v.looseObject(
        {
          weightroom: v.optional(
            v.looseObject(
              {
                version: wholeNumber,
                id: v.optional(v.string("a string")),
                language: v.optional(v.string("a string")),
              },
              "an object",
            ),
          ),
        },
        "an object",
      ),
    ),
    cells: v.array(cell, "a list of cells"),
  },
  "an object",
);

export type RawNotebook = v.InferInput<typeof notebookSchema>;
export type RawCell = RawNotebook["cells"][number];
export type RawOutput = v.InferInput<typeof output>;

import type { Json } from "../../base/info";
import { type Cell, type JsonObject, type NotebookDocument, notebookVersion } from "../notebookDocument";
import type { CellOutputs, NotebookOutput, NotebookOutputs } from "../notebookOutput";

const kernelspec = { display_name: "Weightroom", language: "typescript", name: "weightroom" };
const languageInfo = { file_extension: ".ts", mimetype: "text/typescript", name: "typescript" };

/**
 * Prints a notebook as an `.ipynb` of nbformat 4.5 the way Jupyter does (sorted keys, one space of indentation, text as
 * lists of lines). A document always produces the same bytes, and versions can be compared line by line.
 */
export function printNotebook(document: NotebookDocument, outputs?: NotebookOutputs): string {
  return JSON.stringify(sortKeys(notebookJson(document, outputs)), null, 1) + "\n";
}

/** Prints a notebook on one line, with sorted keys and without outputs, for a link. */
export function printCompact(document: NotebookDocument): string {
  return JSON.stringify(sortKeys(notebookJson(document)));
}

function notebookJson(document: NotebookDocument, outputs?: NotebookOutputs): JsonObject {
  const { id, title, language, cells, metadata } = document;
  return {
    cells: cells.map((cell) => cellJson(cell, outputs?.get(cell.id))),
    metadata: {
      kernelspec,
      language_info: languageInfo,
      ...metadata,
      title,
      weightroom: {
        version: notebookVersion,
        ...(id !== undefined && { id }),
        ...(language !== undefined && { language }),
      },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

function cellJson(cell: Cell, shown: CellOutputs | undefined): JsonObject {
  const { id, type, source, kind, view, metadata, attachments } = cell;
  const weightroom: JsonObject = { ...(kind && { kind }), ...(view && { view }) };
  return {
    cell_type: type,
    id,
    metadata: { ...metadata, ...(Object.keys(weightroom).length > 0 && { weightroom }) },
    source: linesOf(source),
    ...(attachments && { attachments }),
    ...(type === "code" && {
      execution_count: shown?.executionCount ?? null,
      outputs: (shown?.outputs ?? []).map(outputJson),
    }),
  };
}

function outputJson(output: NotebookOutput): JsonObject {
  if (output.output_type === "stream") return { ...output, text: linesOf(output.text) };
  if (output.output_type === "error") return { ...output };
  const data = Object.entries(output.data).map(([mime, content]) => [
    mime,
    typeof content === "string" && isTextMime(mime) ? linesOf(content) : content,
  ]);
  return { ...output, data: Object.fromEntries(data) };
}

/** True for MIME types that nbformat splits into lines; base64 stays one string. */
function isTextMime(mime: string): boolean {
  return mime.startsWith("text/") || mime === "application/javascript" || mime === "image/svg+xml";
}

/** Splits a text into lines that include their line breaks. An empty text has no lines. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function sortKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sortKeys(value[key]!)]));
}

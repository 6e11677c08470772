import * as v from "valibot";
import { DocumentError } from "../documentError";
import { type Cell, cellIdPattern, type JsonObject, type NotebookDocument, notebookVersion } from "../notebookDocument";
import type { CellOutputs, MimeBundle, NotebookOutput, NotebookOutputs } from "../notebookOutput";
import { parseJson } from "./checkJson";
import { notebookSchema, type RawCell, type RawNotebook, type RawOutput } from "./notebookSchema";

export const maxNotebookCharacters = 64 * 2 ** 20;
export const maxCells = 10_000;

/** A notebook file: its document and its outputs. */
export interface ParsedNotebook {
  document: NotebookDocument;
  /** Outputs stored in the file. They are never treated as results of a run in this session. */
  outputs: NotebookOutputs;
}

/**
 * Parses a notebook of nbformat 4, written by Weightroom or another program. Unknown fields are preserved for the next
 * save; fields that we rely on are validated.
 *
 * Cells without a valid id (before nbformat 4.5 there were none), or with a repeated one, get `cell-N`.
 *
 * @throws DocumentError with code json, notebook, tooLarge or newer.
 */
export function parseNotebook(text: string): ParsedNotebook {
  if (text.length > maxNotebookCharacters) {
    throw new DocumentError("tooLarge", `The notebook is longer than ${maxNotebookCharacters} characters.`);
  }
  const notebook = checkNotebook(parseJson(text));
  const ids = cellIds(notebook.cells);
  const outputs = new Map<string, CellOutputs>();
  const cells = notebook.cells.map((raw, index) => {
    const id = ids[index]!;
    const shown = outputsOf(raw);
    if (shown) outputs.set(id, shown);
    return cellOf(raw, id);
  });
  return { document: { ...headOf(notebook, cells), cells }, outputs };
}

function checkNotebook(value: unknown): RawNotebook {
  const cells: unknown = Object(value).cells;
  if (Array.isArray(cells) && cells.length > maxCells) {
    throw new DocumentError("tooLarge", `The notebook has ${cells.length} cells; at most ${maxCells} are read.`);
  }
  const version: unknown = Object(Object(Object(value).metadata).weightroom).version;
  if (typeof version === "number" && version > notebookVersion) {
    throw new DocumentError(
      "newer",
      `The notebook has format version ${version}, this Weightroom reads up to ${notebookVersion}. Reload the page.`,
    );
  }
  const result = v.safeParse(notebookSchema, value, { abortEarly: true });
  if (result.success) return value as RawNotebook;
  const [issue] = result.issues;
  const path = v.getDotPath(issue) ?? "the notebook";
  throw new DocumentError("notebook", `Not a notebook: ${path} ${describeIssue(issue)}.`);
}

/** The messages of the schema state what was expected; valibot's default messages begin with "Invalid". */
function describeIssue(issue: v.BaseIssue<unknown>): string {
  if (issue.received === "undefined") return "is missing";
  const expected = issue.message.startsWith("Invalid") ? issue.expected : issue.message;
  return `should be ${expected}, not ${issue.received.slice(0, 100)}`;
}

/** Returns the ids of the file where valid and unique, else `cell-N` with the first unused N. */
function cellIds(cells: readonly RawCell[]): string[] {
  const taken = new Set<string>();
  const ids = cells.map(({ id }) => {
    if (id === undefined || !cellIdPattern.test(id) || taken.has(id)) return undefined;
    taken.add(id);
    return id;
  });
  let n = 0;
  return ids.map((id) => {
    if (id !== undefined) return id;
    do n++;
    while (taken.has(`cell-${n}`));
    return `cell-${n}`;
  });
}

function headOf({ metadata = {} }: RawNotebook, cells: readonly Cell[]): Omit<NotebookDocument, "cells"> {
  const { weightroom, title, kernelspec, language_info, ...foreign } = metadata as JsonObject & typeof metadata;
  // Our values are generated at each save; those of another program are preserved.
  const own = Object(kernelspec).name === "weightroom";
  const kept: JsonObject = {
    ...foreign,
    ...(!own && kernelspec !== undefined && { kernelspec }),
    ...(!own && language_info !== undefined && { language_info }),
  };
  return {
    ...(weightroom?.id !== undefined && { id: weightroom.id }),
    title: typeof title === "string" ? title : firstHeading(cells),
    ...(weightroom?.language !== undefined && { language: weightroom.language }),
    ...(Object.keys(kept).length > 0 && { metadata: kept }),
  };
}

function firstHeading(cells: readonly Cell[]): string {
  const text = cells.find(({ type }) => type === "markdown")?.source ?? "";
  return /^#{1,6}[ \t]+(.+)$/m.exec(text)?.[1]?.trim() ?? "";
}

function cellOf(raw: RawCell, id: string): Cell {
  const { weightroom, ...foreign } = (raw.metadata ?? {}) as JsonObject & NonNullable<RawCell["metadata"]>;
  const attachments = "attachments" in raw ? (raw.attachments as JsonObject | undefined) : undefined;
  return {
    id,
    type: raw.cell_type,
    source: textOf(raw.source),
    // Only code cells have panels; on a text cell the mark is ignored.
    ...(raw.cell_type === "code" && weightroom?.kind && { kind: weightroom.kind }),
    ...(raw.cell_type === "code" && weightroom?.view && { view: weightroom.view as JsonObject }),
    ...(Object.keys(foreign).length > 0 && { metadata: foreign }),
    ...(attachments && { attachments }),
  };
}

function textOf(text: string | string[]): string {
  return typeof text === "string" ? text : text.join("");
}

function outputsOf(raw: RawCell): CellOutputs | undefined {
  if (raw.cell_type !== "code" || (!raw.outputs?.length && raw.execution_count == null)) return undefined;
  return { executionCount: raw.execution_count ?? null, outputs: (raw.outputs ?? []).map(outputOf) };
}

function outputOf(raw: RawOutput): NotebookOutput {
  switch (raw.output_type) {
    case "stream":
      return { output_type: "stream", name: raw.name === "stderr" ? "stderr" : "stdout", text: textOf(raw.text) };
    case "error":
      return { output_type: "error", ename: raw.ename, evalue: raw.evalue, traceback: raw.traceback };
    case "display_data":
      return { output_type: "display_data", data: bundleOf(raw.data), metadata: raw.metadata ?? {} };
    case "execute_result":
      return {
        output_type: "execute_result",
        data: bundleOf(raw.data),
        metadata: raw.metadata ?? {},
        execution_count: raw.execution_count ?? null,
      };
  }
}

function bundleOf(data: object): MimeBundle {
  const joined = Object.entries(data as JsonObject).map(([mime, content]) => {
    const lines = !mime.endsWith("json") && Array.isArray(content) && content.every((line) => typeof line === "string");
    return [mime, lines ? content.join("") : content] as const;
  });
  return Object.fromEntries(joined);
}

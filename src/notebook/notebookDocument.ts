import type { Json } from "../base/info";

export type JsonObject = { [key: string]: Json };

/** Kind of a code cell with a panel: the composer, a data view, a training run. */
export type CellKind = "model" | "data" | "train";

export const cellKinds: readonly CellKind[] = ["model", "data", "train"];

export interface Cell {
  /** 1 to 64 characters of `A-Z a-z 0-9 - _`, unique in the notebook and constant for the life of the cell. */
  id: string;
  /** `raw` occurs only in notebooks of other programs. It is displayed and never run. */
  type: "markdown" | "code" | "raw";
  /** The single source of truth: panels display what is parsed from it. */
  source: string;
  kind?: CellKind;
  /** State of the panel: what is collapsed, which tab is open. */
  view?: JsonObject;
  /** The nbformat metadata of other programs, preserved unchanged. */
  metadata?: JsonObject;
  /** Images of a markdown cell of another program, preserved unchanged. */
  attachments?: JsonObject;
}

/** A notebook without its outputs, as links and the undo history store it. */
export interface NotebookDocument {
  /** Identifies a person's own notebooks. It grants no rights: anyone can write any id into a file. */
  id?: string;
  title: string;
  /** Language of its text: `en`, `zh`. */
  language?: string;
  cells: Cell[];
  /** The nbformat metadata of other programs, preserved unchanged. */
  metadata?: JsonObject;
}

/** Version of `metadata.weightroom` that this program writes, and the newest that it reads. */
export const notebookVersion = 1;

/** Syntax of a cell id in nbformat 4.5. */
export const cellIdPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** Returns eight random hexadecimal digits that are not among `taken`. */
export function newCellId(taken: { has(id: string): boolean } = new Set<string>()): string {
  for (;;) {
    const [word] = crypto.getRandomValues(new Uint32Array(1));
    const id = word!.toString(16).padStart(8, "0");
    if (!taken.has(id)) return id;
  }
}

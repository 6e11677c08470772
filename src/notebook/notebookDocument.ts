import type { Json } from "../base/info";

export type JsonObject = { [key: string]: Json };

/** A code cell with a panel of its own: the composer, a data view, a training run. */
export type CellKind = "model" | "data" | "train";

export const cellKinds: readonly CellKind[] = ["model", "data", "train"];

export interface Cell {
  /** 1 to 64 of `A-Z a-z 0-9 - _`, unique in the notebook, the same for the cell's whole life. */
  id: string;
  /** `raw` only comes from other programs' notebooks; it is shown as it is and never run. */
  type: "markdown" | "code" | "raw";
  /** The one truth: what a panel shows is parsed from it. */
  source: string;
  kind?: CellKind;
  /** How the panel stood: what is collapsed, which tab is open. */
  view?: JsonObject;
  /** The nbformat metadata that other programs wrote, kept as it came. */
  metadata?: JsonObject;
  /** Images that a markdown cell of another program carries, kept as they came. */
  attachments?: JsonObject;
}

/** A notebook without its outputs: what links carry and what undo goes over. */
export interface NotebookDocument {
  /** Tells a person's own notebooks apart. It grants nothing: anybody can write any id into a file. */
  id?: string;
  title: string;
  /** Of its text: `en`, `zh`. */
  language?: string;
  cells: Cell[];
  /** The nbformat metadata that other programs wrote, kept as it came. */
  metadata?: JsonObject;
}

/** The version of `metadata.weightroom` that this program writes, and the newest that it reads. */
export const notebookVersion = 1;

/** The rule of nbformat 4.5. */
export const cellIdPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** Eight random hexadecimal digits, other than those `taken`. */
export function newCellId(taken: { has(id: string): boolean } = new Set<string>()): string {
  for (;;) {
    const [word] = crypto.getRandomValues(new Uint32Array(1));
    const id = word!.toString(16).padStart(8, "0");
    if (!taken.has(id)) return id;
  }
}

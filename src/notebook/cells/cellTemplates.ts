import type { Cell } from "../notebookDocument";
import { firstData, freshSuffix, printData } from "./dataSource";

/** The kinds of cell that a user can add. */
export type NewCell = "markdown" | "code" | "model" | "data";

/** Returns the source of a new cell, which runs unedited. Its variable names are unused in the notebook. */
export function cellTemplate(cell: NewCell, cells: readonly Cell[]): Omit<Cell, "id"> {
  const used = new Set(cells.flatMap(({ source }) => source.match(/[A-Za-z_$][\w$]*/g) ?? []));
  if (cell === "model") {
    const name = freshName("net", used);
    return {
      type: "code",
      kind: "model",
      source: `const ${name} = sequential([\n  flatten(),\n  dense(256, { activation: "relu" }),\n  dense(10),\n]);`,
    };
  }
  if (cell === "data") {
    return { type: "code", kind: "data", source: printData({ ...firstData, suffix: freshSuffix(used) }) };
  }
  return { type: cell, source: "" };
}

function freshName(name: string, used: ReadonlySet<string>): string {
  let number = 2;
  let fresh = name;
  while (used.has(fresh)) fresh = `${name}${number++}`;
  return fresh;
}

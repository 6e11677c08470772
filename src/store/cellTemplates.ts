import type { Cell } from "../notebook/notebookDocument";

/** The kinds of cell that a person can add. */
export type NewCell = "markdown" | "code" | "model" | "data";

/** What a new cell holds: something that runs as it is. Its variables are new to the notebook. */
export function cellTemplate(cell: NewCell, cells: readonly Cell[]): Omit<Cell, "id"> {
  const used = new Set(cells.flatMap(({ source }) => source.match(/[A-Za-z_$][\w$]*/g) ?? []));
  if (cell === "model") {
    const name = freshName("net", used);
    return {
      type: "code",
      kind: "model",
      source: `const ${name} = sequential([\n  dense(256, { activation: "relu" }),\n  dense(10),\n]);`,
    };
  }
  if (cell === "data") {
    return { type: "code", kind: "data", source: dataSource({ ...defaultData, variable: freshName("digits", used) }) };
  }
  return { type: cell, source: "" };
}

function freshName(name: string, used: ReadonlySet<string>): string {
  let number = 2;
  let fresh = name;
  while (used.has(fresh)) fresh = `${name}${number++}`;
  return fresh;
}

/** What a data cell's form says. */
export interface DataFields {
  variable: string;
  dataset: string;
  count: number;
  seed: number;
}

const defaultData: DataFields = { variable: "digits", dataset: "digits", count: 32, seed: 42 };

/** The one form of source that a data cell's form reads and writes. */
export function dataSource({ variable, dataset, count, seed }: DataFields): string {
  return `const ${variable} = await datasets.${dataset}({ seed: ${seed} });\nshowImages(${variable}.test, { count: ${count} });`;
}

const dataPattern =
  /^const ([A-Za-z_$][\w$]*) = await datasets\.([A-Za-z]+)\(\{ seed: (\d+) \}\);\nshowImages\(\1\.test, \{ count: (\d+) \}\);$/;

/** The fields of a data cell; null where its source says more than the form can show. */
export function readDataSource(source: string): DataFields | null {
  const match = dataPattern.exec(source.trim());
  if (!match) return null;
  return { variable: match[1]!, dataset: match[2]!, seed: Number(match[3]), count: Number(match[4]) };
}

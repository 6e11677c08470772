import type { NotebookDocument } from "../../notebook/notebookDocument";
import type { CellRun, RunState } from "./runState";

/** Why the outputs of a cell may be out of date. */
export type Staleness = "edited" | "outdated" | "weights";

/** Names that are used as variables: not after a dot, so that `x.shape` uses only `x`. */
const namePattern = /(?<![\w$.])[A-Za-z_$][\w$]*/g;

/**
 * Finds cells with outdated outputs: edited since they ran, using a name that a cell above has declared again since, or
 * using a model whose weights were changed outside of cells since (`touched`).
 */
export function staleCells(
  document: NotebookDocument,
  runs: Readonly<Record<string, CellRun>>,
  touched: Readonly<Record<string, number>> = {},
): ReadonlyMap<string, Staleness> {
  const stale = new Map<string, Staleness>();
  /** The latest run, by a cell above, that declared a name. */
  const declaredAt = new Map<string, number>();
  for (const cell of document.cells) {
    const run = runs[cell.id];
    if (!run || run.status === "running") continue;
    if (run.source !== cell.source) stale.set(cell.id, "edited");
    else if (usesNewer(run, declaredAt)) stale.set(cell.id, "outdated");
    else if (showsOldWeights(run, touched)) stale.set(cell.id, "weights");
    if (run.status !== "lost") {
      for (const name of run.declared) declaredAt.set(name, Math.max(run.run, declaredAt.get(name) ?? 0));
    }
  }
  return stale;
}

function usesNewer(run: CellRun, declaredAt: ReadonlyMap<string, number>): boolean {
  return (run.source.match(namePattern) ?? []).some(
    (name) => !run.declared.includes(name) && (declaredAt.get(name) ?? 0) > run.run,
  );
}

/** A cell that creates the model shows old weights only if it has outputs. */
function showsOldWeights(
  { run, status, source, declared, outputs }: CellRun,
  touched: Readonly<Record<string, number>>,
) {
  if (status === "lost") return false;
  return (source.match(namePattern) ?? []).some((name) => {
    const at = Object.hasOwn(touched, name) ? touched[name]! : -1;
    return at >= run && (outputs.length > 0 || !declared.includes(name));
  });
}

let last: {
  document: NotebookDocument;
  runs: Readonly<Record<string, CellRun>>;
  touched: Readonly<Record<string, number>>;
  stale: ReadonlyMap<string, Staleness>;
};

/**
 * Returns why one cell is stale, undefined if it is not. The result for all cells is cached until document or runs
 * change.
 */
export function stalenessOf(
  document: NotebookDocument,
  { runs, touched }: Pick<RunState, "runs" | "touched">,
  id: string,
): Staleness | undefined {
  if (last?.document !== document || last.runs !== runs || last.touched !== touched) {
    last = { document, runs, touched, stale: staleCells(document, runs, touched) };
  }
  return last.stale.get(id);
}

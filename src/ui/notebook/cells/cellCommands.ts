import type { NewCell } from "../../../notebook/cells/cellTemplates";
import { documentStore, focusStore, runStore } from "../../../store/stores";

/** The element of a cell, for focus. */
export function cellElementId(id: string): string {
  return `cell-${id}`;
}

/** Selects and focuses a cell. */
export function focusCell(id: string): void {
  focusStore.getState().selectCell(id);
  // The cell may be rendered only by the next render.
  requestAnimationFrame(() => {
    const element = document.getElementById(cellElementId(id));
    element?.focus({ preventScroll: true });
    element?.scrollIntoView({ block: "nearest" });
  });
}

/** Adds a cell, ready for typing. */
export function addCell(cell: NewCell, index: number): void {
  const id = documentStore.getState().addCell(cell, index);
  if (cell === "markdown") focusStore.getState().editCell(id);
  else if (cell === "code") focusStore.getState().goTo({ cell: id, line: 1, column: 1 });
  else focusCell(id);
}

export function runCell(id: string): void {
  runStore.getState().run([id]);
}

/** Runs a cell (a text cell is only closed) and advances to the next, which is created at the end. */
export function runAndGoOn(id: string): void {
  const { cells } = documentStore.getState().document;
  const position = cells.findIndex((cell) => cell.id === id);
  if (cells[position]?.type === "code") runCell(id);
  else focusStore.getState().editCell(null);
  const next = cells[position + 1];
  if (next) focusCell(next.id);
  else addCell("code", cells.length);
}

export function moveCell(id: string, by: number): void {
  documentStore.getState().moveCell(id, by);
  focusCell(id);
}

/** Deletes a cell and selects its neighbour. Undo restores it. */
export function removeCell(id: string): void {
  const { cells } = documentStore.getState().document;
  const position = cells.findIndex((cell) => cell.id === id);
  const neighbour = cells[position + 1] ?? cells[position - 1];
  void runStore.getState().stop(id);
  documentStore.getState().removeCell(id);
  if (neighbour) focusCell(neighbour.id);
}

/** Moves the selection up or down. */
export function stepSelection(id: string, by: number): void {
  const { cells } = documentStore.getState().document;
  const next = cells[cells.findIndex((cell) => cell.id === id) + by];
  if (next) focusCell(next.id);
}

import type { KeyboardEvent } from "react";
import { useStore } from "zustand";
import type { Cell } from "../../../notebook/notebookDocument";
import { faceOf } from "../../../store/document/documentStore";
import { focusStore } from "../../../store/stores";
import { classNames } from "../../classNames";
import { matchesShortcut, shortcuts } from "../../shortcuts";
import { useTexts } from "../../Texts";
import {
  addCell,
  cellElementId,
  focusCell,
  moveCell,
  removeCell,
  runAndGoOn,
  runCell,
  stepSelection,
} from "./cellCommands";
import styles from "./CellFrame.module.css";
import { CodeCell } from "./CodeCell";
import { MarkdownCell } from "./MarkdownCell";

interface CellFrameProps {
  cell: Cell;
  position: number;
  count: number;
}

/** One cell: it can be focused as a whole and handles its keyboard commands. */
export function CellFrame({ cell, position, count }: CellFrameProps) {
  const texts = useTexts().cells;
  const selected = useStore(focusStore, (state) => state.cell === cell.id);
  // Only one cell at a time is in the tab order: the selected one, otherwise the first.
  const reachable = useStore(focusStore, (state) => state.cell === cell.id || (state.cell === null && position === 0));
  const face = faceOf(cell);

  /** Keys that a cell handles wherever the focus is within it. */
  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    // Menus are rendered elsewhere, but their key events bubble up to here.
    if (!event.currentTarget.contains(event.target as Node)) return;
    const inside = event.target !== event.currentTarget;
    const command = commandOf(event, cell, position, inside);
    if (!command) return;
    event.preventDefault();
    event.stopPropagation();
    command();
  }

  return (
    // A cell as a whole can be focused, as in every notebook.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      id={cellElementId(cell.id)}
      className={classNames(styles.cell, styles[cell.type], selected && styles.selected)}
      aria-label={texts.cell(texts.kinds[face], position + 1, count)}
      tabIndex={reachable ? 0 : -1}
      data-selected={selected || undefined}
      onFocus={() => focusStore.getState().selectCell(cell.id)}
      onKeyDown={onKeyDown}
    >
      {cell.type === "markdown" ? (
        <MarkdownCell cell={cell} position={position} count={count} />
      ) : (
        <CodeCell cell={cell} face={face} position={position} count={count} />
      )}
    </section>
  );
}

function commandOf(event: KeyboardEvent, cell: Cell, position: number, inside: boolean): (() => void) | undefined {
  const { id, type } = cell;
  const is = (shortcut: string) => matchesShortcut(event, shortcut);
  if (is(shortcuts.run)) return type === "code" ? () => runCell(id) : () => focusStore.getState().editCell(null);
  if (is(shortcuts.runAndNext)) return () => runAndGoOn(id);
  if (is(shortcuts.moveUp)) return () => moveCell(id, -1);
  if (is(shortcuts.moveDown)) return () => moveCell(id, 1);
  if (inside) return is("Escape") && !event.defaultPrevented ? () => focusCell(id) : undefined;
  if (is("Alt+ArrowUp")) return () => moveCell(id, -1);
  if (is("Alt+ArrowDown")) return () => moveCell(id, 1);
  if (is("ArrowUp")) return () => stepSelection(id, -1);
  if (is("ArrowDown")) return () => stepSelection(id, 1);
  if (is(shortcuts.remove)) return () => removeCell(id);
  if (is(shortcuts.addAbove)) return () => addCell("code", position);
  if (is(shortcuts.addBelow)) return () => addCell("code", position + 1);
  if (is("Enter")) {
    return type === "markdown"
      ? () => focusStore.getState().editCell(id)
      : () => focusStore.getState().goTo({ cell: id, line: 1, column: 1 });
  }
  return undefined;
}

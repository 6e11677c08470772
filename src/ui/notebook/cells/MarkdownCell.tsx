import { Check, Pencil } from "lucide-react";
import { useEffect, useRef, type KeyboardEvent } from "react";
import { useStore } from "zustand";
import type { Cell } from "../../../notebook/notebookDocument";
import { documentStore, focusStore } from "../../../store/stores";
import { useModule } from "../../lazyModule";
import { matchesShortcut, shortcuts } from "../../shortcuts";
import { useTexts } from "../../Texts";
import { IconButton } from "../../widgets/controls/Button";
import { CellMenu } from "./CellMenu";
import { focusCell } from "./cellCommands";
import styles from "./MarkdownCell.module.css";
import { markdownModule } from "../parts";

interface MarkdownCellProps {
  cell: Cell;
  position: number;
  count: number;
}

/** A text cell: rendered for reading, Markdown for editing. A double click, Enter or the button opens it. */
export function MarkdownCell({ cell, position, count }: MarkdownCellProps) {
  const texts = useTexts().cells;
  const editing = useStore(focusStore, (state) => state.editing === cell.id);
  const markdown = useModule(markdownModule);
  const { editCell } = focusStore.getState();
  return (
    <div className={styles.cell}>
      {editing ? (
        <MarkdownField cell={cell} position={position} />
      ) : (
        <div className={styles.reading} onDoubleClick={() => editCell(cell.id)}>
          {cell.source.trim() === "" ? (
            <p className={styles.empty}>{texts.emptyText}</p>
          ) : markdown ? (
            <markdown.MarkdownView source={cell.source} />
          ) : (
            <p className={styles.plain}>{cell.source}</p>
          )}
        </div>
      )}
      <div className={styles.tools}>
        {editing ? (
          <IconButton label={texts.doneEditing} shortcut={shortcuts.run} small onPress={() => close(cell.id)}>
            <Check />
          </IconButton>
        ) : (
          <IconButton label={texts.edit} shortcut="Enter" small onPress={() => editCell(cell.id)}>
            <Pencil />
          </IconButton>
        )}
        <CellMenu cell={cell} position={position} count={count} />
      </div>
    </div>
  );
}

function close(id: string) {
  focusStore.getState().editCell(null);
  focusCell(id);
}

function MarkdownField({ cell, position }: { cell: Cell; position: number }) {
  const texts = useTexts().cells;
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    field.current?.focus({ preventScroll: true });
    field.current?.scrollIntoView({ block: "nearest" });
  }, []);

  function onKeyDown(event: KeyboardEvent) {
    const { undo, redo } = documentStore.getState();
    const isRedo = matchesShortcut(event, shortcuts.redo) || matchesShortcut(event, shortcuts.redoWindows);
    const command = matchesShortcut(event, shortcuts.undo) ? undo : isRedo ? redo : undefined;
    const done = matchesShortcut(event, shortcuts.run) || event.key === "Escape";
    // Escape belongs to the input method.
    if ((!command && !done) || event.nativeEvent.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    if (command) command();
    else close(cell.id);
  }

  return (
    <textarea
      ref={field}
      className={styles.field}
      aria-label={texts.editor(texts.kinds.markdown, position + 1)}
      value={cell.source}
      rows={Math.max(3, cell.source.split("\n").length + 1)}
      onChange={(event) => documentStore.getState().setSource(cell.id, event.target.value)}
      onBlur={() => documentStore.getState().seal()}
      onKeyDown={onKeyDown}
    />
  );
}

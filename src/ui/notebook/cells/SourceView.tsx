import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import type { Cell } from "../../../notebook/notebookDocument";
import type { CellFace } from "../../../store/document/documentStore";
import { documentStore, focusStore, runStore, settingsStore } from "../../../store/stores";
import { useModule } from "../../lazyModule";
import { useTexts } from "../../Texts";
import type { Editor } from "../editor/createEditor";
import { editorModule } from "../parts";
import styles from "./SourceView.module.css";

interface SourceViewProps {
  cell: Cell;
  face: CellFace;
  position: number;
}

/** A cell's source: plain text at first, an editor as soon as its code is loaded and the cell is near the viewport. */
export function SourceView({ cell, face, position }: SourceViewProps) {
  const texts = useTexts();
  const box = useRef<HTMLDivElement>(null);
  const place = useStore(focusStore, (state) => (state.cursorTarget?.cell === cell.id ? state.cursorTarget : null));
  const near = useNearView(box);
  const module = useModule(editorModule, near || place !== null);
  const editor = useRef<Editor>(null);
  const [mounted, setMounted] = useState(false);
  const label = texts.cells.editor(texts.cells.kinds[face], position + 1);
  const editable = cell.type === "code";
  const ready = editable && module !== undefined && near;

  // Before painting, so that text and editor are never visible together.
  useLayoutEffect(() => {
    if (!ready) return;
    const made = module.createEditor({
      parent: box.current!,
      source: documentStore.getState().document.cells.find(({ id }) => id === cell.id)?.source ?? "",
      onChange: (source) => documentStore.getState().setSource(cell.id, source),
      onBlur: () => documentStore.getState().seal(),
      undo: () => documentStore.getState().undo(),
      redo: () => documentStore.getState().redo(),
      hints: { language: () => settingsStore.getState().language, sources: codeSources },
    });
    editor.current = made;
    setMounted(true);
    return () => {
      made.destroy();
      editor.current = null;
      setMounted(false);
    };
  }, [ready, module, cell.id]);

  useEffect(
    () => editor.current?.setTexts({ label, help: texts.cells.editorHelp, phrases: texts.editor }),
    [label, texts, mounted],
  );
  useEffect(() => editor.current?.setSource(cell.source), [cell.source, mounted]);

  const errorLine = useErrorLine(cell);
  useEffect(() => editor.current?.markLine(errorLine), [errorLine, mounted]);

  useEffect(() => {
    if (!place || !editor.current) return;
    const taken = focusStore.getState().consumeCursorTarget(cell.id);
    if (taken) editor.current.goTo(taken.line, taken.column);
  }, [place, mounted, cell.id]);

  return (
    <div ref={box} className={styles.source}>
      {!mounted && (
        <pre className={styles.plain} tabIndex={0} aria-label={label}>
          {cell.source.split("\n").map((line, index) => (
            <code key={index} className={styles.line}>
              {line || <br />}
            </code>
          ))}
        </pre>
      )}
    </div>
  );
}

function codeSources(): string[] {
  const { cells } = documentStore.getState().document;
  return cells.filter(({ type }) => type === "code").map(({ source }) => source);
}

/** The line where the cell's last run failed, as long as its source is unchanged. */
function useErrorLine(cell: Cell): number | null {
  return useStore(runStore, ({ runs }) => {
    const run = runs[cell.id];
    if (run?.status !== "error" || run.source !== cell.source) return null;
    const last = run.outputs.findLast(({ type }) => type === "error");
    return last?.type === "error" && last.error.place?.cell === cell.id ? last.error.place.line : null;
  });
}

/** True once the element has been within one screen of the viewport. */
function useNearView(element: React.RefObject<HTMLElement | null>): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (near || !element.current) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setNear(true);
      },
      // Relative to the scrolling pane: a margin of the window does not cover what the pane clips.
      { root: element.current.closest("[data-scroller]"), rootMargin: "100% 0px" },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [near, element]);
  return near;
}

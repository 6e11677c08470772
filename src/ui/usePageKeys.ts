import { useEffect } from "react";
import { autosave, documentStore, focusStore, runStore } from "../store/stores";
import { matchesShortcut, shortcuts, type Shortcut } from "./shortcuts";

const commands: readonly [Shortcut, () => void][] = [
  [shortcuts.undo, () => documentStore.getState().undo()],
  [shortcuts.redo, () => documentStore.getState().redo()],
  [shortcuts.redoWindows, () => documentStore.getState().redo()],
  [shortcuts.stop, () => void runStore.getState().stop()],
  [shortcuts.runAll, () => runStore.getState().runAll()],
  [shortcuts.save, () => void autosave.flush()],
  [shortcuts.run, runSelected],
];

/** Global shortcuts; the focused element has precedence. */
export function usePageKeys(): void {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented) return;
      const found = commands.find(([shortcut]) => matchesShortcut(event, shortcut));
      if (!found) return;
      const [shortcut, command] = found;
      // A field undoes its own typing, and elements outside of the document undo nothing.
      if (
        keepsUndo(event.target) &&
        [shortcuts.undo, shortcuts.redo, shortcuts.redoWindows].some((one) => one === shortcut)
      ) {
        return;
      }
      event.preventDefault();
      command();
    }
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}

function keepsUndo(target: EventTarget | null): boolean {
  if (target instanceof Element && target.closest("[data-no-undo]")) return true;
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

function runSelected() {
  const { cell } = focusStore.getState();
  if (cell !== null) runStore.getState().run([cell]);
}

import { useMemo } from "react";
import { parseCell } from "../../notebook/composition/composition";
import { type BlockPath, type Kinds, nodeAt } from "../../notebook/composition/compositionTree";
import type { Direction } from "../../store/composer/composerEdits";
import { cellById } from "../../store/document/documentStore";
import { composerEdits, composerStore } from "../../store/modelStores";
import { documentStore, focusStore } from "../../store/stores";
import { useTexts } from "../Texts";
import { useComposer } from "./composerContext";

/** The location of a block that was just edited: its position among its siblings, and its container. */
function placeOf(cell: string, path: BlockPath, kinds: Kinds) {
  const source = cellById(documentStore.getState().document, cell)?.source ?? "";
  const parsed = parseCell(source, kinds);
  const container = parsed.ok ? nodeAt(parsed.compositions, path.slice(0, -1)) : undefined;
  const count = container?.type === "block" ? (container.children?.length ?? 0) : 0;
  return { place: path.at(-1)! + 1, count, container };
}

/** The user's actions on a block: the edit, the focus afterwards, and the announcement for screen readers. */
export function useBlockActions() {
  const texts = useTexts().composer;
  const { cell, kinds, compositions, titleOf, say, focus } = useComposer();
  return useMemo(() => {
    const title = (path: BlockPath) => {
      const node = nodeAt(compositions, path);
      return node ? titleOf(node) : "";
    };
    /** The path that the last edit selected. */
    const selected = (): BlockPath => {
      const { selection } = composerStore.getState();
      return selection?.type === "block" ? selection.path : [];
    };
    const finish = (done: boolean, sentence: string): boolean => {
      if (!done) return false;
      say(sentence);
      focus(selected());
      return true;
    };
    const arrival = (moved: string): string => {
      const { place, count, container } = placeOf(cell, selected(), kinds);
      return texts.said.moved(moved, place, count, container ? titleOf(container) : "");
    };
    const paste = (path: BlockPath, text: string): boolean => {
      const done = composerEdits.paste(cell, path, text);
      if (!done) say(texts.errors.paste);
      return finish(done, texts.said.added(text.split("\n")[0]!));
    };
    const copy = (path: BlockPath): string | null => {
      const text = composerEdits.copy(cell, path);
      if (text !== null) say(texts.said.copied(title(path)));
      return text;
    };
    const remove = (path: BlockPath): boolean =>
      finish(composerEdits.remove(cell, path), texts.said.removed(title(path)));
    return {
      paste,
      remove,
      step(path: BlockPath, direction: Direction): boolean {
        const moved = composerEdits.step(cell, path, direction);
        if (!moved) say(texts.said.stays(title(path)));
        return finish(moved, moved ? arrival(title(path)) : "");
      },
      move(path: BlockPath, parent: BlockPath, index: number): boolean {
        const done = composerEdits.move(cell, path, parent, index);
        return finish(done, done ? arrival(title(path)) : "");
      },
      duplicate: (path: BlockPath) => finish(composerEdits.duplicate(cell, path), texts.said.duplicated(title(path))),
      wrap: (path: BlockPath, kind: string) => finish(composerEdits.wrap(cell, path, kind), texts.said.added(kind)),
      openFields(path: BlockPath): void {
        composerStore.getState().select({ type: "block", cell, path });
        composerStore.getState().open(cell, path);
      },
      /** Shows the block in the inspector, which on a phone is another pane. */
      inspect(path: BlockPath): void {
        composerStore.getState().select({ type: "block", cell, path });
        focusStore.getState().showPane("inspector");
      },
      copy(path: BlockPath): void {
        const text = copy(path);
        // Some browsers reject this without a permission; then the copy in the store is pasted.
        if (text !== null) void navigator.clipboard?.writeText(text).catch(() => undefined);
      },
      cut(path: BlockPath): void {
        const text = copy(path);
        if (text === null || !remove(path)) return;
        void navigator.clipboard?.writeText(text).catch(() => undefined);
      },
      copyText: copy,
      pasteCopied(path: BlockPath): void {
        const { copied } = composerStore.getState();
        if (copied === null) say(texts.errors.paste);
        else paste(path, copied);
      },
    };
  }, [cell, kinds, compositions, titleOf, say, focus, texts]);
}

export type BlockActions = ReturnType<typeof useBlockActions>;

import type { ClipboardEvent, KeyboardEvent, RefObject } from "react";
import { type BlockPath, nodeAt, walkCompositions } from "../../notebook/compositionTree";
import { pathKey } from "../../store/blockStates";
import { composerStore } from "../../store/stores";
import { useComposer } from "./composerContext";
import { cardCommand, type CardCommand } from "./composerKeys";
import type { BlockActions } from "./useBlockActions";

/** Keys and clipboard of the cards. What happens in a card's own inputs is theirs. */
export function useCardKeys(tree: RefObject<HTMLElement | null>, actions: BlockActions) {
  const { cell, compositions, collapsed, broken } = useComposer();
  const visible = walkCompositions(compositions)
    .map(({ path }) => path)
    .filter((path) => path.every((_, depth) => depth === 0 || !collapsed.has(pathKey(path.slice(0, depth)))));

  function focusCard(path: BlockPath | undefined): void {
    if (path) tree.current?.querySelector<HTMLElement>(`[data-path="${pathKey(path)}"]`)?.focus();
  }

  /** Opens the palette at a joint. */
  function add(parent: BlockPath, index: number): void {
    tree.current?.querySelector<HTMLElement>(`[data-add="${pathKey(parent)}:${index}"]`)?.click();
  }

  function childCount(path: BlockPath): number | null {
    const node = nodeAt(compositions, path);
    return node?.type === "block" && node.children ? node.children.length : null;
  }

  const walk: Partial<Record<CardCommand, (path: BlockPath, place: number) => void>> = {
    previous: (_, place) => focusCard(visible[place - 1]),
    next: (_, place) => focusCard(visible[place + 1]),
    first: () => focusCard(visible[0]),
    last: () => focusCard(visible.at(-1)),
    inward: (path) => {
      if (childCount(path) === null) return;
      if (collapsed.has(pathKey(path))) composerStore.getState().toggleCollapsed(cell, path);
      else if (childCount(path)) focusCard([...path, 0]);
    },
    outward: (path) => {
      const open = childCount(path) !== null && !collapsed.has(pathKey(path));
      if (open) composerStore.getState().toggleCollapsed(cell, path);
      else if (path.length > 1) focusCard(path.slice(0, -1));
    },
    deselect: () => {
      composerStore.getState().open(cell, null);
      composerStore.getState().select(null);
    },
  };

  const edit: Partial<Record<CardCommand, (path: BlockPath) => void>> = {
    up: (path) => actions.step(path, "up"),
    down: (path) => actions.step(path, "down"),
    out: (path) => actions.step(path, "out"),
    in: (path) => actions.step(path, "in"),
    remove: (path) => actions.remove(path),
    duplicate: (path) => actions.duplicate(path),
    fields: (path) => openFields(path),
    addAfter: (path) => (path.length > 1 ? add(path.slice(0, -1), path.at(-1)! + 1) : add(path, childCount(path) ?? 0)),
    addBefore: (path) => (path.length > 1 ? add(path.slice(0, -1), path.at(-1)!) : add(path, 0)),
  };

  /** Opens a card's fields with the first one ready to type, or closes them. */
  function openFields(path: BlockPath): void {
    const { opened, open } = composerStore.getState();
    if (opened === `${cell}:${pathKey(path)}`) return open(cell, null);
    actions.openFields(path);
    requestAnimationFrame(() =>
      tree.current
        ?.querySelector<HTMLElement>(`[data-path="${pathKey(path)}"] [data-fields] :is(input, button)`)
        ?.focus({ preventScroll: true }),
    );
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const path = pathOf(event.target);
    if (!path) return leaveFields(event);
    const command = cardCommand(event);
    const action = command && (walk[command] ?? (broken ? undefined : edit[command]));
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action(
      path,
      visible.findIndex((other) => pathKey(other) === pathKey(path)),
    );
  }

  function onCopy(event: ClipboardEvent<HTMLElement>): void {
    const path = pathOf(event.target);
    const text = path && actions.copyText(path);
    if (!text || !path) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", text);
    if (event.type === "cut" && !broken) actions.remove(path);
  }

  function onPaste(event: ClipboardEvent<HTMLElement>): void {
    const path = pathOf(event.target);
    if (!path || broken) return;
    event.preventDefault();
    actions.paste(path, event.clipboardData.getData("text/plain"));
  }

  return { onKeyDown, onCopy, onCut: onCopy, onPaste };
}

/** The path of the card that has the focus itself; null while something in it has. */
function pathOf(target: EventTarget): number[] | null {
  const { role, dataset } = target as HTMLElement;
  return role === "treeitem" && dataset.path ? dataset.path.split("/").map(Number) : null;
}

/** Escape in a card's input goes back to the card. */
function leaveFields(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const card = (event.target as HTMLElement).closest<HTMLElement>("[role=treeitem]");
  if (!card) return;
  event.stopPropagation();
  card.focus();
}

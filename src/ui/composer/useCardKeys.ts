import type { ClipboardEvent, KeyboardEvent, RefObject } from "react";
import { type BlockPath, nodeAt, walkCompositions } from "../../notebook/composition/compositionTree";
import { pathKey } from "../../store/composer/blockStates";
import { composerEdits, composerStore } from "../../store/modelStores";
import { type ComposerValue, useComposer } from "./composerContext";
import { cardCommand, type CardCommand } from "./composerKeys";
import type { BlockActions } from "./useBlockActions";

type Tree = RefObject<HTMLElement | null>;
type Commands = Partial<Record<CardCommand, (path: BlockPath) => void>>;

/** Keys and clipboard of the cards. Events in a card's inputs are left to them. */
export function useCardKeys(tree: Tree, actions: BlockActions) {
  const composer = useComposer();
  const walk = walkCommands(tree, composer);
  const edit = editCommands(tree, composer, actions);

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const path = pathOf(event.target);
    if (!path) return returnToCard(event);
    const command = cardCommand(event);
    const action = command && (walk[command] ?? (composer.broken ? undefined : edit[command]));
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action(path);
  }

  function onCopy(event: ClipboardEvent<HTMLElement>): void {
    const path = pathOf(event.target);
    const text = path && actions.copyText(path);
    if (!text || !path) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", text);
    if (event.type === "cut" && !composer.broken) actions.remove(path);
  }

  function onPaste(event: ClipboardEvent<HTMLElement>): void {
    const path = pathOf(event.target);
    if (!path || composer.broken) return;
    event.preventDefault();
    actions.paste(path, event.clipboardData.getData("text/plain"));
  }

  return { onKeyDown, onCopy, onCut: onCopy, onPaste };
}

/** The targets of the arrow keys. */
function walkCommands(tree: Tree, { cell, compositions, collapsed }: ComposerValue): Commands {
  const visible = walkCompositions(compositions)
    .map(({ path }) => path)
    .filter((path) => path.every((_, depth) => depth === 0 || !collapsed.has(pathKey(path.slice(0, depth)))));
  const focusCard = (path: BlockPath | undefined): void => {
    if (path) tree.current?.querySelector<HTMLElement>(`[data-path="${pathKey(path)}"]`)?.focus();
  };
  const beside = (path: BlockPath, by: number) =>
    visible[visible.findIndex((other) => pathKey(other) === pathKey(path)) + by];
  return {
    previous: (path) => focusCard(beside(path, -1)),
    next: (path) => focusCard(beside(path, 1)),
    first: () => focusCard(visible[0]),
    last: () => focusCard(visible.at(-1)),
    inward: (path) => {
      if (collapsed.has(pathKey(path))) composerEdits.toggleCollapsed(cell, path);
      else if (childCount(compositions, path)) focusCard([...path, 0]);
    },
    outward: (path) => {
      const open = childCount(compositions, path) !== null && !collapsed.has(pathKey(path));
      if (open) composerEdits.toggleCollapsed(cell, path);
      else if (path.length > 1) focusCard(path.slice(0, -1));
    },
    deselect: () => {
      composerStore.getState().open(cell, null);
      composerStore.getState().select(null);
    },
  };
}

function editCommands(tree: Tree, { cell, compositions }: ComposerValue, actions: BlockActions): Commands {
  /** Opens the palette at a joint. */
  const add = (parent: BlockPath, index: number): void =>
    tree.current?.querySelector<HTMLElement>(`[data-add="${pathKey(parent)}:${index}"]`)?.click();
  /** Opens a card's fields and focuses the first one, or closes them. */
  const toggleFields = (path: BlockPath): void => {
    const { opened, open } = composerStore.getState();
    if (opened === `${cell}:${pathKey(path)}`) return open(cell, null);
    actions.openFields(path);
    const first = `[data-path="${pathKey(path)}"] [data-fields] :is(input, button)`;
    requestAnimationFrame(() => tree.current?.querySelector<HTMLElement>(first)?.focus({ preventScroll: true }));
  };
  return {
    up: (path) => actions.step(path, "up"),
    down: (path) => actions.step(path, "down"),
    out: (path) => actions.step(path, "out"),
    in: (path) => actions.step(path, "in"),
    remove: (path) => actions.remove(path),
    duplicate: (path) => actions.duplicate(path),
    fields: toggleFields,
    addAfter: (path) =>
      path.length > 1 ? add(path.slice(0, -1), path.at(-1)! + 1) : add(path, childCount(compositions, path) ?? 0),
    addBefore: (path) => (path.length > 1 ? add(path.slice(0, -1), path.at(-1)!) : add(path, 0)),
  };
}

function childCount(compositions: ComposerValue["compositions"], path: BlockPath): number | null {
  const node = nodeAt(compositions, path);
  return node?.type === "block" && node.children ? node.children.length : null;
}

/** The path of the card that is focused itself; null if the focus is inside a card. */
function pathOf(target: EventTarget): number[] | null {
  const { role, dataset } = target as HTMLElement;
  return role === "treeitem" && dataset.path ? dataset.path.split("/").map(Number) : null;
}

/** Escape in a card's input returns to the card. */
function returnToCard(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const card = (event.target as HTMLElement).closest<HTMLElement>("[role=treeitem]");
  if (!card) return;
  event.stopPropagation();
  card.focus();
}

import { useCallback, useEffect, useMemo, useRef, useState, type FocusEvent } from "react";
import { useStore } from "zustand";
import {
  type BlockPath,
  type CompositionNode,
  kindInfoOf,
  nodeAt,
  walkCompositions,
} from "../../notebook/composition/compositionTree";
import { tieAt, tiesOf } from "../../notebook/composition/compositionTies";
import type { Cell } from "../../notebook/notebookDocument";
import { pathKey } from "../../store/composer/blockStates";
import { collapsedPaths } from "../../store/composer/composerEdits";
import { composerEdits, composerStore } from "../../store/modelStores";
import { useLanguage, useTexts } from "../Texts";
import { Button } from "../widgets/controls/Button";
import { BlockCard } from "./cards/BlockCard";
import styles from "./Composer.module.css";
import { ComposerContext, type ComposerValue } from "./composerContext";
import "./palette/families.css";
import { FamilyIcon } from "./palette/FamilyIcon";
import { familyOf } from "./palette/families";
import { useBlockActions } from "./useBlockActions";
import { useBlockDrag } from "./drag/useBlockDrag";
import { useCardKeys } from "./useCardKeys";
import { type CellCompositions, useCompositions } from "./useCompositions";

/** The models that a cell declares, drawn as nested cards; every edit is an edit of the cell's source. */
export function Composer({ cell }: { cell: Cell }) {
  const texts = useTexts().composer;
  const language = useLanguage();
  const read = useCompositions(cell);
  const { compositions, brokenLine, kinds } = read;
  if (compositions.length === 0) {
    const containers = kinds.blocks.filter(({ children }) => children === "list");
    return (
      <div className={styles.blank}>
        <p className={styles.note}>{brokenLine === null ? texts.noModel : texts.broken(brokenLine)}</p>
        {brokenLine === null &&
          containers.map(({ kind, title }) => (
            <Button key={kind} onPress={() => composerEdits.start(cell.id, kind)}>
              {texts.start(title[language])}
            </Button>
          ))}
      </div>
    );
  }
  return <CardTree cell={cell} read={read} />;
}

function CardTree({ cell, read }: { cell: Cell; read: CellCompositions }) {
  const texts = useTexts().composer;
  const tree = useRef<HTMLUListElement>(null);
  const [said, setSaid] = useState("");
  const focus = useFocusAfterEdit(tree);
  const value = useComposerValue(cell, read, setSaid, focus);
  useAnnounceBuilt(read, setSaid);
  return (
    <ComposerContext value={value}>
      <Cards value={value} tree={tree} brokenLine={read.brokenLine} />
      <p className={styles.said} aria-live="polite">
        {said}
      </p>
      <p id={`help-${cell.id}`} className={styles.said}>
        {texts.help}
      </p>
    </ComposerContext>
  );
}

interface CardsProps {
  value: ComposerValue;
  tree: React.RefObject<HTMLUListElement | null>;
  brokenLine: number | null;
}

function Cards({ value, tree, brokenLine }: CardsProps) {
  const texts = useTexts().composer;
  const { cell, compositions, broken, titleOf, say } = value;
  const actions = useBlockActions();
  const { drag, ghost, onPointerDown } = useBlockDrag({
    root: tree,
    disabled: broken,
    onStart: (path) => say(texts.said.dragging(titleOf(nodeAt(compositions, path)!))),
    onDrop: (path, parent, index) => actions.move(path, parent, index),
  });
  const keys = useCardKeys(tree, actions);
  const fromPalette = useStore(composerStore, ({ dropSlot }) =>
    dropSlot?.startsWith(`${cell}|`) ? dropSlot.slice(cell.length + 1) : null,
  );
  const dragged = drag && pathKey(drag.path);
  const slot = drag?.slot ?? fromPalette;
  const withDrag = useMemo(() => ({ ...value, dropSlot: slot, dragged }), [value, slot, dragged]);
  const draggedNode = drag && nodeAt(compositions, drag.path);

  function onFocus(event: FocusEvent<HTMLElement>) {
    const key = event.target.closest<HTMLElement>("[data-path]")?.dataset.path;
    const path = key?.split("/").map(Number);
    if (path && key !== value.selected) composerStore.getState().select({ type: "block", cell, path });
  }

  return (
    <ComposerContext value={withDrag}>
      {brokenLine !== null && (
        <p className={styles.broken} role="status">
          {texts.broken(brokenLine)}
        </p>
      )}
      <ul
        ref={tree}
        className={styles.tree}
        role="tree"
        aria-label={texts.model(compositions.map(({ variable }) => variable).join(", "))}
        aria-describedby={`help-${cell}`}
        data-cell={broken ? undefined : cell}
        data-broken={broken || undefined}
        data-dragging={drag ? true : undefined}
        onFocus={onFocus}
        onPointerDown={onPointerDown}
        {...keys}
      >
        {compositions.map(({ root, variable }, index) => (
          <BlockCard key={variable} node={root} path={[index]} siblings={compositions.length} />
        ))}
      </ul>
      {draggedNode && (
        <div ref={ghost} className={styles.ghost} aria-hidden="true">
          <FamilyIcon
            family={familyOf(
              draggedNode.type === "block" ? kindInfoOf(value.kinds.blocks, draggedNode.kind) : undefined,
            )}
          />
          {draggedNode.type === "block" ? titleOf(draggedNode) : <code>{draggedNode.text.split("\n")[0]}</code>}
        </div>
      )}
    </ComposerContext>
  );
}

/** Announces once that shapes have become known, which the cards show one after another. */
function useAnnounceBuilt({ compositions, states }: CellCompositions, announce: (sentence: string) => void): void {
  const texts = useTexts().composer.said;
  const known = compositions.every((_, index) => states.get(pathKey([index]))?.description?.outputShape);
  const before = useRef(known);
  useEffect(() => {
    if (known && !before.current) announce(texts.built);
    before.current = known;
  }, [known, announce, texts]);
}

/** State shared by the cards, which stays the same while a card is dragged. */
function useComposerValue(
  cell: Cell,
  read: CellCompositions,
  say: (sentence: string) => void,
  focus: (path: BlockPath) => void,
): ComposerValue {
  const texts = useTexts().composer;
  const language = useLanguage();
  const selection = useStore(composerStore, (state) => state.selection);
  const opened = useStore(composerStore, (state) => state.opened);
  const { compositions, kinds, states, edited, brokenLine } = read;
  return useMemo(() => {
    const own = selection?.type === "block" && selection.cell === cell.id && nodeAt(compositions, selection.path);
    const selected = own ? pathKey(selection.path) : null;
    const ties = tiesOf(compositions);
    const order = new Map(walkCompositions(compositions).map(({ path }, index) => [pathKey(path), index]));
    return {
      cell: cell.id,
      kinds,
      compositions,
      broken: brokenLine !== null,
      edited,
      collapsed: collapsedPaths(cell.view),
      selected,
      tabStop: selected ?? "0",
      opened: opened?.startsWith(`${cell.id}:`) ? opened.slice(cell.id.length + 1) : null,
      dropSlot: null,
      dragged: null,
      stateOf: (path) => states.get(pathKey(path)),
      tieOf: (path) => tieAt(ties, compositions, path),
      titleOf: (node: CompositionNode) =>
        node.type === "code" ? texts.code : (kindInfoOf(kinds.blocks, node.kind)?.title[language] ?? node.kind),
      // The joint at a container's end follows everything in it.
      orderOf: (path) =>
        order.get(pathKey(path)) ??
        [...order].filter(([key]) => key.startsWith(`${pathKey(path.slice(0, -1))}/`)).length +
          (order.get(pathKey(path.slice(0, -1))) ?? 0) +
          1,
      say,
      focus,
    };
  }, [
    cell.id,
    cell.view,
    compositions,
    kinds,
    states,
    edited,
    brokenLine,
    selection,
    opened,
    texts,
    language,
    say,
    focus,
  ]);
}

/** Focuses the card at a path once the edit that put it there is rendered. */
function useFocusAfterEdit(tree: React.RefObject<HTMLElement | null>): (path: BlockPath) => void {
  const wanted = useRef<string>(undefined);
  const [, draw] = useState(0);
  useEffect(() => {
    const key = wanted.current;
    if (key === undefined) return;
    const card = tree.current?.querySelector<HTMLElement>(`[data-path="${key}"]`);
    if (!card) return;
    wanted.current = undefined;
    card.focus({ preventScroll: true });
    card.querySelector("[data-head], [data-family]")?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  });
  return useCallback((path) => {
    wanted.current = pathKey(path);
    draw((count) => count + 1);
  }, []);
}

import { Fragment, useState } from "react";
import { Button } from "react-aria-components/Button";
import { useStore } from "zustand";
import type { KindInfo } from "../../../base/info";
import { parseCell } from "../../../notebook/composition/composition";
import { type BlockPath, nodeAt } from "../../../notebook/composition/compositionTree";
import { composerEdits, composerStore, kindsStore } from "../../../store/modelStores";
import { documentStore, focusStore } from "../../../store/stores";
import { useLanguage, useTexts } from "../../Texts";
import { Hint } from "../../widgets/controls/Button";
import { TooltipTrigger } from "react-aria-components/Tooltip";
import styles from "./BlockPalette.module.css";
import "./families.css";
import { nearestSlot, readSlot } from "../drag/dropSlots";
import { familyOf, groupByFamily } from "./families";
import { FamilyIcon } from "./FamilyIcon";
import { usePointerDrag } from "../drag/usePointerDrag";

/** All available blocks: drag one onto a model, or press it to insert it after the selected block. */
export function BlockPalette() {
  const { palette: texts, families } = useTexts().composer;
  const language = useLanguage();
  const blocks = useStore(kindsStore, ({ kinds }) => kinds.blocks);
  const own = useStore(kindsStore, (state) => state.own);
  const [said, setSaid] = useState("");
  const { drag, ghost, onPointerDown } = usePaletteDrag(blocks);

  function add(info: KindInfo) {
    const place = palettePlace();
    const added = place !== null && composerEdits.insert(place.cell, place.parent, place.index, info.kind);
    setSaid(added ? "" : texts.noModel);
    if (added) focusStore.getState().showPane("notebook");
  }

  return (
    <section className={styles.section} aria-label={texts.blocks} onPointerDownCapture={onPointerDown}>
      <h2 className={styles.title}>{texts.blocks}</h2>
      {groupByFamily(blocks.filter(({ constructed }) => !constructed)).map(({ family, kinds }) => (
        <Fragment key={family}>
          <h3 className={styles.family}>{families[family]}</h3>
          <Tiles blocks={kinds} onAdd={add} label={families[family]} />
        </Fragment>
      ))}
      <h3 className={styles.family}>{texts.own}</h3>
      {own.length > 0 ? (
        <Tiles blocks={own} onAdd={add} label={texts.own} />
      ) : (
        <p className={styles.said}>{texts.noOwn}</p>
      )}
      <p className={styles.said} role="status">
        {said}
      </p>
      {drag && (
        <div ref={ghost} className={styles.ghost} aria-hidden="true">
          <FamilyIcon family={familyOf(drag.taken)} />
          {drag.taken.title[language]}
        </div>
      )}
    </section>
  );
}

interface TilesProps {
  blocks: readonly KindInfo[];
  onAdd: (info: KindInfo) => void;
  label: string;
}

function Tiles({ blocks, onAdd, label }: TilesProps) {
  const language = useLanguage();
  return (
    <ul className={styles.list} aria-label={label}>
      {blocks.map((info) => (
        <li key={info.kind} data-kind={info.kind}>
          <TooltipTrigger delay={600}>
            <Button className={styles.tile} onPress={() => onAdd(info)}>
              <FamilyIcon family={familyOf(info)} />
              <span className={styles.name}>{info.title[language]}</span>
            </Button>
            <Hint label={info.description[language]} />
          </TooltipTrigger>
        </li>
      ))}
    </ul>
  );
}

/** Drags a kind with the mouse to a joint of any model on the page. */
function usePaletteDrag(blocks: readonly KindInfo[]) {
  return usePointerDrag<KindInfo>({
    take: ({ target, pointerType }) => {
      const kind = (target as HTMLElement).closest<HTMLElement>("[data-kind]")?.dataset.kind;
      return pointerType === "mouse" ? (blocks.find((info) => info.kind === kind) ?? null) : null;
    },
    onStart: () => undefined,
    slotAt: (_, x, y) => {
      const tree = document.elementFromPoint(x, y)?.closest<HTMLElement>("[role=tree][data-cell]");
      const slot = tree && nearestSlot(tree, x, y)?.dataset.slot;
      return slot ? `${tree.dataset.cell}|${slot}` : null;
    },
    onOver: (dropSlot) => composerStore.setState({ dropSlot }),
    onDrop: (info, place) => {
      const [cell, slot] = place.split("|") as [string, string];
      composerEdits.insert(cell, ...readSlot(slot), info.kind);
    },
  });
}

/** After the selected block, or at the end of the selected or otherwise the first model. */
function palettePlace(): { cell: string; parent: BlockPath; index: number } | null {
  const { selection } = composerStore.getState();
  const { kinds } = kindsStore.getState();
  const { cells } = documentStore.getState().document;
  if (selection?.type === "block" && selection.path.length > 1) {
    const { cell, path } = selection;
    return { cell, parent: path.slice(0, -1), index: path.at(-1)! + 1 };
  }
  const selected = selection?.type === "block" ? selection.cell : null;
  const models = cells
    .filter(({ kind }) => kind === "model")
    .sort((a, b) => Number(b.id === selected) - Number(a.id === selected));
  for (const { id, source } of models) {
    const parsed = parseCell(source, kinds);
    const root = parsed.ok ? nodeAt(parsed.compositions, [0]) : undefined;
    if (root?.type === "block" && root.children) return { cell: id, parent: [0], index: root.children.length };
  }
  return null;
}

import { ArrowDown, ArrowUp, Ellipsis, Eraser, Plus, Trash2 } from "lucide-react";
import { Button as AriaButton } from "react-aria-components/Button";
import { useStore } from "zustand";
import type { Cell } from "../../../notebook/notebookDocument";
import { runStore } from "../../../store/stores";
import { shortcuts } from "../../shortcuts";
import { useTexts } from "../../Texts";
import buttonStyles from "../../widgets/controls/Button.module.css";
import { classNames } from "../../classNames";
import { Menu, MenuItem, MenuSection } from "../../widgets/controls/Menu";
import { newCells } from "../AddCellBar";
import { addCell, moveCell, removeCell } from "./cellCommands";
import { CellIcon } from "./cellIcons";

interface CellMenuProps {
  cell: Cell;
  position: number;
  count: number;
}

/** All actions for a cell as a whole. */
export function CellMenu({ cell, position, count }: CellMenuProps) {
  const texts = useTexts().cells;
  const outputs = useStore(runStore, ({ runs }) => runs[cell.id]?.outputs.length ?? 0);
  return (
    <Menu
      label={texts.actions}
      trigger={
        <AriaButton
          className={classNames(buttonStyles.button, buttonStyles.icon, buttonStyles.plain, buttonStyles.small)}
          aria-label={texts.actions}
        >
          <Ellipsis aria-hidden="true" />
        </AriaButton>
      }
    >
      <MenuSection>
        <MenuItem
          label={texts.moveUp}
          icon={<ArrowUp />}
          shortcut={shortcuts.moveUp}
          disabled={position === 0}
          onAction={() => moveCell(cell.id, -1)}
        />
        <MenuItem
          label={texts.moveDown}
          icon={<ArrowDown />}
          shortcut={shortcuts.moveDown}
          disabled={position === count - 1}
          onAction={() => moveCell(cell.id, 1)}
        />
      </MenuSection>
      <MenuSection>
        {newCells.map((kind) => (
          <MenuItem
            key={kind}
            label={texts.addAbove(texts.kinds[kind])}
            icon={<CellIcon face={kind} />}
            onAction={() => addCell(kind, position)}
          />
        ))}
      </MenuSection>
      <MenuSection>
        {newCells.map((kind) => (
          <MenuItem
            key={kind}
            label={texts.addBelow(texts.kinds[kind])}
            icon={<Plus />}
            onAction={() => addCell(kind, position + 1)}
          />
        ))}
      </MenuSection>
      <MenuSection>
        {outputs > 0 && (
          <MenuItem label={texts.clear} icon={<Eraser />} onAction={() => runStore.getState().clearOutputs(cell.id)} />
        )}
        <MenuItem
          label={texts.remove}
          icon={<Trash2 />}
          shortcut={shortcuts.remove}
          danger
          onAction={() => removeCell(cell.id)}
        />
      </MenuSection>
    </Menu>
  );
}

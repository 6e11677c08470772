import { Plus } from "lucide-react";
import { Button as AriaButton } from "react-aria-components/Button";
import { useTexts } from "../Texts";
import { Menu, MenuItem } from "../widgets/controls/Menu";
import { newCells } from "./AddCellBar";
import styles from "./AddCellGap.module.css";
import { addCell } from "./cells/cellCommands";
import { CellIcon } from "./cells/cellIcons";

/** Between two cells: a small plus button that offers the kinds of cell. */
export function AddCellGap({ index }: { index: number }) {
  const texts = useTexts().cells;
  return (
    <div className={styles.gap}>
      <Menu
        label={texts.add}
        trigger={
          <AriaButton className={styles.plus} aria-label={texts.add}>
            <Plus aria-hidden="true" />
          </AriaButton>
        }
      >
        {newCells.map((cell) => (
          <MenuItem
            key={cell}
            label={texts.kinds[cell]}
            detail={texts.hints[cell]}
            icon={<CellIcon face={cell} />}
            onAction={() => addCell(cell, index)}
          />
        ))}
      </Menu>
    </div>
  );
}

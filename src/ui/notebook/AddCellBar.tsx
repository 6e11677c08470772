import { Button as AriaButton } from "react-aria-components/Button";
import type { NewCell } from "../../notebook/cells/cellTemplates";
import { useTexts } from "../Texts";
import { addCell } from "./cells/cellCommands";
import { CellIcon } from "./cells/cellIcons";
import styles from "./AddCellBar.module.css";

/** The kinds that can be added, in the order in which users look for them. */
export const newCells: readonly NewCell[] = ["markdown", "code", "model", "data"];

/** The end of the notebook, with buttons to add a cell. */
export function AddCellBar({ index }: { index: number }) {
  const texts = useTexts().cells;
  return (
    <div className={styles.bar} role="group" aria-label={texts.add}>
      {newCells.map((cell) => (
        <AriaButton key={cell} className={styles.choice} onPress={() => addCell(cell, index)}>
          <CellIcon face={cell} />
          <span className={styles.name}>{texts.kinds[cell]}</span>
          <span className={styles.hint}>{texts.hints[cell]}</span>
        </AriaButton>
      ))}
    </div>
  );
}

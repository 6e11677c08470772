import { useStore } from "zustand";
import { documentStore, libraryStore } from "../../store/stores";
import { useTexts } from "../Texts";
import { AddCellBar } from "./AddCellBar";
import { AddCellGap } from "./AddCellGap";
import { Banners } from "./Banners";
import { CellFrame } from "./cells/CellFrame";
import styles from "./Notebook.module.css";
import { useParts } from "./parts";

/** The document: its cells from top to bottom, and the places where cells can be added. */
export function Notebook() {
  const texts = useTexts().cells;
  const key = useStore(documentStore, (state) => state.key);
  const cells = useStore(documentStore, ({ document }) => document.cells);
  const opened = useStore(libraryStore, (state) => state.opened);
  const drawable = useParts(key, cells);
  if (!opened || !drawable) return <div className={styles.scroller} aria-busy="true" />;
  return (
    <div className={styles.scroller} data-scroller>
      <div className={styles.page}>
        <Banners />
        {cells.length === 0 && (
          <div className={styles.empty}>
            <h2>{texts.empty.title}</h2>
            <p>{texts.empty.text}</p>
          </div>
        )}
        <ol key={key} className={styles.cells} aria-label={texts.notebook}>
          {cells.map((cell, position) => (
            <li key={cell.id} className={styles.slot}>
              {position > 0 && <AddCellGap index={position} />}
              <CellFrame cell={cell} position={position} count={cells.length} />
            </li>
          ))}
        </ol>
        <AddCellBar index={cells.length} />
      </div>
    </div>
  );
}

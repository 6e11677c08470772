import { TriangleAlert } from "lucide-react";
import { useStore } from "zustand";
import { documentStore, runStore } from "../../../store/stores";
import { useTexts } from "../../Texts";
import { Button } from "../../widgets/controls/Button";
import styles from "./SessionEndNote.module.css";

/** Shown below a cell whose session ended while it ran: values are lost, and this is how to restore them. */
export function SessionEndNote({ id, position }: { id: string; position: number }) {
  const texts = useTexts().cells;
  const ended = useStore(runStore, ({ runs }) => runs[id]?.ended);
  if (!ended) return null;
  return (
    <div className={styles.note} role="status">
      <TriangleAlert aria-hidden="true" />
      <p>
        <strong>{texts.sessionEnd[ended]}</strong> {texts.sessionNew}
      </p>
      {position > 0 && (
        <Button small onPress={() => runAbove(position)}>
          {texts.runAbove}
        </Button>
      )}
    </div>
  );
}

function runAbove(position: number) {
  const above = documentStore.getState().document.cells.slice(0, position);
  runStore
    .getState()
    .run(above.filter(({ type, source }) => type === "code" && source.trim() !== "").map(({ id }) => id));
}

import { Play, Square } from "lucide-react";
import { useStore } from "zustand";
import type { Cell } from "../../../notebook/notebookDocument";
import type { CellFace } from "../../../store/document/documentStore";
import { documentStore, focusStore, runStore } from "../../../store/stores";
import { statusOf } from "../../../store/runs/runState";
import { WeightsMenu } from "../../files/WeightsMenu";
import { useModule } from "../../lazyModule";
import { shortcuts } from "../../shortcuts";
import { useTexts } from "../../Texts";
import { IconButton } from "../../widgets/controls/Button";
import { Segmented } from "../../widgets/controls/Segmented";
import { CellMenu } from "./CellMenu";
import { CellStatusLine } from "./CellStatusLine";
import { CellIcon } from "./cellIcons";
import styles from "./CodeCell.module.css";
import { DataForm } from "./DataForm";
import { Outputs } from "../outputs/Outputs";
import { composerModule } from "../parts";
import { PlanNotes } from "./PlanNotes";
import { SessionEndNote } from "./SessionEndNote";
import { SourceView } from "./SourceView";

interface CodeCellProps {
  cell: Cell;
  face: CellFace;
  position: number;
  count: number;
}

/** A cell that runs: its source, or the panel that shows its source in another form, and its outputs. */
export function CodeCell({ cell, face, position, count }: CodeCellProps) {
  const texts = useTexts().cells;
  const wanted = useStore(focusStore, ({ cursorTarget }) => cursorTarget?.cell === cell.id);
  const hasPanel = face === "model" || face === "data";
  const view = hasPanel && cell.view?.show !== "code" && !wanted ? "panel" : "code";
  const composer = useModule(composerModule, view === "panel" && face === "model");
  const showsSource = view === "code" || (face === "model" && !composer);
  return (
    <>
      <header className={styles.header}>
        {cell.type === "code" && <RunButton id={cell.id} />}
        <span className={styles.kind}>
          <CellIcon face={face} />
          {texts.kinds[face]}
        </span>
        <CellStatusLine id={cell.id} />
        <span className={styles.space} />
        {face === "model" && <WeightsMenu source={cell.source} />}
        {hasPanel && (
          <Segmented
            label={texts.view}
            value={view}
            choices={[
              { value: "panel", label: face === "model" ? texts.canvas : texts.form },
              { value: "code", label: texts.code },
            ]}
            onChange={(show) => documentStore.getState().setView(cell.id, { show })}
          />
        )}
        <CellMenu cell={cell} position={position} count={count} />
      </header>
      <div className={styles.body}>
        {cell.type === "raw" && <p className={styles.note}>{texts.rawNote}</p>}
        {showsSource && <SourceView cell={cell} face={face} position={position} />}
        {view === "panel" && face === "model" && composer && <composer.Composer cell={cell} />}
        {view === "panel" && face === "data" && <DataForm cell={cell} position={position} />}
      </div>
      <SessionEndNote id={cell.id} position={position} />
      <Outputs id={cell.id} />
      <PlanNotes id={cell.id} />
    </>
  );
}

function RunButton({ id }: { id: string }) {
  const texts = useTexts().cells;
  const status = useStore(runStore, (state) => statusOf(state, id));
  const active = status === "running" || status === "queued";
  return (
    <IconButton
      label={status === "queued" ? texts.unqueue : active ? texts.stopCell : texts.runCell}
      shortcut={active ? (status === "running" ? shortcuts.stop : undefined) : shortcuts.run}
      look={active ? "normal" : "plain"}
      small
      className={styles.run}
      onPress={() => (active ? void runStore.getState().stop(id) : runStore.getState().run([id]))}
    >
      {active ? <Square /> : <Play />}
    </IconButton>
  );
}

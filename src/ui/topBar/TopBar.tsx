import { Play, Redo2, RotateCcw, Square, Undo2 } from "lucide-react";
import { useStore } from "zustand";
import { documentStore, runStore } from "../../store/stores";
import { DeviceChip } from "../devices/DeviceChip";
import { shortcuts } from "../shortcuts";
import { ShareButton } from "../share/ShareDialog";
import { useLanguage, useTexts } from "../Texts";
import { Button, IconButton } from "../widgets/controls/Button";
import { Logo } from "./Logo";
import { SettingsMenu } from "./SettingsMenu";
import { TitleField } from "./TitleField";
import styles from "./TopBar.module.css";

/** Controls for the whole notebook: its title, its runs, its history, its device. */
export function TopBar() {
  const texts = useTexts().app;
  return (
    <header className={styles.bar}>
      <Logo />
      <TitleField />
      <div className={styles.actions} role="toolbar" aria-label={texts.toolbar}>
        <RunControls />
        <HistoryButtons />
      </div>
      <div className={styles.device}>
        <DeviceChip />
      </div>
      <div className={styles.page}>
        <ShareButton />
        <SettingsMenu />
      </div>
    </header>
  );
}

function RunControls() {
  const texts = useTexts().app;
  const busy = useStore(runStore, ({ running, queue }) => running !== null || queue.length > 0);
  const stopping = useStore(runStore, (state) => state.stopping);
  const { runAll, stop, restart } = runStore.getState();
  return (
    <div className={styles.runs}>
      <Button look="primary" className={styles.runAll} isDisabled={busy} onPress={runAll}>
        <Play aria-hidden="true" />
        {texts.runAll}
      </Button>
      <IconButton
        label={texts.stop}
        shortcut={shortcuts.stop}
        isDisabled={!busy || stopping}
        onPress={() => void stop()}
      >
        <Square />
      </IconButton>
      <IconButton label={texts.restart} isDisabled={stopping} onPress={() => void restart()}>
        <RotateCcw />
      </IconButton>
    </div>
  );
}

function HistoryButtons() {
  const texts = useTexts();
  const language = useLanguage();
  const history = useStore(documentStore, (state) => state.history);
  const { undo, redo } = documentStore.getState();
  const [done, undone] = [history.done.at(-1), history.undone.at(-1)];
  return (
    <div className={styles.history}>
      <IconButton
        label={texts.history.undo(done ? done.label(texts, language) : null)}
        shortcut={shortcuts.undo}
        isDisabled={!done}
        onPress={undo}
      >
        <Undo2 />
      </IconButton>
      <IconButton
        label={texts.history.redo(undone ? undone.label(texts, language) : null)}
        shortcut={shortcuts.redo}
        isDisabled={!undone}
        onPress={redo}
      >
        <Redo2 />
      </IconButton>
    </div>
  );
}

import { BookOpen, FolderOpen, NotebookText, ScanSearch } from "lucide-react";
import { Button as AriaButton } from "react-aria-components/Button";
import { useStore } from "zustand";
import type { Pane } from "../store/focusStore";
import { focusStore } from "../store/stores";
import styles from "./PaneBar.module.css";
import { useTexts } from "./Texts";

const panes: readonly { pane: Pane; Icon: typeof BookOpen }[] = [
  { pane: "notebook", Icon: NotebookText },
  { pane: "library", Icon: BookOpen },
  { pane: "inspector", Icon: ScanSearch },
  { pane: "files", Icon: FolderOpen },
];

/** On a phone, selects the visible pane. */
export function PaneBar() {
  const texts = useTexts().app;
  const current = useStore(focusStore, (state) => state.pane);
  return (
    <nav className={styles.bar} aria-label={texts.panesLabel}>
      {panes.map(({ pane, Icon }) => (
        <AriaButton
          key={pane}
          className={styles.pane}
          aria-current={pane === current ? "true" : undefined}
          onPress={() => focusStore.getState().showPane(pane)}
        >
          <Icon aria-hidden="true" />
          {texts.panes[pane]}
        </AriaButton>
      ))}
    </nav>
  );
}

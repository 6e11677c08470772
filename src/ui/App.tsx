import { lazy, Suspense } from "react";
import { useStore } from "zustand";
import type { Pane } from "../store/focusStore";
import { focusStore, libraryStore } from "../store/stores";
import styles from "./App.module.css";
import { ErrorBoundary } from "./ErrorBoundary";
import { FilesPanel } from "./files/FilesPanel";
import { PageDrop } from "./files/PageDrop";
import { WeightsDialog } from "./files/WeightsDialog";
import { Notebook } from "./notebook/Notebook";
import { RunAnnouncer } from "./notebook/RunAnnouncer";
import { lazyModule, useModule } from "./lazyModule";
import { PaneBar } from "./PaneBar";
import { Library } from "./sidebar/Library";
import { useTexts } from "./Texts";
import { TopBar } from "./topBar/TopBar";
import { usePageKeys } from "./usePageKeys";

const paletteModule = lazyModule(() => import("./composer/palette/BlockPalette"));
const Inspector = lazy(async () => ({ default: (await import("./inspector/Inspector")).Inspector }));

/** The page: a bar at the top, library and files on the left, the notebook, the inspector on the right. */
export function App() {
  const texts = useTexts().app;
  const pane = useStore(focusStore, (state) => state.pane);
  usePageKeys();
  return (
    <div className={styles.app} data-pane={pane satisfies Pane}>
      <TopBar />
      <div className={styles.panes}>
        <aside className={styles.left} aria-label={texts.library}>
          <LeftPane />
        </aside>
        <main className={styles.centre}>
          <ErrorBoundary>
            <Notebook />
          </ErrorBoundary>
        </main>
        <aside className={styles.right} aria-label={texts.panes.inspector}>
          <ErrorBoundary>
            <Suspense>
              <Inspector />
            </Suspense>
          </ErrorBoundary>
        </aside>
      </div>
      <PaneBar />
      <WeightsDialog />
      <PageDrop />
      <RunAnnouncer />
    </div>
  );
}

/** All lists are shown together: lists that appeared one by one would push each other down. */
function LeftPane() {
  const opened = useStore(libraryStore, (state) => state.opened);
  const palette = useModule(paletteModule);
  if (!opened) return null;
  return (
    <>
      <div className={styles.library}>
        <ErrorBoundary>
          <Library />
        </ErrorBoundary>
        <ErrorBoundary>{palette && <palette.BlockPalette />}</ErrorBoundary>
      </div>
      <div className={styles.files}>
        <ErrorBoundary>
          <FilesPanel />
        </ErrorBoundary>
      </div>
    </>
  );
}

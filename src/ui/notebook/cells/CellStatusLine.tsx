import { Check, CircleAlert, CircleDashed, Clock, History, LoaderCircle, OctagonX } from "lucide-react";
import { useStore } from "zustand";
import { formatDuration } from "../../../i18n/numbers";
import { statusOf, type CellStatus } from "../../../store/runs/runState";
import { documentStore, runStore } from "../../../store/stores";
import { stalenessOf, type Staleness } from "../../../store/runs/staleness";
import { useLanguage, useTexts } from "../../Texts";
import styles from "./CellStatusLine.module.css";

const icons: Record<CellStatus, typeof Check | null> = {
  idle: null,
  queued: Clock,
  running: LoaderCircle,
  ok: Check,
  error: CircleAlert,
  cancelled: OctagonX,
  lost: CircleDashed,
};

/** The status of a cell: the result of its run, its duration, and whether it is stale. */
export function CellStatusLine({ id }: { id: string }) {
  const texts = useTexts().cells;
  const language = useLanguage();
  const status = useStore(runStore, (state) => statusOf(state, id));
  const duration = useStore(runStore, ({ runs }) => runs[id]?.durationMs);
  const stale = useStaleness(id);
  if (status === "idle") return null;
  const Icon = icons[status]!;
  const timed = duration !== undefined && (status === "ok" || status === "error");
  return (
    <span className={styles.line}>
      <span className={styles.status} data-status={status}>
        <Icon aria-hidden="true" />
        <span className={timed && status === "ok" ? styles.quiet : undefined}>{texts.status[status]}</span>
        {timed && <span className={styles.time}>{formatDuration(duration, language)}</span>}
      </span>
      {stale && (
        <span className={styles.status} data-status="stale">
          <History aria-hidden="true" />
          {texts.stale[stale]}
        </span>
      )}
    </span>
  );
}

/** Renders again when the answer changes, not on every key press. */
function useStaleness(id: string): Staleness | undefined {
  useStore(documentStore, ({ document }) => stalenessOf(document, runStore.getState(), id));
  return useStore(runStore, (state) => stalenessOf(documentStore.getState().document, state, id));
}

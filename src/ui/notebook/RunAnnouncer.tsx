import { useEffect, useState } from "react";
import { VisuallyHidden } from "react-aria-components/VisuallyHidden";
import { formatDuration } from "../../i18n/numbers";
import { documentStore, runStore } from "../../store/stores";
import { useLanguage, useTexts } from "../Texts";

/** Announces the result of each run to screen readers. */
export function RunAnnouncer() {
  const texts = useTexts().cells;
  const language = useLanguage();
  const [message, setMessage] = useState("");
  useEffect(
    () =>
      runStore.subscribe(
        ({ running }) => running,
        (_, ended) => {
          const run = ended === null ? undefined : runStore.getState().runs[ended];
          if (!run) return;
          const position = documentStore.getState().document.cells.findIndex(({ id }) => id === ended);
          const time = run.durationMs === undefined ? "" : formatDuration(run.durationMs, language);
          setMessage(texts.announce(position + 1, texts.status[run.status], time));
        },
      ),
    [texts, language],
  );
  return (
    <VisuallyHidden>
      <div role="status">{message}</div>
    </VisuallyHidden>
  );
}

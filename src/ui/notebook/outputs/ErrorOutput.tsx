import { CircleAlert } from "lucide-react";
import { useStore } from "zustand";
import { readError } from "../../../i18n/readError";
import type { SessionError } from "../../../protocol/protocol";
import { documentStore, focusStore } from "../../../store/stores";
import { useTexts } from "../../Texts";
import { Button } from "../../widgets/controls/Button";
import styles from "./Outputs.module.css";

/** What went wrong, where, and what to do; the line is a link into the source. */
export function ErrorOutput({ error, cell }: { error: SessionError; cell: string }) {
  const { outputs: texts, errors } = useTexts();
  const { name, message, at, expected, got, remedy, place } = readError(error, errors);
  const details = [
    [texts.at, at],
    [texts.expected, expected],
    [texts.got, got],
  ].filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "");
  return (
    <div className={styles.error} role="alert">
      <div className={styles.errorHead}>
        <CircleAlert aria-hidden="true" size={16} />
        <span>{name}</span>
        {place && <PlaceLink place={place} cell={cell} />}
      </div>
      <p className={styles.message}>{message}</p>
      {details.length > 1 && (
        <dl className={styles.details}>
          {details.map(([term, text]) => (
            <div key={term} style={{ display: "contents" }}>
              <dt>{term}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      )}
      {remedy && <p className={styles.remedy}>{remedy}</p>}
    </div>
  );
}

function PlaceLink({ place, cell }: { place: NonNullable<SessionError["place"]>; cell: string }) {
  const texts = useTexts().outputs;
  const position = useStore(documentStore, ({ document }) => document.cells.findIndex(({ id }) => id === place.cell));
  if (position < 0) return null;
  return (
    <Button small onPress={() => focusStore.getState().goTo(place)}>
      {place.cell === cell ? texts.line(place.line) : texts.lineOfOther(place.line, position + 1)}
    </Button>
  );
}

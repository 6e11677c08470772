import { CircleAlert } from "lucide-react";
import { useStore } from "zustand";
import type { SessionError } from "../../../session/protocol";
import { documentStore, focusStore } from "../../../store/stores";
import { useTexts } from "../../Texts";
import { Button } from "../../widgets/Button";
import styles from "./Outputs.module.css";

/** What went wrong, where, and what to do: the line is a link into the source. */
export function ErrorOutput({ error, cell }: { error: SessionError; cell: string }) {
  const texts = useTexts().outputs;
  const { name, message, at, expected, got, remedy, place } = error;
  const details = [
    [texts.at, at],
    [texts.expected, expected],
    [texts.got, got],
  ].filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "");
  // The message of our own errors ends with the remedy, which has its own line here.
  const said = remedy && message.endsWith(remedy) ? message.slice(0, -remedy.length).trimEnd() : message;
  return (
    <div className={styles.error} role="alert">
      <div className={styles.errorHead}>
        <CircleAlert aria-hidden="true" size={16} />
        <span>{name}</span>
        {place && <PlaceLink place={place} cell={cell} />}
      </div>
      <p className={styles.message}>{said}</p>
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

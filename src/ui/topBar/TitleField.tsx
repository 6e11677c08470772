import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { documentStore } from "../../store/stores";
import { useTexts } from "../Texts";
import styles from "./TitleField.module.css";

/** The notebook's title, edited in place. Enter applies the edit, Escape reverts it. */
export function TitleField() {
  const texts = useTexts();
  const title = useStore(documentStore, ({ document }) => document.title);
  const [text, setText] = useState(title);
  useEffect(() => setText(title), [title]);
  useEffect(() => {
    document.title = title ? `${title} · Weightroom` : "Weightroom";
  }, [title]);

  function commit() {
    const next = text.trim();
    if (next !== title) documentStore.getState().setTitle(next);
    documentStore.getState().seal();
  }

  return (
    <h1 className={styles.heading}>
      <input
        className={styles.title}
        aria-label={texts.app.title}
        placeholder={texts.library.untitled}
        value={text}
        maxLength={200}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          // Enter and Escape belong to the input method.
          if (event.nativeEvent.isComposing) return;
          if (event.key === "Enter") event.currentTarget.blur();
          if (event.key === "Escape") setText(title);
        }}
      />
    </h1>
  );
}

import { useId, useState } from "react";
import type { BlockPath } from "../../../notebook/composition/compositionTree";
import { composerEdits } from "../../../store/modelStores";
import { useTexts } from "../../Texts";
import { useComposer } from "../composerContext";
import styles from "./ModelHead.module.css";

/** The head of a model's card: its variable, which can be renamed, its kind, and its status. */
export function ModelHead({ path, title }: { path: BlockPath; title: string }) {
  const texts = useTexts().composer;
  const { compositions, stateOf, edited } = useComposer();
  const { variable } = compositions[path[0]!]!;
  const description = stateOf(path)?.description ?? null;
  const isEdited = edited && (description === null || description.outputShape === null) && stateOf(path)?.known;
  return (
    <span className={styles.head} data-name>
      <VariableName key={variable} variable={variable} />
      <span className={styles.kind}>{title}</span>
      {isEdited ? (
        <span className={styles.badge} data-look="edited" title={texts.editedHint}>
          {texts.edited}
        </span>
      ) : (
        !description?.built && (
          <span className={styles.badge} title={texts.notBuiltHint}>
            {texts.notBuilt}
          </span>
        )
      )}
    </span>
  );
}

function VariableName({ variable }: { variable: string }) {
  const texts = useTexts().composer;
  const { cell, broken } = useComposer();
  const id = useId();
  const [text, setText] = useState(variable);
  const [failed, setFailed] = useState(false);

  function commit() {
    const name = text.trim();
    if (name === variable) setFailed(false);
    else setFailed(!composerEdits.rename(cell, variable, name));
  }

  return (
    <span className={styles.variable}>
      <input
        className={styles.name}
        style={{ width: `${Math.max(2, text.length) + 2.2}ch` }}
        value={text}
        disabled={broken}
        tabIndex={-1}
        aria-label={texts.rename(variable)}
        aria-invalid={failed}
        aria-describedby={failed ? id : undefined}
        title={texts.rename(variable)}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit();
          if (event.key === "Escape") setText(variable);
        }}
      />
      {failed && (
        <span id={id} className={styles.error} role="alert">
          {texts.renameFailed}
        </span>
      )}
    </span>
  );
}

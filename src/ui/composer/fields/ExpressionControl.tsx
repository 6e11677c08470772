import { useState, type KeyboardEvent } from "react";
import { isExpression } from "../../../notebook/composition/compositionText";
import { printValue } from "../../../notebook/composition/compositionValues";
import { classNames } from "../../classNames";
import { useTexts } from "../../Texts";
import type { ControlProps } from "./fieldControl";
import styles from "./FieldEditor.module.css";
import { fieldText } from "./fieldRules";

/**
 * A field for arbitrary code, such as a block or a function. Code that is not an expression is reported and not
 * written.
 */
export function ExpressionControl({
  field,
  value,
  kinds,
  onChange,
  disabled,
  id,
  compact,
  excludeFromTabOrder,
}: ControlProps) {
  const texts = useTexts().composer;
  const given = value ? printValue(value, kinds) : "";
  const [draft, setDraft] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const text = draft ?? given;
  const fallback = fieldText(field.default);

  function commit(typed: string): boolean {
    const code = typed.trim();
    const empty = code === "";
    const problem = empty
      ? field.default === undefined
        ? texts.errors.required
        : null
      : isExpression(code)
        ? null
        : texts.errors.code;
    setError(problem);
    if (problem !== null) return false;
    setDraft(null);
    if (code !== given) onChange(empty ? undefined : { type: "code", text: code });
    return true;
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key === "Enter") {
      event.preventDefault();
      if (commit(text)) event.currentTarget.closest<HTMLElement>("[role=treeitem]")?.focus();
    } else if (event.key === "Escape") {
      setDraft(null);
      setError(null);
    }
  }

  return (
    <>
      <input
        id={`${id}-input`}
        className={classNames(styles.input, styles.expression)}
        style={compact ? { width: `calc(${Math.min(28, Math.max(4, text.length || 8))}ch + 18px)` } : undefined}
        value={text}
        placeholder={field.default === null ? texts.none : fallback && texts.default(fallback)}
        disabled={disabled}
        tabIndex={excludeFromTabOrder ? -1 : 0}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={error !== null}
        aria-describedby={error === null ? undefined : `${id}-error`}
        onChange={(event) => {
          setDraft(event.target.value);
          setError(null);
        }}
        onBlur={() => draft !== null && commit(draft)}
        onKeyDown={onKeyDown}
      />
      {error !== null && (
        <span id={`${id}-error`} className={styles.error} role="alert">
          {error}
        </span>
      )}
    </>
  );
}

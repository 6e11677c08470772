import { useId, useMemo, useState, type KeyboardEvent } from "react";
import type { Json } from "../../../base/info";
import type { FieldValue, FieldValues, Kinds } from "../../../notebook/composition/compositionTree";
import { kindInfoOf } from "../../../notebook/composition/compositionTree";
import { classNames } from "../../classNames";
import { useLanguage, useTexts } from "../../Texts";
import { Choice } from "./Choice";
import styles from "./FieldEditor.module.css";
import { ExpressionControl } from "./ExpressionControl";
import type { ControlProps, FieldEditorProps } from "./fieldControl";
import { checkField, fieldText, stepField } from "./fieldRules";
import { useStable } from "./useStable";

/** One field of a block, edited in place; an invalid value is reported below it and not written. */
export function FieldEditor(props: FieldEditorProps) {
  const { field, value, compact } = props;
  const language = useLanguage();
  const id = useId();
  const label = field.title[language];
  return (
    <div className={classNames(styles.field, compact && styles.compact)}>
      <label className={styles.label} id={`${id}-label`} htmlFor={`${id}-input`}>
        {label}
      </label>
      <div className={styles.control}>
        {value?.type === "code" && field.type !== "expression" ? (
          <CodeValue {...props} text={value.text} />
        ) : (
          <Control {...props} id={id} label={label} />
        )}
      </div>
    </div>
  );
}

function Control(props: ControlProps) {
  const { field } = props;
  if (field.type === "expression") return <ExpressionControl {...props} />;
  if (field.type === "boolean") return <BooleanControl {...props} />;
  if (field.type === "initializer") return <InitializerControl {...props} />;
  if (field.options) return <OptionControl {...props} options={field.options} />;
  return <TextControl {...props} />;
}

/** A field that is set by an expression: shown, with a button that resets it to its default. */
function CodeValue({ field, text, onChange, disabled }: FieldEditorProps & { text: string }) {
  const texts = useTexts().composer;
  const language = useLanguage();
  return (
    <>
      <code className={styles.code} title={texts.codeValue}>
        {text}
      </code>
      {field.default !== undefined && (
        <button
          type="button"
          className={styles.reset}
          disabled={disabled}
          aria-label={texts.reset(field.title[language])}
          title={texts.reset(field.title[language])}
          onClick={() => onChange(undefined)}
        >
          ×
        </button>
      )}
    </>
  );
}

function literalOf(value: FieldValue | undefined): Json | undefined {
  return value?.type === "literal" ? value.value : undefined;
}

function TextControl({ field, value, onChange, refuse, disabled, id, compact, excludeFromTabOrder }: ControlProps) {
  const texts = useTexts().composer;
  const given = fieldText(literalOf(value));
  const [draft, setDraft] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const numeric = field.type === "integer" || field.type === "number";
  const text = draft ?? given;
  const fallback = fieldText(field.default);
  const placeholder = field.default === null ? texts.none : fallback && texts.default(fallback);

  function commit(typed: string): boolean {
    const checked = checkField(field, typed, texts.errors);
    const refused = checked.ok && checked.value !== undefined ? (refuse?.(checked.value) ?? null) : null;
    const problem = checked.ok ? refused : checked.error;
    setError(problem);
    if (problem !== null || !checked.ok) return false;
    setDraft(null);
    if (fieldText(checked.value) !== given) {
      onChange(checked.value === undefined ? undefined : { type: "literal", value: checked.value });
    }
    return true;
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key === "Enter") {
      event.preventDefault();
      if (commit(text)) event.currentTarget.closest<HTMLElement>("[role=treeitem]")?.focus();
    } else if (event.key === "Escape") {
      setDraft(null);
      setError(null);
    } else if (numeric && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      const from = Number(text || fieldText(field.default));
      if (!Number.isFinite(from)) return;
      commit(String(stepField(field, from, (event.key === "ArrowUp" ? 1 : -1) * (event.shiftKey ? 10 : 1))));
    }
  }

  return (
    <>
      <input
        id={`${id}-input`}
        className={classNames(styles.input, numeric && styles.numeric)}
        style={compact ? { width: `calc(${Math.max(2, text.length || 8)}ch + 18px)` } : undefined}
        inputMode={field.type === "integer" ? "numeric" : numeric ? "decimal" : "text"}
        value={text}
        placeholder={placeholder}
        disabled={disabled}
        tabIndex={excludeFromTabOrder ? -1 : 0}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={error !== null}
        aria-describedby={error === null ? undefined : `${id}-error`}
        onChange={(event) => {
          setDraft(event.target.value);
          const checked = checkField(field, event.target.value, texts.errors);
          if (checked.ok) setError(null);
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

function BooleanControl({ field, value, onChange, disabled, id }: ControlProps) {
  const texts = useTexts().composer;
  const on = Boolean(literalOf(value) ?? field.default);
  return (
    <span className={styles.check}>
      <input
        id={`${id}-input`}
        type="checkbox"
        role="switch"
        checked={on}
        aria-checked={on}
        disabled={disabled}
        onChange={({ target }) =>
          onChange(target.checked === field.default ? undefined : { type: "literal", value: target.checked })
        }
      />
      <span aria-hidden="true">{on ? texts.yes : texts.no}</span>
    </span>
  );
}

function OptionControl({
  field,
  value,
  options,
  onChange,
  disabled,
  label,
  excludeFromTabOrder,
}: ControlProps & { options: readonly string[] }) {
  const texts = useTexts().composer;
  const given = literalOf(value) ?? field.default ?? null;
  const none = field.default === null ? texts.none : null;
  // The value in the source is always shown, even if it is unknown to the kind.
  const current = fieldText(given);
  const unlisted = given !== null && !options.includes(current) ? current : null;
  const choices = useMemo(() => {
    const ids = unlisted === null ? options : [...options, unlisted];
    return [...(none === null ? [] : [{ id: "", title: none }]), ...ids.map((id) => ({ id, title: id }))];
  }, [options, none, unlisted]);
  const choose = useStable((id: string) =>
    onChange(id === (field.default ?? "") ? undefined : { type: "literal", value: id }),
  );
  return (
    <Choice
      label={label}
      choices={choices}
      value={current}
      disabled={disabled}
      excludeFromTabOrder={excludeFromTabOrder}
      onChange={choose}
    />
  );
}

/** The initializer, with its options below. */
function InitializerControl(props: ControlProps) {
  const { field, value, kinds, onChange, disabled, label, compact, excludeFromTabOrder } = props;
  const texts = useTexts().composer;
  const language = useLanguage();
  const given = value?.type === "call" ? value : undefined;
  const name = given?.kind ?? literalOf(value) ?? kindOf(field.default);
  const info = typeof name === "string" ? kindInfoOf(kinds.initializers, name) : undefined;
  const listed = typeof name === "string";
  const choices = useMemo(() => {
    const all = kinds.initializers.map(({ kind, title }) => ({ id: kind, title: title[language] }));
    return listed ? all : [{ id: "", title: texts.none }, ...all];
  }, [kinds, language, listed, texts]);
  const change = (kind: string, fields: FieldValues) => onChange({ type: "call", kind, fields });
  const choose = useStable((kind: string) =>
    kind === kindOf(field.default) || kind === "" ? onChange(undefined) : change(kind, needed(kinds, kind)),
  );
  return (
    <>
      <Choice
        label={label}
        choices={choices}
        value={typeof name === "string" ? name : ""}
        disabled={disabled}
        excludeFromTabOrder={excludeFromTabOrder}
        onChange={choose}
      />
      {!compact && info && info.fields.length > 0 && (
        <div className={styles.nested}>
          {info.fields.map((option) => (
            <FieldEditor
              key={option.name}
              field={option}
              value={given?.fields[option.name]}
              kinds={kinds}
              disabled={disabled}
              onChange={(changed) => {
                const { [option.name]: _, ...others } = given?.fields ?? {};
                change(info.kind, changed ? { ...others, [option.name]: changed } : others);
              }}
            />
          ))}
        </div>
      )}
    </>
  );
}

/** A default may be an initializer's kind, or its kind with options. */
function kindOf(json: Json | undefined): string | undefined {
  if (typeof json === "string") return json;
  const kind = json && typeof json === "object" && !Array.isArray(json) ? json.kind : undefined;
  return typeof kind === "string" ? kind : undefined;
}

/** The required options of an initializer, with initial values. */
function needed(kinds: Kinds, kind: string): FieldValues {
  const fields = kindInfoOf(kinds.initializers, kind)?.fields ?? [];
  return Object.fromEntries(
    fields
      .filter((field) => field.default === undefined)
      .map((field) => [
        field.name,
        { type: "literal", value: field.type === "number" || field.type === "integer" ? 1 : "" },
      ]),
  );
}

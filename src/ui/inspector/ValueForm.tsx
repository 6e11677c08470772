import { useId, useState } from "react";
import { useStore } from "zustand";
import type { DType } from "../../base/dtype";
import type { WeightValues } from "../../protocol/protocol";
import type { Texts } from "../../i18n/texts";
import { inspectorStore } from "../../store/modelStores";
import { useTexts } from "../Texts";
import { Button } from "../widgets/controls/Button";
import { parseNumber } from "../widgets/formatNumber";
import { formatIndex, positionOf } from "../widgets/tensor/matrixView";
import styles from "./Inspector.module.css";

/** The selected element as a field, so that it can be read exactly and edited in any view. */
export function ValueForm({ values }: { values: WeightValues }) {
  const texts = useTexts().inspector.weight;
  const { index, setValue, loading } = useStore(inspectorStore);
  const { shape, dtype } = values.weight;
  const id = useId();
  const [draft, setDraft] = useState<{ at: string; text: string } | null>(null);
  const [error, setError] = useState<string | null>(null);
  if (values.values.length === 0) return <p className={styles.aside}>{texts.empty}</p>;
  const at = index?.length === shape.length ? index : shape.map(() => 0);
  const key = formatIndex(at);
  const given = exactText(values.values[positionOf(at, shape)]!, dtype);
  const text = draft?.at === key ? draft.text : given;

  async function submit() {
    const value = parseNumber(text);
    const problem = value === undefined ? texts.finite : valueError(value, dtype, texts);
    setError(problem);
    if (problem !== null || value === undefined) return;
    setDraft(null);
    await setValue(at, value);
  }

  return (
    <form
      className={styles.valueForm}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <label htmlFor={id}>
        <code>{key}</code>
        <span className={styles.visuallyHidden}>{texts.edit(key)}</span>
      </label>
      <input
        id={id}
        className={styles.value}
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        value={text}
        aria-invalid={error !== null}
        aria-describedby={error === null ? undefined : `${id}-error`}
        onChange={(event) => {
          setDraft({ at: key, text: event.target.value });
          setError(null);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          setDraft(null);
          setError(null);
        }}
      />
      <Button small type="submit" isDisabled={loading || text === given}>
        {texts.write}
      </Button>
      {error !== null && (
        <p id={`${id}-error`} className={styles.error} role="alert">
          {error}
        </p>
      )}
    </form>
  );
}

function valueError(value: number, dtype: DType, texts: Texts["inspector"]["weight"]): string | null {
  if (dtype === "bool") return value === 0 || value === 1 ? null : texts.boolean;
  if (dtype === "int32") return Number.isInteger(value) ? null : texts.integer;
  return null;
}

/** The shortest text that converts back to the same float32. */
function exactText(value: number, dtype: DType): string {
  if (dtype !== "float32" || !Number.isFinite(value)) return String(value);
  for (let digits = 1; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(Number(value.toPrecision(9)));
}

import { useRef, useState, type KeyboardEvent } from "react";
import { classNames } from "../../classNames";
import { useTexts } from "../../Texts";
import { strengthOf } from "./dataColors";
import { parseNumber } from "../formatNumber";
import styles from "./TensorTable.module.css";

interface TensorTableCellProps {
  id: string;
  /** `[3, 12]`, the name of the edited element. */
  index: string;
  column: number;
  left: number;
  width: number;
  value: number;
  text: string;
  bound: number;
  current: boolean;
  /** The text that started editing; undefined while not editing. */
  editing: string | undefined;
  onSelect: () => void;
  onStart: (() => void) | undefined;
  /** Called with the new value, or undefined to cancel. */
  onFinish: (value: number | undefined) => void;
}

/** One number: tinted by its sign and size, replaced by a field while it is edited. */
export function TensorTableCell(props: TensorTableCellProps) {
  const { id, column, left, width, value, text, bound, current, editing, onSelect, onStart } = props;
  const strength = Number.isFinite(value) ? strengthOf(value, bound) : 0;
  const tint = Math.round(Math.abs(strength) * 34);
  return (
    // The grid has the focus, names its active cell and handles the keys.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <span
      id={id}
      role="gridcell"
      aria-colindex={column + 2}
      aria-selected={current}
      className={classNames(styles.cell, current && styles.current, !Number.isFinite(value) && styles.notFinite)}
      style={{
        left,
        width,
        background:
          tint === 0
            ? undefined
            : `color-mix(in srgb, var(${strength < 0 ? "--negative" : "--positive"}) ${tint}%, transparent)`,
      }}
      onClick={onSelect}
      onDoubleClick={onStart}
    >
      {editing === undefined ? text : <ValueField {...props} initial={editing === "" ? String(value) : editing} />}
    </span>
  );
}

function ValueField({ index, initial, onFinish }: TensorTableCellProps & { initial: string }) {
  const texts = useTexts().widgets;
  const [text, setText] = useState(initial);
  const done = useRef(false);
  const value = parseNumber(text);

  function finish(result: number | undefined) {
    if (done.current) return;
    done.current = true;
    onFinish(result);
  }

  function onKeyDown(event: KeyboardEvent) {
    event.stopPropagation();
    if (event.key === "Escape") finish(undefined);
    if (event.key === "Enter" && value !== undefined) finish(value);
  }

  return (
    <input
      className={styles.field}
      aria-label={texts.edit(index)}
      aria-invalid={value === undefined}
      title={value === undefined ? texts.notANumber : undefined}
      inputMode="decimal"
      value={text}
      ref={(field) => {
        if (field && document.activeElement !== field) {
          field.focus({ preventScroll: true });
          field.select();
          if (initial.length === 1) field.setSelectionRange(1, 1);
        }
      }}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={() => finish(value)}
    />
  );
}

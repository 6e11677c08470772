import { useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type UIEvent } from "react";
import type { DType } from "../../../base/dtype";
import { formatShape, sizeOf, type Shape } from "../../../base/shape";
import { formatCount } from "../../../i18n/numbers";
import { useLanguage, useTexts } from "../../Texts";
import { boundOf } from "./dataColors";
import { chooseFormat, formatWith } from "../formatNumber";
import { AxisPicker } from "./AxisPicker";
import { formatIndex, indexAt, moveByKey, positionOf, type MatrixView } from "./matrixView";
import { TensorTableCell } from "./TensorTableCell";
import styles from "./TensorTable.module.css";

interface TensorTableProps {
  /** Row-major; may contain only the first of `shape`'s elements. */
  values: ArrayLike<number>;
  shape: Shape;
  dtype: DType;
  /** The selected index; without it, the table manages its own. */
  selected?: readonly number[];
  onSelect?: (index: number[]) => void;
  /** Makes the cells editable. */
  onEdit?: (index: number[], value: number) => void;
  /** A description that precedes the shape. */
  label?: string;
  /** Maximum height in CSS pixels; beyond it, the table scrolls. */
  maxHeight?: number;
}

const rowHeight = 24;
const headerHeight = 22;
/** Number of rows and columns rendered beyond the visible ones. */
const margin = 4;

/**
 * A tensor's values as a grid, of which only the visible part is rendered. A rank above two shows one slice, selected
 * by its leading axes; rank one is a single row.
 */
export function TensorTable(props: TensorTableProps) {
  const { values, shape, dtype, onSelect, onEdit, label, maxHeight = 320 } = props;
  const texts = useTexts().widgets;
  const language = useLanguage();
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const cellId = (position: number) => `${id}-${position}`;
  const [own, setOwn] = useState<readonly number[]>(() => shape.map(() => 0));
  const [editing, setEditing] = useState<string | undefined>();
  const selected = valid(props.selected ?? own, shape) ? (props.selected ?? own) : shape.map(() => 0);

  const leading = selected.slice(0, Math.max(0, shape.length - 2));
  const view = sliceView(shape);
  const offset = positionOf([...leading, ...Array<number>(shape.length - leading.length).fill(0)], shape);
  const available = Math.max(0, Math.min(view.size, values.length - offset));
  const format = useMemo(() => chooseFormat(values), [values]);
  const bound = useMemo(() => boundOf(values), [values]);
  const columnWidth = useMemo(() => widthOf(values, format), [values, format]);
  const headerWidth = Math.max(36, 18 + String(Math.max(0, view.rows - 1)).length * 8);
  const [area, follow] = useVisibleArea(view, columnWidth, headerWidth);

  if (sizeOf(shape) === 0) return <p className={styles.note}>{texts.empty}</p>;

  const inSlice = positionOf(selected, shape) - offset;

  function select(position: number) {
    const index = indexAt(offset + position, shape);
    setOwn(index);
    onSelect?.(index);
    if (scroller.current) reveal(scroller.current, position, view, columnWidth, headerWidth);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (editing !== undefined) return;
    const page = Math.max(1, Math.floor((maxHeight - headerHeight) / rowHeight) - 1);
    const moved = moveByKey(event.key, inSlice, view, page);
    if (moved !== undefined && moved < available) {
      event.preventDefault();
      select(moved);
    } else if (onEdit && (event.key === "Enter" || event.key === "F2")) {
      event.preventDefault();
      setEditing("");
    } else if (onEdit && /^[-+.\d]$/.test(event.key) && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      setEditing(event.key);
    }
  }

  function finish(value: number | undefined) {
    setEditing(undefined);
    if (value !== undefined) onEdit?.(indexAt(offset + inSlice, shape), value);
    scroller.current?.focus({ preventScroll: true });
  }

  const rows = range(area.row, Math.min(view.rows, area.row + area.rows));
  const columns = range(area.column, Math.min(view.columns, area.column + area.columns));
  return (
    <div className={styles.table}>
      <span id={`${id}-help`} hidden>
        {onEdit ? texts.tableEditHelp : texts.tableHelp}
      </span>
      <AxisPicker shape={shape} selected={selected} onSelect={(index) => (setOwn(index), onSelect?.(index))} />
      <div
        ref={scroller}
        className={styles.scroller}
        style={{ maxHeight }}
        role="grid"
        tabIndex={0}
        aria-label={[label, texts.table(formatShape(shape))].filter(Boolean).join(": ")}
        aria-describedby={`${id}-help`}
        aria-rowcount={view.rows + 1}
        aria-colcount={view.columns + 1}
        aria-activedescendant={cellId(inSlice)}
        aria-readonly={!onEdit}
        onKeyDown={onKeyDown}
        onScroll={(event: UIEvent<HTMLDivElement>) => follow(event.currentTarget)}
      >
        <div
          className={styles.sheet}
          role="rowgroup"
          style={{ width: headerWidth + view.columns * columnWidth, height: headerHeight + view.rows * rowHeight }}
        >
          <div role="row" aria-rowindex={1} className={styles.headerRow} style={{ height: headerHeight }}>
            <span role="columnheader" aria-colindex={1} className={styles.corner} style={{ width: headerWidth }}>
              <span className={styles.cornerText}>{texts.row}</span>
            </span>
            {columns.map((column) => (
              <span
                key={column}
                role="columnheader"
                aria-colindex={column + 2}
                className={styles.columnHeader}
                style={{ left: headerWidth + column * columnWidth, width: columnWidth }}
              >
                {column}
              </span>
            ))}
          </div>
          {rows.map((row) => (
            <div
              key={row}
              role="row"
              aria-rowindex={row + 2}
              className={styles.row}
              style={{ top: headerHeight + row * rowHeight, height: rowHeight }}
            >
              <span role="rowheader" aria-colindex={1} className={styles.rowHeader} style={{ width: headerWidth }}>
                {row}
              </span>
              {columns
                .filter((column) => row * view.columns + column < available)
                .map((column) => {
                  const position = row * view.columns + column;
                  const current = position === inSlice;
                  return (
                    <TensorTableCell
                      key={column}
                      id={cellId(position)}
                      index={formatIndex(indexAt(offset + position, shape))}
                      column={column}
                      left={headerWidth + column * columnWidth}
                      width={columnWidth}
                      value={values[offset + position]!}
                      text={formatWith(values[offset + position]!, format)}
                      bound={dtype === "bool" ? 1 : bound}
                      current={current}
                      editing={current ? editing : undefined}
                      onSelect={() => select(position)}
                      onStart={onEdit && (() => (select(position), setEditing("")))}
                      onFinish={finish}
                    />
                  );
                })}
            </div>
          ))}
        </div>
      </div>
      {values.length < sizeOf(shape) && (
        <p className={styles.note}>
          {texts.firstValues(formatCount(values.length, language), formatCount(sizeOf(shape), language))}
        </p>
      )}
    </div>
  );
}

interface Area {
  row: number;
  rows: number;
  column: number;
  columns: number;
}

/** The rows and columns to render, and a function that updates them from the scroll position. */
function useVisibleArea(view: MatrixView, columnWidth: number, headerWidth: number) {
  const [area, setArea] = useState<Area>({ row: 0, rows: 40, column: 0, columns: 30 });
  const follow = (element: HTMLElement) => {
    const row = Math.max(0, Math.floor(element.scrollTop / rowHeight) - margin);
    const column = Math.max(0, Math.floor(element.scrollLeft / columnWidth) - margin);
    setArea({
      row,
      rows: Math.ceil(element.clientHeight / rowHeight) + 2 * margin,
      column,
      columns: Math.ceil((element.clientWidth - headerWidth) / columnWidth) + 2 * margin,
    });
  };
  useLayoutEffect(() => setArea((old) => ({ ...old, row: 0, column: 0 })), [view.rows, view.columns]);
  return [area, follow] as const;
}

function sliceView(shape: Shape): MatrixView {
  const columns = shape.at(-1) ?? 1;
  const rows = shape.length > 1 ? shape.at(-2)! : 1;
  return { rows, columns, wraps: false, size: rows * columns };
}

function valid(index: readonly number[], shape: Shape): boolean {
  return index.length === shape.length && index.every((at, axis) => at >= 0 && at < shape[axis]!);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, step) => from + step);
}

/** Wide enough for the longest of a sample of the numbers. */
function widthOf(values: ArrayLike<number>, format: ReturnType<typeof chooseFormat>): number {
  let longest = 3;
  const step = Math.max(1, Math.floor(values.length / 2000));
  for (let position = 0; position < values.length; position += step) {
    longest = Math.max(longest, formatWith(values[position]!, format).length);
  }
  return longest * 7.3 + 16;
}

function reveal(element: HTMLElement, position: number, view: MatrixView, columnWidth: number, headerWidth: number) {
  const top = Math.floor(position / view.columns) * rowHeight;
  const left = (position % view.columns) * columnWidth;
  const [height, width] = [element.clientHeight - headerHeight, element.clientWidth - headerWidth];
  if (top < element.scrollTop) element.scrollTop = top;
  if (top + rowHeight > element.scrollTop + height) element.scrollTop = top + rowHeight - height;
  if (left < element.scrollLeft) element.scrollLeft = left;
  if (left + columnWidth > element.scrollLeft + width) element.scrollLeft = left + columnWidth - width;
}

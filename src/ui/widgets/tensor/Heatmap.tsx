import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { formatShape, sizeOf, type Shape } from "../../../base/shape";
import { formatCount } from "../../../i18n/numbers";
import { useLanguage, useTexts } from "../../Texts";
import { boundOf, readDataColors, strengthOf, type DataColors } from "./dataColors";
import { chooseFormat, formatNumber, formatWith } from "../formatNumber";
import styles from "./Heatmap.module.css";
import { heatmapPixels, poolingOf } from "./heatmapPixels";
import { firstOf, formatIndex, indexAt, matrixView, moveByKey, positionOf, type MatrixView } from "./matrixView";
import { useElementWidth } from "../useElementWidth";
import { useVisibleRange } from "../useVisibleRange";
import { useTheme } from "../useTheme";

interface HeatmapProps {
  /** Row-major; may contain only the first of `shape`'s elements. */
  values: ArrayLike<number>;
  shape: Shape;
  /** The colour scale runs from -bound to bound; by default the largest finite magnitude. */
  bound?: number;
  /** The selected index. */
  selected?: readonly number[];
  onSelect?: (index: number[]) => void;
  /** A description that precedes the shape. */
  label?: string;
}

/** Smallest cell, in CSS pixels, in which a number is printed. */
const cellWithNumber = 46;
const largestCell = 26;

/**
 * A tensor as colours: the last axis across, the others down. Shows the value under the pointer or, if focused, the one
 * selected by the arrow keys.
 */
export function Heatmap({ values, shape, bound: givenBound, selected, onSelect, label }: HeatmapProps) {
  const texts = useTexts().widgets;
  const language = useLanguage();
  const theme = useTheme();
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useElementWidth(box);
  const [pointed, setPointed] = useState<number>();

  const view = useMemo(() => firstOf(matrixView(shape), values.length), [shape, values.length]);
  const bound = useMemo(() => givenBound ?? boundOf(values), [givenBound, values]);
  const block = poolingOf(view);
  const cell = useMemo(() => cellSize(view, width, block), [view, width, block]);
  const current = selected && selected.length === shape.length ? positionOf(selected, shape) : undefined;
  const marked = pointed ?? current;
  const { sight, look, reveal } = useVisibleRange(box, Math.ceil(view.rows / block) * cell.height);

  useEffect(() => {
    if (!canvas.current || cell.width === 0) return;
    draw(canvas.current, { values, view, bound, block, cell, marked: current, colors: readDataColors(canvas.current) });
  }, [values, view, bound, block, cell, current, theme]);

  if (view.size === 0) return <p className={styles.note}>{texts.empty}</p>;

  function positionAt(event: PointerEvent<HTMLCanvasElement>): number | undefined {
    const column = Math.floor((event.nativeEvent.offsetX / cell.width) * block);
    const row = Math.floor((event.nativeEvent.offsetY / cell.height) * block);
    const position = row * view.columns + column;
    return column >= 0 && column < view.columns && position < values.length ? position : undefined;
  }

  function choose(position: number | undefined) {
    setPointed(position);
    if (position !== undefined) onSelect?.(indexAt(position, shape));
  }

  function onKeyDown(event: KeyboardEvent) {
    const moved = moveByKey(event.key, marked ?? 0, view);
    if (moved === undefined || moved >= values.length) return;
    event.preventDefault();
    choose(moved);
    const row = Math.floor(moved / view.columns);
    reveal((row / block) * cell.height, cell.height);
  }

  const count = (value: number) => formatCount(value, language);
  const rowAt = (y: number) => Math.min(view.rows, Math.round((y / cell.height) * block));

  return (
    <figure className={styles.heatmap}>
      <div ref={box} className={styles.box} data-above={sight?.above} data-below={sight?.below} onScroll={look}>
        <canvas
          ref={canvas}
          className={styles.canvas}
          role="img"
          tabIndex={0}
          aria-label={[label, texts.heatmap(formatShape(shape))].filter(Boolean).join(": ")}
          onPointerMove={(event) => setPointed(positionAt(event))}
          onPointerLeave={() => setPointed(undefined)}
          onClick={(event) => choose(positionAt(event as unknown as PointerEvent<HTMLCanvasElement>))}
          onKeyDown={onKeyDown}
          onBlur={() => setPointed(undefined)}
        />
      </div>
      <figcaption className={styles.caption}>
        <ColorScale bound={bound} />
        <output className={styles.readout} aria-live="polite">
          {marked !== undefined &&
            marked < values.length &&
            texts.heatmapReadout(formatIndex(indexAt(marked, shape)), formatNumber(values[marked]!))}
        </output>
        {sight && (
          <span className={styles.note}>
            {texts.heatmapSight(count(rowAt(sight.top)), count(rowAt(sight.bottom) - 1), count(view.rows))}
          </span>
        )}
        {values.length < sizeOf(shape) && (
          <span className={styles.note}>{texts.firstValues(count(values.length), count(sizeOf(shape)))}</span>
        )}
        {block > 1 && <span className={styles.note}>{texts.heatmapPooled(block)}</span>}
      </figcaption>
    </figure>
  );
}

/** The legend of the diverging palette. */
export function ColorScale({ bound }: { bound: number }) {
  const texts = useTexts().widgets;
  return (
    <span className={styles.scale} role="img" aria-label={texts.scale(formatNumber(bound))}>
      <span>{formatNumber(-bound)}</span>
      <span className={styles.ramp} />
      <span>{formatNumber(bound)}</span>
    </span>
  );
}

interface CellSize {
  width: number;
  height: number;
}

/** CSS pixels of one drawn cell: as large as fits, and large enough for a number in small tensors. */
function cellSize(view: MatrixView, available: number, block: number): CellSize {
  const columns = Math.max(1, Math.ceil(view.columns / block));
  const fits = Math.floor(available / columns);
  if (available === 0) return { width: 0, height: 0 };
  if (fits >= cellWithNumber && view.size <= 256) return { width: Math.min(72, fits), height: largestCell };
  // A wide matrix fills the width, down to fractions of a pixel; a tall one is limited to about two screens.
  const across = fits < 6 ? available / columns : fits;
  const down = Math.max(3, Math.floor(840 / Math.max(1, Math.ceil(view.rows / block))));
  const side = Math.max(1, Math.min(across, down, 20));
  return { width: side, height: side };
}

interface Drawing {
  values: ArrayLike<number>;
  view: MatrixView;
  bound: number;
  block: number;
  cell: CellSize;
  marked: number | undefined;
  colors: DataColors;
}

function draw(canvas: HTMLCanvasElement, drawing: Drawing) {
  const { values, view, bound, block, cell, colors } = drawing;
  const pixels = heatmapPixels(values, view, bound, colors, block);
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [pixels.width * cell.width, pixels.height * cell.height];
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d")!;
  const small = new OffscreenCanvas(pixels.width, pixels.height);
  small.getContext("2d")!.putImageData(pixels, 0, 0);
  context.scale(ratio, ratio);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, width, height);
  if (cell.width >= cellWithNumber) drawNumbers(context, drawing);
  if (drawing.marked !== undefined && block === 1) drawMark(context, drawing, drawing.marked);
}

function drawNumbers(context: CanvasRenderingContext2D, { values, view, bound, cell, colors }: Drawing) {
  const format = chooseFormat(values);
  context.font = `11px ${getComputedStyle(context.canvas).fontFamily}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let position = 0; position < Math.min(values.length, view.size); position++) {
    const [x, y] = [position % view.columns, Math.floor(position / view.columns)];
    const strong = !Number.isFinite(values[position]) || Math.abs(strengthOf(values[position]!, bound)) > 0.62;
    context.fillStyle = strong ? colors.textOnStrong : colors.text;
    context.fillText(formatWith(values[position]!, format), (x + 0.5) * cell.width, (y + 0.5) * cell.height + 0.5);
  }
}

function drawMark(context: CanvasRenderingContext2D, { view, cell, colors }: Drawing, position: number) {
  const [x, y] = [(position % view.columns) * cell.width, Math.floor(position / view.columns) * cell.height];
  context.strokeStyle = colors.text;
  context.lineWidth = cell.width > 4 ? 2 : 1;
  context.strokeRect(x + 0.5, y + 0.5, Math.max(2, cell.width - 1), Math.max(2, cell.height - 1));
}

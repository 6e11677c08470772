import { sizeOf, type Shape } from "../../../base/shape";

/** How a tensor of any rank is laid out as rows and columns. */
export interface MatrixView {
  rows: number;
  columns: number;
  /** A vector that wraps: `columns` values per row; the last row may be short. */
  wraps: boolean;
  size: number;
}

/** Values per row of a vector's heatmap; as a line of pixels, it would be unreadable. */
const vectorColumns = 32;

/** The last axis runs across, all others down; a long vector wraps. */
export function matrixView(shape: Shape): MatrixView {
  const size = sizeOf(shape);
  const last = shape.at(-1) ?? 1;
  if (shape.length > 1) return { rows: last === 0 ? 0 : size / last, columns: last, wraps: false, size };
  const columns = Math.max(1, Math.min(vectorColumns, last));
  return { rows: Math.ceil(size / columns), columns, wraps: size > columns, size };
}

/** The part of a view that the first `available` elements fill. */
export function firstOf(view: MatrixView, available: number): MatrixView {
  if (available >= view.size) return view;
  return { ...view, rows: Math.ceil(available / view.columns), size: available };
}

/** The index of the element at a flat position. */
export function indexAt(position: number, shape: Shape): number[] {
  const index = new Array<number>(shape.length);
  let rest = position;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return index;
}

/** The flat position of an index. */
export function positionOf(index: readonly number[], shape: Shape): number {
  return index.reduce((position, at, axis) => position * shape[axis]! + at, 0);
}

/** `[3, 12]`. */
export function formatIndex(index: readonly number[]): string {
  return `[${index.join(", ")}]`;
}

/** Moves a position by an arrow key, within bounds; undefined for other keys. */
export function moveByKey(key: string, position: number, view: MatrixView, page = 10): number | undefined {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -view.columns,
    ArrowDown: view.columns,
    PageUp: -page * view.columns,
    PageDown: page * view.columns,
  };
  const column = position % view.columns;
  if (key === "Home") return position - column;
  if (key === "End") return Math.min(view.size - 1, position - column + view.columns - 1);
  const step = steps[key];
  if (step === undefined) return undefined;
  if ((step === -1 && column === 0) || (step === 1 && column === view.columns - 1)) return position;
  const moved = position + step;
  if (moved >= 0 && moved < view.size) return moved;
  if (!key.startsWith("Page")) return position;
  const rows = Math.ceil(view.size / view.columns);
  return step < 0 ? column : Math.min(view.size - 1, (rows - 1) * view.columns + column);
}

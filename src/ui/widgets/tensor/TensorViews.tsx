import { useState, type ReactNode } from "react";
import type { DType } from "../../../base/dtype";
import { formatShape, sizeOf, type Shape } from "../../../base/shape";
import type { Statistics } from "../../../protocol/protocol";
import { useTexts } from "../../Texts";
import { formatNumber } from "../formatNumber";
import { Heatmap } from "./Heatmap";
import { Histogram } from "./Histogram";
import { Segmented } from "../controls/Segmented";
import { StatisticsLine } from "./StatisticsLine";
import { TensorTable } from "./TensorTable";
import styles from "./TensorViews.module.css";

export const tensorFaces = ["table", "heatmap", "histogram"] as const;
export type TensorFace = (typeof tensorFaces)[number];

interface TensorViewsProps {
  /** Row-major; may contain only the first of `shape`'s elements, or none if they cannot be shown. */
  values: ArrayLike<number>;
  shape: Shape;
  dtype: DType;
  statistics: Statistics;
  face: TensorFace;
  onFace: (face: TensorFace) => void;
  name?: string;
  /** Content before the choice of view. */
  children?: ReactNode;
}

/** Views of a tensor: its numbers as table, heatmap or histogram, and their statistics. */
export function TensorViews({ values, shape, dtype, statistics, face, onFace, name, children }: TensorViewsProps) {
  const texts = useTexts().outputs;
  const [selected, setSelected] = useState<number[]>();
  const scalar = shape.length === 0;
  const shows = (one: TensorFace) => !scalar && face === one && (values.length > 0 || sizeOf(shape) === 0);
  const shown = { values, shape, selected, onSelect: setSelected };
  return (
    <div
      className={styles.tensor}
      role="group"
      aria-label={[name, texts.tensor(formatShape(shape))].filter(Boolean).join(" ")}
    >
      <div className={styles.head}>
        {children}
        <span className={styles.space} />
        {!scalar && values.length > 0 && (
          <Segmented
            label={texts.view}
            value={face}
            choices={tensorFaces.map((value) => ({ value, label: texts[value] }))}
            onChange={onFace}
          />
        )}
      </div>
      {scalar && values.length > 0 && <output className={styles.scalar}>{formatNumber(values[0]!)}</output>}
      {shows("table") && <TensorTable {...shown} dtype={dtype} />}
      {shows("heatmap") && <Heatmap {...shown} />}
      {shows("histogram") && <Histogram statistics={statistics} height={110} />}
      {!scalar && statistics.size > 0 && <StatisticsLine statistics={statistics} />}
    </div>
  );
}

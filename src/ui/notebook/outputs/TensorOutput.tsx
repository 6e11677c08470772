import { useState } from "react";
import { formatShape } from "../../../base/shape";
import type { TensorSnapshot } from "../../../session/protocol";
import { useTexts } from "../../Texts";
import { formatNumber } from "../../widgets/formatNumber";
import { Heatmap } from "../../widgets/Heatmap";
import { Histogram } from "../../widgets/Histogram";
import { Segmented } from "../../widgets/Segmented";
import { StatisticsLine } from "../../widgets/StatisticsLine";
import { TensorTable } from "../../widgets/TensorTable";
import styles from "./Outputs.module.css";

type View = "table" | "heatmap" | "histogram";

/** A tensor: what it is, its numbers as table, colours or histogram, and their statistics. */
export function TensorOutput({ tensor }: { tensor: TensorSnapshot }) {
  const texts = useTexts().outputs;
  const [view, setView] = useState<View>("table");
  const [selected, setSelected] = useState<number[]>();
  const { name, shape, dtype, device, values, statistics } = tensor;
  const scalar = shape.length === 0;
  const shown = { values, shape, selected, onSelect: setSelected };
  return (
    <div
      className={styles.tensor}
      role="group"
      aria-label={[name, texts.tensor(formatShape(shape))].filter(Boolean).join(" ")}
    >
      <div className={styles.head}>
        {name !== undefined && <strong>{name}</strong>}
        <code>{formatShape(shape)}</code>
        <span>{dtype}</span>
        <span>{device}</span>
        <span className={styles.space} />
        {!scalar && values.length > 0 && (
          <Segmented
            label={texts.view}
            value={view}
            choices={[
              { value: "table", label: texts.table },
              { value: "heatmap", label: texts.heatmap },
              { value: "histogram", label: texts.histogram },
            ]}
            onChange={setView}
          />
        )}
      </div>
      {scalar && values.length > 0 && <output className={styles.scalar}>{formatNumber(values[0]!)}</output>}
      {!scalar && view === "table" && <TensorTable {...shown} dtype={dtype} />}
      {!scalar && view === "heatmap" && <Heatmap {...shown} />}
      {!scalar && view === "histogram" && <Histogram statistics={statistics} height={110} />}
      {!scalar && statistics.size > 0 && <StatisticsLine statistics={statistics} />}
    </div>
  );
}

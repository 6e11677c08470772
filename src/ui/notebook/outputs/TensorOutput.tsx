import { useState } from "react";
import { useStore } from "zustand";
import { formatShape } from "../../../base/shape";
import type { TensorSnapshot } from "../../../session/protocol";
import { cellById } from "../../../store/documentStore";
import { documentStore } from "../../../store/stores";
import { useTexts } from "../../Texts";
import { formatNumber } from "../../widgets/formatNumber";
import { Heatmap } from "../../widgets/Heatmap";
import { Histogram } from "../../widgets/Histogram";
import { Segmented } from "../../widgets/Segmented";
import { StatisticsLine } from "../../widgets/StatisticsLine";
import { TensorTable } from "../../widgets/TensorTable";
import styles from "./Outputs.module.css";

const views = ["table", "heatmap", "histogram"] as const;

/**
 * A tensor: what it is, its numbers as table, colours or histogram, and their statistics.
 * Which of the three is part of its cell's view, so that a notebook keeps it.
 */
export function TensorOutput({ tensor, cell }: { tensor: TensorSnapshot; cell: string }) {
  const texts = useTexts().outputs;
  const kept = useStore(documentStore, ({ document }) => cellById(document, cell)?.view?.tensor);
  const view = views.find((name) => name === kept) ?? "table";
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
            choices={views.map((value) => ({ value, label: texts[value] }))}
            onChange={(chosen) => documentStore.getState().setView(cell, { tensor: chosen })}
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

/* oxlint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role --
   on a narrow screen rows are drawn as grids, and some browsers then forget that they were a table */
import { formatShape, type Shape } from "../../base/shape";
import type { WeightRow } from "../../protocol/protocol";
import styles from "../notebook/outputs/Outputs.module.css";
import { classNames } from "../classNames";
import { useTexts } from "../Texts";
import stacked from "./WeightsTable.module.css";

/** Comparison of a weight file with a model: name, path, both shapes, and whether they match. */
export function WeightsTable({ rows }: { rows: readonly WeightRow[] }) {
  const texts = useTexts().files.weights;
  const shape = (value: Shape | null) => (value ? formatShape(value) : "–");
  return (
    <div className={classNames(styles.scroll, stacked.box)} tabIndex={0} role="group" aria-label={texts.rows}>
      <table className={classNames(styles.table, stacked.table)} role="table">
        <thead>
          <tr role="row">
            {[texts.file, texts.path, texts.fileShape, texts.shape, texts.status].map((title) => (
              <th key={title} scope="col" role="columnheader">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index} role="row">
              <td role="cell" data-label={texts.file}>
                {row.file ?? "–"}
              </td>
              <td role="cell" data-label={texts.path}>
                {row.path ?? "–"}
              </td>
              <td role="cell" data-label={texts.fileShape}>
                {shape(row.fileShape)}
              </td>
              <td role="cell" data-label={texts.shape}>
                {shape(row.shape)}
              </td>
              <td
                role="cell"
                data-label={texts.status}
                className={row.status === "match" ? styles.good : row.status === "waiting" ? styles.muted : styles.bad}
              >
                {texts.statuses[row.status]}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

import { formatShape, type Shape } from "../../base/shape";
import type { WeightRow } from "../../session/protocol";
import styles from "../notebook/outputs/Outputs.module.css";
import { useTexts } from "../Texts";

/** A weight file against a model: name, path, both shapes, and whether they fit. */
export function WeightsTable({ rows }: { rows: readonly WeightRow[] }) {
  const texts = useTexts().files.weights;
  const shape = (value: Shape | null) => (value ? formatShape(value) : "–");
  return (
    <div className={styles.scroll} tabIndex={0} role="group" aria-label={texts.rows}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{texts.file}</th>
            <th scope="col">{texts.path}</th>
            <th scope="col">{texts.fileShape}</th>
            <th scope="col">{texts.shape}</th>
            <th scope="col">{texts.status}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              <td>{row.file ?? "–"}</td>
              <td>{row.path ?? "–"}</td>
              <td>{shape(row.fileShape)}</td>
              <td>{shape(row.shape)}</td>
              <td
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

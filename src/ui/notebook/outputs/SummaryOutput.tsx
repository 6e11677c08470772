import { formatShape } from "../../../base/shape";
import { formatCount } from "../../../i18n/numbers";
import type { SummaryRow, SummaryTotals } from "../../../protocol/protocol";
import { useLanguage, useTexts } from "../../Texts";
import styles from "./Outputs.module.css";

/** A model's blocks, nested by indentation, with their shapes and parameter counts. */
export function SummaryOutput({ rows, totals }: { rows: readonly SummaryRow[]; totals: SummaryTotals }) {
  const texts = useTexts().outputs;
  const language = useLanguage();
  const count = (value: number) => formatCount(value, language);
  return (
    <div className={styles.scroll} tabIndex={0} role="group" aria-label={texts.summary}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{texts.block}</th>
            <th scope="col">{texts.path}</th>
            <th scope="col">{texts.outputShape}</th>
            <th scope="col" className={styles.number}>
              {texts.count}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.path}>
              <th scope="row" style={{ paddingLeft: 12 + row.depth * 18 }}>
                {row.kind}
              </th>
              <td>{row.path}</td>
              <td>
                {row.outputShape ? formatShape(row.outputShape) : <span className={styles.muted}>{texts.unbuilt}</span>}
              </td>
              <td className={styles.number}>
                {row.outputShape || row.count > 0 ? count(row.count) : "?"}
                {!row.trainable && row.count > 0 && <span className={styles.muted}> {texts.frozen}</span>}
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={3}>
              {texts.total}{" "}
              <span className={styles.muted}>
                {count(totals.trainable)} {texts.trainable}, {count(totals.frozen)} {texts.totalFrozen}
              </span>
            </th>
            <td className={styles.number}>
              <strong>{count(totals.total)}</strong>
            </td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

import { formatCount } from "../../../i18n/numbers";
import type { WeightRow } from "../../../protocol/protocol";
import { WeightsTable } from "../../files/WeightsTable";
import { useLanguage, useTexts } from "../../Texts";
import styles from "./Outputs.module.css";

/** The report of loading a weight file into a model. */
export function WeightsOutput({ rows }: { rows: readonly WeightRow[] }) {
  const texts = useTexts().outputs;
  const language = useLanguage();
  const bad = rows.filter(({ status }) => status !== "match" && status !== "waiting").length;
  const all = formatCount(rows.length, language);
  return (
    <div className={styles.tensor}>
      <p className={bad > 0 ? styles.bad : styles.good}>
        {bad > 0 ? texts.mismatch(formatCount(bad, language), all) : texts.allMatch(all)}
      </p>
      <WeightsTable rows={rows} />
    </div>
  );
}

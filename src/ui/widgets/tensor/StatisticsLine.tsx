import { formatCount } from "../../../i18n/numbers";
import type { Statistics } from "../../../protocol/protocol";
import { classNames } from "../../classNames";
import { useLanguage, useTexts } from "../../Texts";
import { formatNumber } from "../formatNumber";
import styles from "./StatisticsLine.module.css";

/** A tensor's statistics in one line: range, mean, deviation, zeros, and values that are not finite. */
export function StatisticsLine({ statistics }: { statistics: Statistics }) {
  const names = useTexts().widgets.statistics;
  const language = useLanguage();
  const { size, min, max, mean, std, zeros, nan, infinite } = statistics;
  const finite = size - nan - infinite;
  const count = (value: number) => formatCount(value, language);
  const entries: { name: string; value: string; warn?: boolean }[] = [{ name: names.size, value: count(size) }];
  if (finite > 0) {
    entries.push(
      { name: names.min, value: formatNumber(min) },
      { name: names.max, value: formatNumber(max) },
      { name: names.mean, value: formatNumber(mean) },
      { name: names.std, value: formatNumber(std) },
    );
  }
  entries.push(
    { name: names.zeros, value: count(zeros) },
    { name: names.nan, value: count(nan), warn: nan > 0 },
    { name: names.infinite, value: count(infinite), warn: infinite > 0 },
  );
  return (
    <dl className={styles.line}>
      {entries.map(({ name, value, warn }) => (
        <div key={name} className={classNames(styles.entry, warn && styles.warn)}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

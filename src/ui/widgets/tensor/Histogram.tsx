import { useRef } from "react";
import { formatCount } from "../../../i18n/numbers";
import type { Statistics } from "../../../protocol/protocol";
import { useLanguage, useTexts } from "../../Texts";
import { formatNumber } from "../formatNumber";
import styles from "./Histogram.module.css";
import { useElementWidth } from "../useElementWidth";

interface HistogramProps {
  statistics: Statistics;
  /** Height of the bars in CSS pixels. */
  height?: number;
}

/** The distribution of a tensor's finite values, with an axis and a text alternative. */
export function Histogram({ statistics, height = 72 }: HistogramProps) {
  const texts = useTexts().widgets;
  const language = useLanguage();
  const box = useRef<HTMLElement>(null);
  const width = useElementWidth(box);
  const { histogram, min, max } = statistics;
  const largest = Math.max(...histogram, 0);

  if (largest === 0) return <p className={styles.empty}>{texts.histogramEmpty}</p>;

  const step = (max - min) / histogram.length;
  const edge = (bin: number) => min + bin * step;
  const fullest = histogram.indexOf(largest);
  const description = texts.histogramText(
    histogram.length,
    formatNumber(min),
    formatNumber(max),
    formatNumber(edge(fullest + 0.5)),
    formatCount(largest, language),
  );
  const barWidth = width / histogram.length;
  const zero = min < 0 && max > 0 ? (-min / (max - min)) * width : undefined;

  return (
    <figure ref={box} className={styles.histogram}>
      <svg width={width} height={height} role="img" aria-label={`${texts.histogram}. ${description}`}>
        {histogram.map((count, bin) => (
          <rect
            key={bin}
            className={signOf(edge(bin), edge(bin + 1))}
            x={bin * barWidth}
            width={Math.max(0.5, barWidth - 1)}
            y={height - barHeight(count, largest, height)}
            height={barHeight(count, largest, height)}
          >
            <title>
              {texts.histogramBin(formatNumber(edge(bin)), formatNumber(edge(bin + 1)), formatCount(count, language))}
            </title>
          </rect>
        ))}
        {zero !== undefined && <line className={styles.zeroLine} x1={zero} x2={zero} y1={0} y2={height} />}
      </svg>
      <figcaption className={styles.axis} aria-hidden="true">
        <span>{formatNumber(min)}</span>
        <span className={styles.peak}>{texts.histogramPeak(formatCount(largest, language))}</span>
        <span>{formatNumber(max)}</span>
      </figcaption>
    </figure>
  );
}

/** A bin that is not empty is at least two pixels high. */
function barHeight(count: number, largest: number, height: number): number {
  return count === 0 ? 0 : Math.max(2, (count / largest) * (height - 2));
}

function signOf(from: number, to: number): string | undefined {
  if (to <= 0) return styles.negative;
  return from >= 0 ? styles.positive : styles.around;
}

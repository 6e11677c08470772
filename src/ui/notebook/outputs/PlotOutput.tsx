import { lazy, Suspense, useId, useState, type KeyboardEvent } from "react";
import { VisuallyHidden } from "react-aria-components/VisuallyHidden";
import type { Language } from "../../../i18n/language";
import { formatCount } from "../../../i18n/numbers";
import type { PlotSnapshot } from "../../../protocol/protocol";
import { useLanguage, useTexts } from "../../Texts";
import { dashOf, seriesColors } from "../../widgets/chart/chartColors";
import { drawable } from "../../widgets/chart/drawable";
import { formatPlace } from "../../widgets/chart/formatTick";
import { formatNumber } from "../../widgets/formatNumber";
import { PlotTable } from "./PlotTable";
import styles from "./PlotOutput.module.css";

const Chart = lazy(async () => ({ default: (await import("../../widgets/chart/Chart")).Chart }));

const height = 260;

/** A plot with its legend, the values at the selected position, and all values as a table. */
export function PlotOutput({ plot }: { plot: PlotSnapshot }) {
  const texts = useTexts().outputs;
  const language = useLanguage();
  const description = useId();
  const [place, setPlace] = useState<number | null>(null);
  const { title, x, series } = plot;
  const last = x.length - 1;
  const leftOut = countLeftOut(plot);
  const reading = place === null ? "" : readingAt(plot, place);
  return (
    <figure className={styles.plot} aria-label={title || texts.plot}>
      {title !== "" && <figcaption className={styles.title}>{title}</figcaption>}
      <ul className={styles.legend} aria-label={texts.series}>
        {series.map(({ name }, index) => (
          <li key={index}>
            <Swatch kind={plot.kind} index={index} />
            {name}
          </li>
        ))}
      </ul>
      <VisuallyHidden id={description}>{describe(plot, texts, language)}</VisuallyHidden>
      <div
        className={styles.chart}
        role="slider"
        tabIndex={0}
        aria-label={texts.plotPlace(plot.xLabel || "x")}
        aria-describedby={description}
        aria-valuemin={0}
        aria-valuemax={Math.max(last, 0)}
        aria-valuenow={place ?? 0}
        aria-valuetext={reading || texts.plotHint}
        onKeyDown={(event) => setPlace((before) => placeAfter(event, before, last))}
        onBlur={() => setPlace(null)}
      >
        <Suspense fallback={<div style={{ height }} />}>
          <Chart plot={plot} height={height} place={place} onPlace={setPlace} />
        </Suspense>
      </div>
      <p className={styles.reading} aria-hidden="true">
        {reading || texts.plotHint}
      </p>
      {leftOut > 0 && <p className={styles.note}>{texts.leftOut(formatCount(leftOut, language), plot.logY)}</p>}
      <PlotTable plot={plot} />
    </figure>
  );
}

/** The target of an arrow key, Home or End; other keys do not move the position. */
function placeAfter(event: KeyboardEvent, before: number | null, last: number): number | null {
  const leads: Record<string, number> = {
    ArrowLeft: Math.max(0, (before ?? 1) - 1),
    ArrowDown: Math.max(0, (before ?? 1) - 1),
    ArrowRight: Math.min(last, (before ?? -1) + 1),
    ArrowUp: Math.min(last, (before ?? -1) + 1),
    Home: 0,
    End: last,
  };
  const next = leads[event.key];
  if (next === undefined || last < 0) return before;
  event.preventDefault();
  return next;
}

/** `200: copy 0.4, add 0.1`. */
function readingAt(plot: PlotSnapshot, place: number): string {
  const values = plot.series.map(({ name, y }) => `${name} ${formatNumber(y[place]!)}`);
  return `${plot.xLabel ? `${plot.xLabel} ` : ""}${formatPlace(plot, place)}: ${values.join(", ")}`;
}

function countLeftOut({ series, logY }: PlotSnapshot): number {
  return series.reduce((sum, { y }) => sum + y.filter((value) => drawable(value, logY) === null).length, 0);
}

type PlotTexts = ReturnType<typeof useTexts>["outputs"];

/** A summary for screen readers: the kind of plot, its x axis, and the range of each series. */
function describe(plot: PlotSnapshot, texts: PlotTexts, language: Language): string {
  const { kind, x, xLabel, yLabel, series } = plot;
  const ends = x.length > 0 ? [formatPlace(plot, 0), formatPlace(plot, x.length - 1)] : ["", ""];
  const head = texts.plotText(
    texts.plotKinds[kind],
    formatCount(x.length, language),
    xLabel || "x",
    ends[0]!,
    ends[1]!,
  );
  const lines = series.map(({ name, y }) => {
    const finite = y.filter(Number.isFinite);
    if (finite.length === 0) return texts.plotEmptySeries(name);
    const low = finite.reduce((least, value) => Math.min(least, value));
    const high = finite.reduce((most, value) => Math.max(most, value));
    return texts.plotSeriesText(name, yLabel, formatNumber(low), formatNumber(high), formatNumber(finite.at(-1)!));
  });
  return [head, ...lines].join(" ");
}

/** A series' colour and dash pattern, as in the plot. */
function Swatch({ kind, index }: { kind: PlotSnapshot["kind"]; index: number }) {
  const color = `var(--series-${(index % seriesColors) + 1})`;
  return (
    <svg width="22" height="12" aria-hidden="true">
      {kind === "line" && (
        <line x1="0" x2="22" y1="6" y2="6" stroke={color} strokeWidth="2.5" strokeDasharray={dashOf(index).join(" ")} />
      )}
      {kind === "bar" && <rect x="5" y="1" width="12" height="10" rx="2" fill={color} />}
      {kind === "points" && <circle cx="11" cy="6" r="4" fill={color} />}
    </svg>
  );
}

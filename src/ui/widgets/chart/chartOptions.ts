import type uPlot from "uplot";
import type { Language } from "../../../i18n/language";
import type { PlotSnapshot } from "../../../protocol/protocol";
import { barPaths } from "./barPaths";
import { type ChartColors, dashOf, seriesColors } from "./chartColors";
import { drawable } from "./drawable";
import { formatTicks } from "./formatTick";
import { labelledSplits, logSplits } from "./logTicks";

interface ChartOptions {
  plot: PlotSnapshot;
  colors: ChartColors;
  language: Language;
  width: number;
  height: number;
  /** Called with the position of the pointer or the keyboard; null for none. */
  onPlace(place: number | null): void;
}

/** The positions along x, and each series. Bars are at 0, 1, 2, ... regardless of their x. */
export function chartData({ kind, x, series, logY }: PlotSnapshot): uPlot.AlignedData {
  const places = kind === "bar" ? x.map((_, index) => index) : x;
  return [places, ...series.map(({ y }) => y.map((value) => drawable(value, logY)))];
}

export function chartOptions({ plot, colors, language, width, height, onPlace }: ChartOptions): uPlot.Options {
  const bars = plot.kind === "bar";
  return {
    width,
    height,
    padding: [12, 16, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false, setScale: false },
      points: { show: !bars, size: 8, width: 2, fill: colors.surface },
    },
    scales: {
      x: { time: false, ...xScale(plot) },
      y: plot.logY ? logScale : { range: (_, min, max) => rangeOf(min, max, bars) },
    },
    axes: [xAxis(plot, colors, language), yAxis(plot, colors, language)],
    series: [{}, ...plot.series.map((_, index) => oneSeries(plot, index, colors))],
    hooks: { setCursor: [({ cursor }) => onPlace(cursor.idx ?? null)] },
  };
}

/** Bars have half a position of margin on either side. */
function xScale({ kind, logX, x }: PlotSnapshot): uPlot.Scale {
  if (kind === "bar") return { range: [-0.5, x.length - 0.5] };
  return logX ? logScale : {};
}

/** A small margin instead of whole decades. */
const logScale: uPlot.Scale = {
  distr: 3,
  range: (_, min, max) => (min > 0 && max > 0 ? [min / 1.15, max * 1.15] : [0.1, 1]),
};

/** A margin of a tenth above and below; bars start at zero. */
function rangeOf(min: number | null, max: number | null, fromZero: boolean): [number, number] {
  const low = fromZero ? Math.min(0, min ?? 0) : (min ?? 0);
  const high = fromZero ? Math.max(0, max ?? 1) : (max ?? 1);
  const air = (high - low || Math.abs(high) || 1) * 0.08;
  return [fromZero && low === 0 ? 0 : low - air, fromZero && high === 0 ? 0 : high + air];
}

function oneSeries({ kind, series, logY }: PlotSnapshot, index: number, colors: ChartColors): uPlot.Series {
  const color = colors.series[index % seriesColors]!;
  if (kind === "bar")
    return { fill: color, width: 0, points: { show: false }, paths: barPaths(index, series.length, logY) };
  const points = { size: 6, fill: color, stroke: color };
  if (kind === "points") return { stroke: color, paths: () => null, points: { ...points, show: true } };
  return { stroke: color, width: 2, dash: dashOf(index), points };
}

function xAxis(plot: PlotSnapshot, colors: ChartColors, language: Language): uPlot.Axis {
  const axis = { ...styleOf(colors), label: plot.xLabel || undefined, size: 30 };
  if (plot.kind !== "bar") {
    // Between integers, such as epochs and steps, there are no ticks.
    const whole = plot.x.every(Number.isInteger);
    return { ...axis, ...ticksOf(plot.logX, language), ...(whole && { incrs: wholeSteps }) };
  }
  return {
    ...axis,
    grid: { show: false },
    splits: (chart) => labelledPlaces(plot.x.length, chart.width),
    values: (_, splits) => {
      const numbers = formatTicks(
        splits.map((place) => plot.x[place]),
        language,
      );
      return splits.map((place, index) => plot.categories[place] ?? numbers[index]!);
    },
  };
}

/** 1, 2, 5, 10, 20, ... */
const wholeSteps = Array.from({ length: 36 }, (_, index) => [1, 2, 5][index % 3]! * 10 ** Math.floor(index / 3));

/** The ticks of an axis and their labels. */
function ticksOf(logarithmic: boolean, language: Language): uPlot.Axis {
  if (!logarithmic) return { values: (_, splits) => formatTicks(splits, language) };
  return {
    splits: (_chart, _axis, min, max) => logSplits(min, max),
    // uPlot's own function would omit labels.
    filter: (_, splits) => splits,
    values: (_, splits) => {
      const labelled = labelledSplits(splits);
      return formatTicks(
        splits.map((value) => (labelled.has(value) ? value : null)),
        language,
        true,
      );
    },
  };
}

/** Width in CSS pixels of a bar's label. */
const labelWidth = 72;

/** Every position, or as many as have room for a label. */
function labelledPlaces(count: number, width: number): number[] {
  const every = Math.max(1, Math.ceil((count * labelWidth) / Math.max(width, labelWidth)));
  return Array.from({ length: count }, (_, place) => place).filter((place) => place % every === 0);
}

function yAxis(plot: PlotSnapshot, colors: ChartColors, language: Language): uPlot.Axis {
  return {
    ...styleOf(colors),
    label: plot.yLabel || undefined,
    size: (_, values) => 18 + 7 * Math.max(2, ...(values ?? []).map((value) => value.length)),
    ...ticksOf(plot.logY, language),
  };
}

function styleOf({ muted, grid, font }: ChartColors): uPlot.Axis {
  return {
    stroke: muted,
    font: `11px ${font}`,
    labelFont: `12px ${font}`,
    labelSize: 26,
    grid: { stroke: grid, width: 1 },
    ticks: { stroke: grid, width: 1, size: 5 },
    border: { show: true, stroke: muted, width: 1 },
  };
}

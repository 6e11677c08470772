import type uPlot from "uplot";

/** The fraction of the space between two groups that bars take. */
const groupWidth = 0.76;
/** Maximum width of a bar in CSS pixels. */
const widest = 56;

/**
 * Draws one series of a bar chart: at each position, the bars of all series are side by side and start at zero, or at
 * the bottom of a logarithmic axis.
 */
export function barPaths(series: number, count: number, logarithmic: boolean): uPlot.Series.PathBuilder {
  return (chart, index, from, to) => {
    const fill = new Path2D();
    const [places, values] = [chart.data[0], chart.data[index]!];
    const ratio = devicePixelRatio;
    const step = Math.abs(chart.valToPos(1, "x", true) - chart.valToPos(0, "x", true));
    const width = Math.min((step * groupWidth) / count, widest * ratio);
    const { min = 0 } = chart.scales.y!;
    const foot = chart.valToPos(logarithmic ? min : 0, "y", true);
    for (let place = from; place <= to; place++) {
      const value = values[place];
      if (value === null || value === undefined) continue;
      const middle = chart.valToPos(places[place]!, "x", true);
      const top = chart.valToPos(value, "y", true);
      const gap = Math.min(ratio, width / 8);
      const left = middle + (series - count / 2) * width + gap / 2;
      fill.rect(Math.round(left), Math.min(top, foot), Math.max(1, Math.round(width - gap)), Math.abs(foot - top));
    }
    return { fill, stroke: null, clip: null, flags: 1 };
  };
}

/** How many colours series have before they come again with another dash. */
export const seriesColors = 8;

/** Lines are told apart without colour too: by their dashes, in CSS pixels. */
const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

export interface ChartColors {
  muted: string;
  grid: string;
  surface: string;
  font: string;
  series: string[];
}

/** The theme's colours, from the custom properties that apply to `element`: a canvas knows none of them. */
export function readChartColors(element: Element): ChartColors {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    muted: read("--text-muted"),
    grid: read("--line"),
    surface: read("--surface"),
    font: style.fontFamily,
    series: Array.from({ length: seriesColors }, (_, index) => read(`--series-${index + 1}`)),
  };
}

export function dashOf(series: number): number[] {
  return [...dashes[(series + Math.floor(series / seriesColors)) % dashes.length]!];
}

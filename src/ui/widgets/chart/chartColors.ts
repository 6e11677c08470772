/** Number of colours of series before they repeat with another dash pattern. */
export const seriesColors = 8;

/** Lines can be distinguished without colour too: by their dashes, in CSS pixels. */
const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

export interface ChartColors {
  muted: string;
  grid: string;
  surface: string;
  font: string;
  series: string[];
}

/**
 * Reads the theme's colours from the custom properties that apply to `element`, because a canvas has no access to them.
 */
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

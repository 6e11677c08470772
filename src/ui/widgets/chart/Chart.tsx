import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { PlotSnapshot } from "../../../protocol/protocol";
import { useLanguage } from "../../Texts";
import { useElementWidth } from "../useElementWidth";
import { useTheme } from "../useTheme";
import { readChartColors } from "./chartColors";
import { chartData, chartOptions } from "./chartOptions";

export interface ChartProps {
  plot: PlotSnapshot;
  /** Height in CSS pixels. */
  height: number;
  /** The position whose values are highlighted; null for none. */
  place: number | null;
  onPlace(place: number | null): void;
}

/** The plot itself, on a canvas; the text alternative is next to it. */
export function Chart({ plot, height, place, onPlace }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(null);
  const width = useElementWidth(box);
  const theme = useTheme();
  const language = useLanguage();

  useEffect(() => {
    const element = box.current;
    if (!element || width === 0) return;
    const colors = readChartColors(element);
    const options = { plot, colors, language, width, height, onPlace };
    const made = new uPlot(chartOptions(options), chartData(plot), element);
    chart.current = made;
    return () => {
      chart.current = null;
      made.destroy();
    };
  }, [plot, theme, language, width, height, onPlace]);

  useEffect(() => {
    const made = chart.current;
    if (!made || (made.cursor.idx ?? null) === place) return;
    const at = place === null ? undefined : made.data[0][place];
    made.setCursor({ left: at === undefined ? -10 : made.valToPos(at, "x"), top: made.over.clientHeight / 2 });
  }, [place, plot, theme, language, width, height]);

  return <div ref={box} aria-hidden="true" style={{ height }} />;
}

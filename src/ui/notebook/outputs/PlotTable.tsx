import { useState } from "react";
import { formatCount } from "../../../i18n/numbers";
import type { PlotSnapshot } from "../../../protocol/protocol";
import { useLanguage, useTexts } from "../../Texts";
import { Button } from "../../widgets/controls/Button";
import { formatPlace } from "../../widgets/chart/formatTick";
import { formatNumber } from "../../widgets/formatNumber";
import shared from "./Outputs.module.css";
import styles from "./PlotOutput.module.css";

/** Number of rows shown at first, and added by each request for more. */
const rows = 200;

/** The values of a plot, one row per position; created when it is opened. */
export function PlotTable({ plot }: { plot: PlotSnapshot }) {
  const texts = useTexts().outputs;
  const language = useLanguage();
  const [open, setOpen] = useState(false);
  const [limit, setLimit] = useState(rows);
  const { x, xLabel, yLabel, series } = plot;
  const shown = Math.min(limit, x.length);
  return (
    <details className={styles.values} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{texts.plotValues(formatCount(x.length, language))}</summary>
      {open && (
        <div className={shared.scroll} tabIndex={0} role="group" aria-label={texts.plotValues(String(x.length))}>
          <table className={shared.table}>
            {yLabel !== "" && <caption className={styles.caption}>{yLabel}</caption>}
            <thead>
              <tr>
                <th scope="col">{xLabel || "x"}</th>
                {series.map(({ name }, index) => (
                  <th key={index} scope="col" className={shared.number}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {Array.from({ length: shown }, (_, place) => (
                <tr key={place}>
                  <th scope="row">{formatPlace(plot, place)}</th>
                  {series.map(({ y }, index) => (
                    <td key={index} className={shared.number}>
                      {formatNumber(y[place]!)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {open && shown < x.length && (
        <Button small onPress={() => setLimit(limit + rows)}>
          {texts.showMore(formatCount(Math.min(rows, x.length - shown), language))}
        </Button>
      )}
    </details>
  );
}

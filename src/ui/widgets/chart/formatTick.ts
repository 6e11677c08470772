import { type Language, localeOf } from "../../../i18n/language";
import type { PlotSnapshot } from "../../../session/protocol";
import { formatNumber } from "../formatNumber";

/** A number at an axis: short, for the large ones as the language shortens them (20K, 2万). */
export function formatTick(value: number | null | undefined, language: Language): string {
  if (value === null || value === undefined) return "";
  const magnitude = Math.abs(value);
  if (magnitude >= 10_000 && magnitude < 1e15) {
    const format = new Intl.NumberFormat(localeOf(language), { notation: "compact", maximumSignificantDigits: 4 });
    return format.format(value).replace("-", "−");
  }
  if (magnitude > 0 && magnitude < 1e-4) return Number(value.toPrecision(4)).toExponential().replaceAll("-", "−");
  return formatNumber(value);
}

/** What stands at a place along x: its text, or its number as it is. */
export function formatPlace({ x, categories }: PlotSnapshot, place: number): string {
  return categories[place] ?? formatNumber(x[place]!);
}

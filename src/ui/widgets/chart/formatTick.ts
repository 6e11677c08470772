import { type Language, localeOf } from "../../../i18n/language";
import type { PlotSnapshot } from "../../../protocol/protocol";
import { formatNumber } from "../formatNumber";

/** Powers at which numbers are abbreviated, and their units, the largest first. */
const units: Record<Language, readonly (readonly [size: number, name: string])[]> = {
  en: [
    [1e12, "T"],
    [1e9, "B"],
    [1e6, "M"],
    [1e3, "K"],
  ],
  zh: [
    [1e12, "万亿"],
    [1e8, "亿"],
    [1e4, "万"],
  ],
};

/** The range in which numbers are abbreviated. */
const [large, huge] = [10_000, 1e15];

function inExponents(value: number): string {
  return Number(value.toPrecision(4)).toExponential().replaceAll("-", "−");
}

/**
 * Formats the numbers of one axis, all in one notation: with the unit of the largest (5K, 10K; 0.5万, 1万), or with
 * exponents if all are small. On a logarithmic axis, each has its own unit, and those below 1 have exponents if the
 * smallest needs one.
 */
export function formatTicks(
  values: readonly (number | null | undefined)[],
  language: Language,
  logarithmic = false,
): string[] {
  const magnitudes = values.flatMap((value) => (value ? [Math.abs(value)] : []));
  const [least, largest] = [Math.min(...magnitudes), Math.max(...magnitudes)];
  const small = (logarithmic ? least : largest) < (logarithmic ? 1e-4 : 1e-3);
  const unit = largest >= large && largest < huge ? units[language].find(([size]) => size <= largest) : undefined;
  const compact = new Intl.NumberFormat(localeOf(language), { notation: "compact", maximumSignificantDigits: 4 });
  return values.map((value) => {
    if (value === null || value === undefined) return "";
    if (value === 0) return "0";
    if (small && Math.abs(value) < 1) return inExponents(value);
    if (unit && logarithmic && Math.abs(value) >= 1) return compact.format(value).replace("-", "−");
    return unit ? formatNumber(Number((value / unit[0]).toPrecision(6))) + unit[1] : formatNumber(value);
  });
}

/** The label of a position along x: its text, or its number unchanged. */
export function formatPlace({ x, categories }: PlotSnapshot, place: number): string {
  return categories[place] ?? formatNumber(x[place]!);
}

import { localeOf, type Language } from "./language";

/** `200,960`. */
export function formatCount(value: number, language: Language): string {
  return new Intl.NumberFormat(localeOf(language)).format(value);
}

const units = ["B", "kB", "MB", "GB", "TB"] as const;

/** `96 B`, `813 kB`, `1.25 MB`: powers of 1000, three digits. */
export function formatBytes(bytes: number, language: Language): string {
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const number = new Intl.NumberFormat(localeOf(language), { maximumSignificantDigits: 3 });
  return `${number.format(bytes / 1000 ** power)} ${units[power]}`;
}

/** `4.21 µs`, and from 100 µs on `0.38 ms` and so on: for times that are too short for `formatDuration`. */
export function formatShortDuration(milliseconds: number, language: Language): string {
  if (milliseconds >= 10) return formatDuration(milliseconds, language);
  const isTiny = milliseconds < 0.1;
  const number = new Intl.NumberFormat(localeOf(language), { maximumSignificantDigits: 3 });
  return isTiny ? `${number.format(milliseconds * 1000)} µs` : `${number.format(milliseconds)} ms`;
}

/** `0.4 ms`, `38 ms`, `2.41 s`, `3 min 12 s`. */
export function formatDuration(milliseconds: number, language: Language): string {
  const format = (value: number, unit: string, digits: number) =>
    new Intl.NumberFormat(localeOf(language), {
      style: "unit",
      unit,
      unitDisplay: "short",
      maximumFractionDigits: digits,
    }).format(value);
  if (milliseconds < 1000) return format(milliseconds, "millisecond", milliseconds < 10 ? 1 : 0);
  if (milliseconds < 60_000) return format(milliseconds / 1000, "second", 2);
  const seconds = Math.round(milliseconds / 1000);
  return `${format(Math.floor(seconds / 60), "minute", 0)} ${format(seconds % 60, "second", 0)}`;
}

/** How the numbers of one tensor are written, so that a column lines up. */
export interface NumberFormat {
  decimals: number;
  exponent: boolean;
  /** Magnitudes from here on get an exponent each; by default none. */
  fixedBelow?: number;
}

const integers: NumberFormat = { decimals: 0, exponent: false };
/** Values that are looked at for what is typical. */
const sampleSize = 4096;
/** Digits of the widest number that is written without an exponent among smaller ones. */
const widest = 7;

/**
 * One format for all of `values`: whole numbers without decimals; others with the
 * decimals that show four digits of the largest; an exponent where fixed digits
 * would sprawl. Where a few values are so large that the others would lose their
 * digits, the others decide, and those few get an exponent of their own.
 */
export function chooseFormat(values: ArrayLike<number>): NumberFormat {
  let largest = 0;
  let whole = true;
  for (let index = 0; index < values.length; index++) {
    const magnitude = Math.abs(values[index]!);
    if (!Number.isFinite(magnitude)) continue;
    if (magnitude > largest) largest = magnitude;
    if (whole && !Number.isInteger(magnitude)) whole = false;
  }
  if (largest === 0 || (whole && largest < 1e8)) return integers;
  const typical = medianMagnitude(values);
  // Beside values up to 10, which leave three decimals, what is small may as well read as nearly zero.
  if (largest < 10 || largest < 100 * typical || typical === 0) return formatFor(largest);
  if (whole) return { ...integers, fixedBelow: 1e8 };
  const format = formatFor(typical);
  return format.exponent ? format : { ...format, fixedBelow: 10 ** (widest - format.decimals) };
}

function formatFor(magnitude: number): NumberFormat {
  if (magnitude >= 1e6 || magnitude < 1e-3) return { decimals: 3, exponent: true };
  return { decimals: Math.min(6, Math.max(1, 3 - Math.floor(Math.log10(magnitude)))), exponent: false };
}

/** The lower median of the finite values that are not 0, of a sample spread over all of them. */
function medianMagnitude(values: ArrayLike<number>): number {
  const step = Math.max(1, Math.floor(values.length / sampleSize));
  const sample: number[] = [];
  for (let index = 0; index < values.length; index += step) {
    const magnitude = Math.abs(values[index]!);
    if (magnitude > 0 && magnitude < Infinity) sample.push(magnitude);
  }
  sample.sort((a, b) => a - b);
  return sample[Math.floor((sample.length - 1) / 2)] ?? 0;
}

/** One value in a shared format. A true minus sign keeps digits aligned and legible. */
export function formatWith(value: number, { decimals, exponent, fixedBelow = Infinity }: NumberFormat): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const text = exponent
    ? value.toExponential(decimals)
    : Math.abs(value) >= fixedBelow
      ? value.toExponential(3)
      : value.toFixed(decimals);
  return text.replaceAll("-", "−");
}

/** A number on its own: four significant digits, an exponent only where it helps. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) {
    return Math.abs(value) >= 1e9 && Number.isFinite(value)
      ? formatWith(value, { decimals: 3, exponent: true })
      : formatWith(value, integers);
  }
  const magnitude = Math.abs(value);
  if (magnitude >= 1e6 || magnitude < 1e-4) return formatWith(value, { decimals: 3, exponent: true });
  return String(Number(value.toPrecision(4))).replace("-", "−");
}

/** Reads what a person typed for a tensor's element; undefined if it is no number. */
export function parseNumber(text: string): number | undefined {
  const plain = text.trim().replaceAll("−", "-");
  if (/^[+-]?(inf(inity)?|∞)$/i.test(plain)) return plain.startsWith("-") ? -Infinity : Infinity;
  if (/^nan$/i.test(plain)) return NaN;
  if (plain === "" || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return undefined;
  return Number(plain);
}

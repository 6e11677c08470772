/** The number format shared by one tensor, so that columns align. */
export interface NumberFormat {
  decimals: number;
  exponent: boolean;
  /** Magnitudes from here on have an exponent; by default none. */
  fixedBelow?: number;
}

const integers: NumberFormat = { decimals: 0, exponent: false };
/** Number of values sampled to find typical ones. */
const sampleSize = 4096;
/** Maximum digits of a number without an exponent among smaller ones. */
const widest = 7;

/**
 * Chooses one format for all `values`: integers without decimals; others with the decimals that show four digits of the
 * largest; an exponent if fixed digits would be too long. If a few values are so large that the others would lose their
 * digits, the others determine the format, and those few have their own exponent.
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
  // Next to values up to 10, which leave three decimals, small values may be shown as nearly zero.
  if (largest < 10 || largest < 100 * typical || typical === 0) return formatFor(largest);
  if (whole) return { ...integers, fixedBelow: 1e8 };
  const format = formatFor(typical);
  return format.exponent ? format : { ...format, fixedBelow: 10 ** (widest - format.decimals) };
}

function formatFor(magnitude: number): NumberFormat {
  if (magnitude >= 1e6 || magnitude < 1e-3) return { decimals: 3, exponent: true };
  return { decimals: Math.min(6, Math.max(1, 3 - Math.floor(Math.log10(magnitude)))), exponent: false };
}

/** The lower median of the finite values other than 0, from a sample spread over all of them. */
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

/** Formats one value in a shared format. A true minus sign keeps digits aligned and legible. */
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

/** Formats a single number: four significant digits, with an exponent only if it helps. */
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

/** Parses the user's input for a tensor's element; undefined if it is not a number. */
export function parseNumber(text: string): number | undefined {
  const plain = text.trim().replaceAll("−", "-");
  if (/^[+-]?(inf(inity)?|∞)$/i.test(plain)) return plain.startsWith("-") ? -Infinity : Infinity;
  if (/^nan$/i.test(plain)) return NaN;
  if (plain === "" || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return undefined;
  return Number(plain);
}

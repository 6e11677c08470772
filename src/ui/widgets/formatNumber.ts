/** How the numbers of one tensor are written, so that a column lines up. */
export interface NumberFormat {
  decimals: number;
  exponent: boolean;
}

const integers: NumberFormat = { decimals: 0, exponent: false };

/**
 * One format for all of `values`: whole numbers without decimals; others with the
 * decimals that show four digits of the largest; an exponent where fixed digits
 * would hide the smallest or sprawl over the largest.
 */
export function chooseFormat(values: ArrayLike<number>): NumberFormat {
  let largest = 0;
  let smallest = Infinity;
  let whole = true;
  for (let index = 0; index < values.length; index++) {
    const magnitude = Math.abs(values[index]!);
    if (!Number.isFinite(magnitude)) continue;
    if (magnitude > largest) largest = magnitude;
    if (magnitude > 0 && magnitude < smallest) smallest = magnitude;
    if (whole && !Number.isInteger(magnitude)) whole = false;
  }
  if (largest === 0 || (whole && largest < 1e8)) return integers;
  if (largest >= 1e6 || largest < 1e-3) return { decimals: 3, exponent: true };
  return { decimals: Math.min(6, Math.max(1, 3 - Math.floor(Math.log10(largest)))), exponent: false };
}

/** One value in a shared format. A true minus sign keeps digits aligned and legible. */
export function formatWith(value: number, { decimals, exponent }: NumberFormat): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const text = exponent ? value.toExponential(decimals) : value.toFixed(decimals);
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

/** RGB, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** The diverging palette of the active theme: orange below zero, grey at zero, blue above. */
export interface DataColors {
  negative: Rgb;
  zero: Rgb;
  positive: Rgb;
  notFinite: Rgb;
  text: string;
  textOnStrong: string;
}

/** Reads the palette from the custom properties that apply to `element`. */
export function readDataColors(element: Element): DataColors {
  const style = getComputedStyle(element);
  const read = (name: string) => parseHex(style.getPropertyValue(name));
  return {
    negative: read("--negative"),
    zero: read("--zero"),
    positive: read("--positive"),
    notFinite: read("--not-finite"),
    text: style.getPropertyValue("--text"),
    textOnStrong: style.getPropertyValue("--surface"),
  };
}

/** Parses `#rrggbb` or `#rgb` (which minifiers produce) to numbers. */
export function parseHex(text: string): Rgb {
  const digits = text.trim().replace("#", "");
  const long = digits.length === 3 ? [...digits].map((digit) => digit + digit).join("") : digits;
  const value = Number.parseInt(long, 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** The colour intensity of `value`: -1 to 1 relative to `bound`, by a square root so that small weights are visible. */
export function strengthOf(value: number, bound: number): number {
  if (value === 0 || bound === 0) return 0;
  return Math.sign(value) * Math.sqrt(Math.min(1, Math.abs(value) / bound));
}

/** The colour of a value on the scale from -bound to bound. */
export function colorOf(value: number, bound: number, colors: DataColors): Rgb {
  if (!Number.isFinite(value)) return colors.notFinite;
  const strength = strengthOf(value, bound);
  const end = strength < 0 ? colors.negative : colors.positive;
  const part = Math.abs(strength);
  return [0, 1, 2].map((channel) =>
    Math.round(colors.zero[channel]! + (end[channel]! - colors.zero[channel]!) * part),
  ) as unknown as Rgb;
}

/** The largest finite magnitude: the bound of a symmetric scale; 1 if there is none. */
export function boundOf(values: ArrayLike<number>): number {
  let bound = 0;
  for (let index = 0; index < values.length; index++) {
    const magnitude = Math.abs(values[index]!);
    if (magnitude > bound && magnitude !== Infinity) bound = magnitude;
  }
  return bound || 1;
}

/** Returns a value as it is drawn; null, a gap, for values that an axis cannot show. */
export function drawable(value: number, logarithmic: boolean): number | null {
  return Number.isFinite(value) && (!logarithmic || value > 0) ? value : null;
}

/** A value as it is drawn; null, a gap, for what an axis cannot show. */
export function drawable(value: number, logarithmic: boolean): number | null {
  return Number.isFinite(value) && (!logarithmic || value > 0) ? value : null;
}

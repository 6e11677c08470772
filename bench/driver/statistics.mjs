/**
 * Returns the median; for an even number of values, the mean of the two middle ones. @param {readonly number[]} values
 */
export function median(values) {
  if (values.length === 0) throw new RangeError("Expected at least one value.");
  const sorted = [...values].sort((a, b) => a - b);
  const [low = 0, high = low] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return (low + high) / 2;
}

/**
 * Returns the names whose results differ from the others: not finite, of another length, or further from the overall
 * median than `tolerance` times the largest. Of two that differ, both are returned.
 * @param {ReadonlyMap<string, readonly number[]>} results
 * @returns {string[]}
 */
export function oddOnes(results, tolerance = 1e-3) {
  const sound = [...results.values()].filter((list) => list.every(Number.isFinite));
  if (sound.length === 0) return [...results.keys()];
  const count = Math.floor(median(sound.map((list) => list.length)));
  const compared = sound.filter((list) => list.length === count);
  const middle = Array.from({ length: count }, (_, index) => median(compared.map((list) => list[index] ?? 0)));
  const allowed = tolerance * Math.max(...middle.map(Math.abs));
  const agrees = (/** @type {readonly number[]} */ list) =>
    list.length === count && middle.every((value, index) => Math.abs((list[index] ?? Number.NaN) - value) <= allowed);
  return [...results].filter(([, list]) => !agrees(list)).map(([name]) => name);
}

/**
 * Rotates a list by one per round, so that no system always follows the same other.
 * @template T
 * @param {readonly T[]} list
 * @param {number} round
 */
export function rotate(list, round) {
  const start = list.length ? round % list.length : 0;
  return [...list.slice(start), ...list.slice(0, start)];
}

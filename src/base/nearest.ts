/** What a mistyped name may have been meant to be, of those that there are. */

/** A sentence that asks for the nearest candidate; undefined if none is near, or the name is there. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const near = nearest(name, candidates);
  return near === undefined ? undefined : `Did you mean \`${near}\`?`;
}

/** The candidate with the fewest slips; undefined if none is near, or the name is there. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let fewest = Math.min(3, Math.max(name.length < 3 ? 0 : 1, Math.floor(name.length / 4))) + 0.5;
  for (const candidate of candidates) {
    if (candidate === name) return undefined;
    // Another case alone is the smallest slip.
    const slips = slipsBetween(name.toLowerCase(), candidate.toLowerCase(), fewest) || 0.25;
    if (slips < fewest) [best, fewest] = [candidate, slips];
  }
  return best;
}

/**
 * Letters left out, added, replaced, or swapped with their neighbour (optimal string alignment); Infinity if `limit` or
 * more by length alone.
 */
function slipsBetween(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return Infinity;
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}

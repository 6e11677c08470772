/** Suggestions for mistyped names. */

/**
 * Returns "Did you mean ...?" for the nearest candidate. Undefined if no candidate is near, or `name` is a candidate.
 */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const near = nearest(name, candidates);
  return near === undefined ? undefined : `Did you mean \`${near}\`?`;
}

/** Returns the candidate with the fewest typing errors. Undefined if no candidate is near, or `name` is a candidate. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let fewest = Math.min(3, Math.max(name.length < 3 ? 0 : 1, Math.floor(name.length / 4))) + 0.5;
  for (const candidate of candidates) {
    if (candidate === name) return undefined;
    // A difference in case alone counts as the smallest error.
    const slips = editDistance(name.toLowerCase(), candidate.toLowerCase(), fewest) || 0.25;
    if (slips < fewest) [best, fewest] = [candidate, slips];
  }
  return best;
}

/**
 * Returns the number of typing errors between two words: letters omitted, added, replaced, or swapped with a neighbour
 * (optimal string alignment distance). Infinity if the lengths alone differ by `limit` or more.
 */
function editDistance(a: string, b: string, limit: number): number {
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

/** Returns 1, 2, ..., 9 times each power of ten between two positive numbers: the ticks of a logarithmic axis. */
export function logSplits(min: number, max: number): number[] {
  const splits: number[] = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power++) {
    for (let digit = 1; digit < 10; digit++) {
      const split = Number(`${digit}e${power}`);
      if (split >= min && split <= max) splits.push(split);
    }
  }
  return splits;
}

/**
 * Selects the ticks with labels: powers of ten, thinned out if there are very many; if fewer than two of those are
 * visible, also twice and five times them, and if that is too few, all.
 */
export function labelledSplits(splits: readonly number[]): Set<number> {
  const startingWith = (...digits: string[]) => splits.filter((split) => digits.includes(split.toExponential()[0]!));
  const powers = startingWith("1");
  if (powers.length > 2) {
    const every = Math.ceil(powers.length / 7);
    return new Set(powers.filter((_, index) => index % every === 0));
  }
  const more = startingWith("1", "2", "5");
  return new Set(more.length > 1 ? more : splits);
}

/** 1, 2, ..., 9 times each power of ten between two positive numbers: where a logarithmic axis is divided. */
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
 * Which of them are labelled: powers of ten, thinned where there are very many; where fewer than two of those are
 * seen, twice and five times them as well, and where that is too few, all.
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

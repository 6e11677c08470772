/** Clocks are coarse, so runs are measured together until they take `minTotalMs` in total or number `maxRuns`. */
const minTotalMs = 4;
const maxRuns = 4096;
/** Runs that take this long in total are measured only once. */
const maxTotalMs = 100;

/**
 * Measures the time of one run: the minimum of three measurements.
 * @param measure returns the milliseconds that `runs` consecutive runs take
 */
export async function timeRuns(
  measure: (runs: number) => number | Promise<number>,
): Promise<{ milliseconds: number; runs: number }> {
  let runs = 1;
  await measure(runs);
  let total = await measure(runs);
  while (total < minTotalMs && runs < maxRuns) {
    const wanted = total > 0 ? Math.ceil((runs * minTotalMs * 1.5) / total) : runs * 16;
    runs = Math.min(maxRuns, Math.max(2 * runs, Math.min(wanted, 16 * runs)));
    total = await measure(runs);
  }
  for (let again = 0; again < 2 && total < maxTotalMs; again++) total = Math.min(total, await measure(runs));
  return { milliseconds: total / runs, runs };
}

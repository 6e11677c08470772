import { expect, test } from "vitest";
import { statisticsOf } from "./statistics";

/** A histogram of 32 bins with counts in some of them. */
function bins(counts: { [bin: number]: number }): number[] {
  return Array.from({ length: 32 }, (_, bin) => counts[bin] ?? 0);
}

// Expected values: NumPy 2.4.6 on the same values in float64; if some are not finite, np.isfinite selects first.
test("statistics equal those of NumPy", () => {
  expect(statisticsOf(Float32Array.from([1, 2, 3, 4, 0, -0, -6]))).toEqual({
    size: 7,
    min: -6,
    max: 4,
    mean: 0.5714285714285714,
    std: 3.0169588688489823,
    zeros: 2,
    nan: 0,
    infinite: 0,
    histogram: bins({ 0: 1, 19: 2, 22: 1, 25: 1, 28: 1, 31: 1 }),
  });
});

test("a histogram of many values equals that of NumPy", () => {
  const values = Array.from({ length: 1000 }, (_, index) => Math.sqrt((index * index * 7919) % 1009));
  const { mean, std, histogram } = statisticsOf(values);
  expect({ mean, std, histogram }).toEqual({
    mean: expect.closeTo(21.270610131575573, 10),
    std: expect.closeTo(7.160317355432965, 10),
    histogram: [
      1, 0, 0, 4, 8, 8, 12, 16, 16, 24, 18, 22, 24, 32, 25, 32, 34, 33, 32, 46, 39, 42, 42, 51, 42, 59, 48, 53, 56, 61,
      64, 56,
    ],
  });
});

test("NaN and infinities are counted and do not hide anything else", () => {
  const values = [NaN, 1, Infinity, 3, -Infinity, NaN, NaN];
  expect(statisticsOf(Float32Array.from(values))).toEqual({
    size: 7,
    min: 1,
    max: 3,
    mean: 2,
    std: 1,
    zeros: 0,
    nan: 3,
    infinite: 2,
    histogram: bins({ 0: 1, 31: 1 }),
  });
});

test("no finite values give NaN and no histogram", () => {
  const none = { min: NaN, max: NaN, mean: NaN, std: NaN, zeros: 0, histogram: [] };
  expect(statisticsOf([])).toEqual({ ...none, size: 0, nan: 0, infinite: 0 });
  expect(statisticsOf([NaN, -Infinity])).toEqual({ ...none, size: 2, nan: 1, infinite: 1 });
});

test("equal values fill one bin", () => {
  const one = { mean: 7, min: 7, max: 7, std: 0, zeros: 0, nan: 0, infinite: 0 };
  expect(statisticsOf([7])).toEqual({ ...one, size: 1, histogram: [1] });
  expect(statisticsOf(new Int32Array(1000).fill(7))).toEqual({ ...one, size: 1000, histogram: [1000] });
});

test("a large mean does not swallow a small deviation", () => {
  const { mean, std } = statisticsOf([1e8 + 1, 1e8 + 2, 1e8 + 3]);
  expect([mean, std]).toEqual([1e8 + 2, Math.sqrt(2 / 3)]);
});

test("the largest float32 values do not overflow", () => {
  const max = 3.4028234663852886e38;
  const { mean, std, histogram } = statisticsOf(Float32Array.from([max, -max]));
  expect([mean, std, histogram]).toEqual([0, max, bins({ 0: 1, 31: 1 })]);
});

import type { Statistics } from "../../protocol/protocol";

const bins = 32;

/**
 * Computes statistics of a tensor's values. Minimum to standard deviation and the histogram cover the finite values and
 * are NaN and [] if there are none: a single NaN would hide everything else, so NaN values are counted separately. Sums
 * are accumulated in float64, and the deviation in a second pass, so that a large mean does not swallow it.
 */
export function statisticsOf(values: ArrayLike<number>): Statistics {
  const size = values.length;
  let [min, max, sum, zeros, nan, infinite] = [Infinity, -Infinity, 0, 0, 0, 0];
  for (let index = 0; index < size; index++) {
    const value = values[index]!;
    if (Number.isNaN(value)) nan++;
    else if (!Number.isFinite(value)) infinite++;
    else {
      if (value < min) min = value;
      if (value > max) max = value;
      if (value === 0) zeros++;
      sum += value;
    }
  }
  const finite = size - nan - infinite;
  if (finite === 0) return { size, min: NaN, max: NaN, mean: NaN, std: NaN, zeros, nan, infinite, histogram: [] };
  const mean = sum / finite;
  const { squares, histogram } = spread(values, min, max, mean);
  return { size, min, max, mean, std: Math.sqrt(squares / finite), zeros, nan, infinite, histogram };
}

/** As in numpy.histogram, the last bin includes the maximum. One bin if all values are equal. */
function spread(values: ArrayLike<number>, min: number, max: number, mean: number) {
  const histogram = new Array<number>(min === max ? 1 : bins).fill(0);
  const last = histogram.length - 1;
  const scale = min === max ? 0 : histogram.length / (max - min);
  let squares = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (!Number.isFinite(value)) continue;
    squares += (value - mean) ** 2;
    histogram[Math.min(last, Math.floor((value - min) * scale))]!++;
  }
  return { squares, histogram };
}

import { ArgumentError } from "../../base/errors";
import { defineSchedule, type ScheduleKind } from "../define/schedule";

/** Options of `piecewiseConstantDecay`. */
export interface PiecewiseConstantDecayOptions {
  /** Last step of each piece except the last piece, in rising order. Required. */
  boundaries: number[];
  /** Learning rate of each piece, one more than boundaries. Required. */
  values: number[];
}

const define = defineSchedule<PiecewiseConstantDecayOptions>(
  {
    kind: "piecewiseConstantDecay",
    title: { en: "Piecewise constant", zh: "分段常数" },
    description: { en: "Uses one constant learning rate up to each boundary.", zh: "每个分界点之前各用一个学习率。" },
    formula: "\\eta_t = v_i, \\quad b_{i-1} < t \\le b_i",
    source: "Keras PiecewiseConstantDecay",
    fields: [
      { name: "boundaries", title: { en: "Boundaries", zh: "分界点" }, type: "numbers" },
      { name: "values", title: { en: "Values", zh: "各段的值" }, type: "numbers" },
    ],
  },
  ({ boundaries, values }, step) => values[boundaries.filter((boundary) => step > boundary).length]!,
);

/**
 * Learning rate that is constant between boundaries.
 *
 * $\eta_t = v_i$ for $b_{i-1} < t \le b_i$ after $t$ steps: `values[0]` up to and including step `boundaries[0]`, the
 * last value after the last boundary.
 * @param options `boundaries` and `values` are required
 * @returns a schedule, for the option `learningRate` of an optimizer
 * @throws ArgumentError unless there is one value more than boundaries, and for a missing or unknown option
 * @see Keras `PiecewiseConstantDecay`; PyTorch `MultiStepLR`
 * @example
 * const rate = schedules.piecewiseConstantDecay({ boundaries: [10, 20], values: [1, 0.5, 0.1] });
 * [0, 10, 11, 20, 21].map(rate); // => [1, 1, 0.5, 0.5, 0.1]
 */
export const piecewiseConstantDecay: ScheduleKind<PiecewiseConstantDecayOptions> = Object.assign(
  (options: PiecewiseConstantDecayOptions) => {
    const schedule = define(options);
    const { boundaries, values } = options;
    if (values.length === boundaries.length + 1) return schedule;
    throw new ArgumentError({
      at: "piecewiseConstantDecay() values",
      expected: `${boundaries.length + 1} numbers for ${boundaries.length} boundaries`,
      got: String(values.length),
    });
  },
  { info: define.info },
);

import { ArgumentError } from "../../base/errors";
import { defineSchedule, type ScheduleKind } from "../schedule";

export interface PiecewiseConstantDecayOptions {
  /** The last step of each piece but the last, in rising order. */
  boundaries: number[];
  /** One more than the boundaries. */
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
 * `values[i]` for steps up to `boundaries[i]`, the last value after them.
 * @throws ArgumentError unless there is one value more than boundaries. Source: Keras PiecewiseConstantDecay.
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

import type { Json, KindInfo } from "../../base/info";
import { resolveOptions } from "./resolveOptions";

/**
 * Learning rate as a function of the number of steps before it, 0 at the first, as in Keras. Any pure function of this
 * form is a schedule.
 */
export interface Schedule {
  (step: number): number;
  /** Kind and fields of a built-in schedule, to save it and to show it. */
  config?: { kind: string; fields: { [field: string]: Json } };
}

/** Function that creates a schedule from options, with its `info`. */
export type ScheduleKind<Options> = ((options: Options) => Schedule) & { info: KindInfo };

/** Defines a kind of schedule. `rate` receives the options, completed by the defaults of `info`. */
export function defineSchedule<Options extends object>(
  info: KindInfo,
  rate: (fields: Required<Options>, step: number) => number,
): ScheduleKind<Options> {
  const create = (options: Options): Schedule => {
    const fields = resolveOptions<Options>(info, options);
    const schedule: Schedule = (step) => rate(fields, step);
    schedule.config = { kind: info.kind, fields: fields as { [field: string]: Json } };
    return schedule;
  };
  return Object.assign(create, { info });
}

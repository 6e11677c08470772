import type { Json, KindInfo } from "../base/info";
import { optionsOf } from "./optionsOf";

/**
 * A learning rate that changes: a pure function of the steps already taken, 0 at
 * the first, as in Keras. Any function of this form will do; it may carry how it was called.
 */
export interface Schedule {
  (step: number): number;
  /** Its kind and fields, where it is a built-in one. */
  config?: { kind: string; fields: { [field: string]: Json } };
}

export type ScheduleKind<Options> = ((options: Options) => Schedule) & { info: KindInfo };

/** A kind of schedule. `rate` gets the fields with the defaults of `info` filled in. */
export function defineSchedule<Options extends object>(
  info: KindInfo,
  rate: (fields: Required<Options>, step: number) => number,
): ScheduleKind<Options> {
  const create = (options: Options): Schedule => {
    const fields = optionsOf<Options>(info, options);
    const schedule: Schedule = (step) => rate(fields, step);
    schedule.config = { kind: info.kind, fields: fields as { [field: string]: Json } };
    return schedule;
  };
  return Object.assign(create, { info });
}

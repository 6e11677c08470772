/** A loop over elements, four at a time. */
import type { LoopJob } from "../../program";
import type { ProgramLanes } from "./programLanes";
import type { LaneIndex } from "./laneIndex";

/** Runs `body` for neighbouring indices below `size`: four at a time, then for those that are left. */
export function inFours(code: ProgramLanes, size: number, body: (index: LaneIndex) => void): void {
  const { builder, indices } = code;
  const whole = size - (size % 4);
  builder.loop(0, whole, 4, (count) => body(indices.add(indices.count(count, whole - 4, 4), indices.lane)));
  if (whole === size) return;
  indices.lanes = size - whole;
  body(indices.add(indices.constant(whole), indices.lane));
  indices.lanes = 4;
}

export function writeLoop(code: ProgramLanes, { size, body }: Pick<LoopJob, "size" | "body">): void {
  inFours(code, size, (index) => code.body(body, index, new Map()));
}

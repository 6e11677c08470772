/** Determines which part of a window lies inside the image at each position. */
import type { WindowSides } from "../../../form";

/** Consecutive positions along one side at which the same part of the window lies inside the image. */
export interface TapRun {
  readonly first: number;
  readonly count: number;
  /** First tap of that part; `to` is the first tap after it. */
  readonly from: number;
  readonly to: number;
}

export function tapRunsAlong(
  { lengths, positions, kernel, strides, dilation, before }: WindowSides,
  side: 0 | 1,
): TapRun[] {
  const sights: TapRun[] = [];
  for (let place = 0; place < positions[side]; place++) {
    const begin = place * strides[side] - before[side];
    const from = Math.max(0, Math.ceil(-begin / dilation[side]));
    const to = Math.min(kernel[side], Math.ceil((lengths[side] - begin) / dilation[side]));
    const last = sights.at(-1);
    if (last?.from === from && last.to === to) sights[sights.length - 1] = { ...last, count: last.count + 1 };
    else sights.push({ first: place, count: 1, from, to });
  }
  return sights.filter((sight) => sight.from < sight.to);
}

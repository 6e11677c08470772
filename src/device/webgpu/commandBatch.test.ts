import { expect, test } from "vitest";
import { foldWorkgroups } from "./commandBatch";

test("workgroups are folded into two dimensions only beyond the limit of one, and few are wasted", () => {
  expect(foldWorkgroups(65_535, 65_535)).toEqual([65_535, 1]);
  for (const count of [65_536, 70_000, 1_000_003, 2 ** 31]) {
    const [x, y] = foldWorkgroups(count, 65_535);
    expect(Math.max(x, y)).toBeLessThanOrEqual(65_535);
    expect(x * y).toBeGreaterThanOrEqual(count);
    expect(x * y - count).toBeLessThan(x);
  }
});

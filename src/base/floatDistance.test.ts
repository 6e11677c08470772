import { expect, test } from "vitest";
import { floatDistance } from "./floatDistance";

test("neighbours among float32 values are one apart, across zero and up to infinity", () => {
  const pairs: [number, number][] = [
    [1, 1 + 2 ** -23],
    [1, 1 - 2 ** -24],
    [0, -0],
    [0, 2 ** -149],
    [-(2 ** -149), 2 ** -149],
    [3.4028234663852886e38, Infinity],
    [NaN, NaN],
    [NaN, 1],
    [-1, 1],
  ];
  expect(pairs.map(([a, b]) => floatDistance(a, b))).toEqual([1, 1, 0, 1, 2, 1, 0, Infinity, 2 * 0x3f800000]);
});

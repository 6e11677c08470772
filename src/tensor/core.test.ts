import { expect, test } from "vitest";
import { tensor, full, arange, eye } from "./creation";
import "./ops/index";

test("ops broadcast and reduce on the CPU", async () => {
  const x = tensor([[1, -2, 3], [4, 5, -6]]);
  expect(await x.add(tensor([10, 20, 30])).relu().array()).toEqual([[11, 18, 33], [14, 25, 24]]);
  expect(await x.sum(0).array()).toEqual([5, 3, -3]);
  expect(await x.sum(-1, true).array()).toEqual([[2], [3]]);
  expect(await x.mul(2).sum().item()).toBe(10);
  expect(await arange(4).array()).toEqual([0, 1, 2, 3]);
  expect(await eye(2).array()).toEqual([[1, 0], [0, 1]]);
  expect(await full([2], 2 ** 30 + 1, { dtype: "int32" }).array()).toEqual([2 ** 30 + 1, 2 ** 30 + 1]);
});

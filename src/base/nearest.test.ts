import { expect, test } from "vitest";
import { didYouMean, nearest } from "./nearest";

test("the nearest name has the fewest typing errors, and short names may differ only in case", () => {
  const near = (name: string, ...candidates: string[]) => nearest(name, candidates);
  expect([
    near("sofmax", "softmax", "argmax"),
    near("X", "x", "y"),
    near("ab", "ac"),
    near("abc", "abd"),
    near("tensro", "tensor"),
    near("dense", "dense", "denze"),
    near("kernelInitialiser", "kernelInitializer"),
  ]).toEqual(["softmax", "x", undefined, "abd", "tensor", undefined, "kernelInitializer"]);
});

test("a near name is suggested, and none if no name is near", () => {
  expect([didYouMean("pading", ["padding", "name"]), didYouMean("colour", ["padding", "name"])]).toEqual([
    "Did you mean `padding`?",
    undefined,
  ]);
});

import { expect, test } from "vitest";
import { didYouMean, nearest } from "./nearest";

test("the nearest has the fewest slips, and short names allow none but case", () => {
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

test("a near name is asked about, and nothing where none is near", () => {
  expect([didYouMean("pading", ["padding", "name"]), didYouMean("colour", ["padding", "name"])]).toEqual([
    "Did you mean `padding`?",
    undefined,
  ]);
});

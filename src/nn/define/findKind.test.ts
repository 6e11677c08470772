import { expect, test } from "vitest";
import * as losses from "../losses/index";
import * as metrics from "../metrics/index";
import * as optimizers from "../optimizers/index";
import { findKind } from "./findKind";

test("finds kinds by their names in their lists", () => {
  expect([
    findKind<unknown>(optimizers, "adam", "compile()"),
    findKind<unknown>(losses, "huber", "compile()"),
    findKind<unknown>(metrics, "accuracy", "compile()"),
  ]).toEqual([optimizers.adam, losses.huber, metrics.accuracy]);
});

test("the error for an unknown name lists the known ones", () => {
  const list = { one: 1, two: 2 };
  expect(() => findKind(list, "three", "compile() loss")).toThrow(
    'compile() loss: expected one of one, two, got "three".',
  );
  expect(() => findKind(list, "toString", "compile() loss")).toThrow('got "toString".');
});

test("the error for a similar name, or one in another case, suggests the known one", () => {
  const remedyOf = (list: Record<string, unknown>, name: string) => {
    try {
      return findKind(list, name, "compile()");
    } catch (error) {
      return (error as Error & { remedy?: string }).remedy;
    }
  };
  expect([
    remedyOf(losses, "sparseCategoricalCrossEntropy"),
    remedyOf(optimizers, "Adam"),
    remedyOf(metrics, "acuracy"),
    remedyOf(losses, "nothingLikeIt"),
  ]).toEqual([
    "Did you mean `sparseCategoricalCrossentropy`?",
    "Did you mean `adam`?",
    "Did you mean `accuracy`?",
    undefined,
  ]);
});

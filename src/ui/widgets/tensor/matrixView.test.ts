import { expect, test } from "vitest";
import { firstOf, indexAt, matrixView, moveByKey, positionOf } from "./matrixView";

test("the last axis runs across and the others down", () => {
  expect(matrixView([2, 3, 4])).toEqual({ rows: 6, columns: 4, wraps: false, size: 24 });
  expect(matrixView([])).toEqual({ rows: 1, columns: 1, wraps: false, size: 1 });
  expect(matrixView([0, 3])).toEqual({ rows: 0, columns: 3, wraps: false, size: 0 });
  expect(matrixView([3, 0])).toEqual({ rows: 0, columns: 0, wraps: false, size: 0 });
});

test("a long vector wraps", () => {
  expect(matrixView([100])).toEqual({ rows: 4, columns: 32, wraps: true, size: 100 });
});

test("a view with missing values keeps the rows that have some", () => {
  const view = matrixView([100, 10]);
  expect(firstOf(view, 1000)).toBe(view);
  expect(firstOf(view, 25)).toEqual({ rows: 3, columns: 10, wraps: false, size: 25 });
  expect(firstOf(matrixView([0, 3]), 0)).toEqual(matrixView([0, 3]));
});

test("positions and indices are each other's inverse", () => {
  const shape = [2, 3, 4];
  const positions = Array.from({ length: 24 }, (_, position) => position);
  expect(positions.map((position) => positionOf(indexAt(position, shape), shape))).toEqual(positions);
  expect(indexAt(23, shape)).toEqual([1, 2, 3]);
});

test("keys move within the matrix and never wrap around its edges", () => {
  const view = matrixView([3, 4]);
  const move = (key: string, position: number) => moveByKey(key, position, view, 2);
  expect([move("ArrowLeft", 4), move("ArrowRight", 3), move("ArrowUp", 2), move("ArrowDown", 9)]).toEqual([4, 3, 2, 9]);
  expect([move("ArrowRight", 4), move("ArrowDown", 4), move("Home", 6), move("End", 4)]).toEqual([5, 8, 4, 7]);
  expect([move("PageDown", 6), move("PageUp", 6), move("a", 6)]).toEqual([10, 2, undefined]);
});

import { expect, test } from "vitest";
import { firstData, freshSuffix, printData, readData } from "./dataSource";

test("the form reads what it writes", () => {
  const all = [firstData, { dataset: "moons", seed: 7, count: 1000, images: false, suffix: "2" }];
  expect(all.map((fields) => readData(printData(fields)))).toEqual(all);
});

test("source that the form cannot show remains code", () => {
  const source = printData(firstData);
  const others = [
    "",
    `${source}\nprint(1)`,
    source.replace("[0]", "[1]"),
    source.replace("train.y", "test.y"),
    "const x = 1;",
  ];
  expect(others.map(readData)).toEqual(others.map(() => null));
});

test("a second data cell gets new variables", () => {
  expect([freshSuffix(new Set()), freshSuffix(new Set(["X"])), freshSuffix(new Set(["data", "y2"]))]).toEqual([
    "",
    "2",
    "3",
  ]);
});

import { expect, it } from "vitest";
import { parseCell } from "./composition";
import { isCountedBefore, tieAt, tiesOf } from "./compositionTies";
import { testKinds } from "./testKinds";

const source = `const shared = dense(4);
const other = dense(2);
const net = sequential([shared, flatten(), sequential([shared, other]), shared, once, dense(shared)]);
const net2 = sequential([other, make(other), twice, twice]);`;

function read() {
  const parsed = parseCell(source, testKinds);
  if (!parsed.ok) throw new Error(source);
  return parsed.compositions;
}

it("finds the variables used as a block in two or more places, even of two models", () => {
  expect(tiesOf(read())).toEqual([
    {
      variable: "shared",
      index: 0,
      places: [
        [2, 0],
        [2, 2, 0],
        [2, 3],
      ],
    },
    {
      variable: "other",
      index: 1,
      places: [
        [2, 2, 1],
        [3, 0],
      ],
    },
    {
      variable: "twice",
      index: 2,
      places: [
        [3, 2],
        [3, 3],
      ],
    },
  ]);
});

it("a tie is found at each of its places and at the declaration of its variable", () => {
  const compositions = read();
  const ties = tiesOf(compositions);
  const variables = [[0], [2, 2, 0], [3, 0], [1], [2], [2, 4], [3, 1]].map(
    (path) => tieAt(ties, compositions, path)?.variable ?? null,
  );
  expect(variables).toEqual(["shared", "shared", "other", "other", null, null, null]);
});

it("counts the weights of a tie at its first place in each model", () => {
  const [shared, other] = tiesOf(read());
  expect([[0], [2, 0], [2, 2, 0], [2, 3]].map((path) => isCountedBefore(shared!, path))).toEqual([
    false,
    false,
    true,
    true,
  ]);
  expect(
    [
      [2, 2, 1],
      [3, 0],
    ].map((path) => isCountedBefore(other!, path)),
  ).toEqual([false, false]);
});

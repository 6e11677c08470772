import { describe, expect, it } from "vitest";
import type { FieldInfo } from "../../../base/info";
import { en } from "../../../i18n/en";
import { testKinds } from "../../../notebook/composition/testKinds";
import { cardCommand } from "../composerKeys";
import { familyOf, groupByFamily } from "../palette/families";
import { checkField, fieldText, stepField } from "./fieldRules";

const { errors } = en.composer;
const field = (type: FieldInfo["type"], rest: Partial<FieldInfo> = {}): FieldInfo => ({
  name: "x",
  title: { en: "x", zh: "x" },
  type,
  ...rest,
});
const check = (info: FieldInfo, text: string) => {
  const checked = checkField(info, text, errors);
  return checked.ok ? checked.value : checked.error;
};

describe("valid input for a field", () => {
  it("is an integer within its range", () => {
    const units = field("integer", { min: 1, max: 100 });
    expect(["64", " 1_0 ", "1e2", "0", "101", "2.5", "ten", "", "0x10"].map((text) => check(units, text))).toEqual([
      64,
      10,
      100,
      errors.between("1", "100"),
      errors.between("1", "100"),
      errors.whole,
      errors.whole,
      errors.required,
      errors.whole,
    ]);
  });

  it("is a number with one bound, or nothing if there is a default", () => {
    expect([check(field("number", { min: 0 }), "-1"), check(field("number", { max: 0 }), "1")]).toEqual([
      errors.atLeast("0"),
      errors.atMost("0"),
    ]);
    expect([
      check(field("number", { default: 1 }), ""),
      check(field("number"), "−.5"),
      check(field("number"), "1,5"),
    ]).toEqual([undefined, -0.5, errors.number]);
  });

  it("is a shape, with or without brackets", () => {
    expect(
      ["28, 28，1", "[2,3]", "", "[]", "2, -1", "a"].map((text) => check(field("shape", { default: null }), text)),
    ).toEqual([[28, 28, 1], [2, 3], undefined, [], errors.shape, errors.shape]);
    const open = field("shape", { min: -1 });
    expect(["2, -1", "−1", "-2", "2 - 1"].map((text) => check(open, text))).toEqual([
      [2, -1],
      [-1],
      errors.shape,
      errors.shape,
    ]);
  });

  it("is a name without a slash", () => {
    const name = { ...field("string", { default: null }), name: "name" };
    expect([check(name, " head "), check(name, "a/b"), check(field("string"), "a/b")]).toEqual([
      "head",
      errors.slash,
      "a/b",
    ]);
  });
});

it("steps stay within the range and show no rounding errors", () => {
  const rate = field("number", { min: 0, max: 1 });
  expect([
    stepField(rate, 0.1, 1),
    stepField(rate, 0.15, 1),
    stepField(rate, 1, 1),
    stepField(rate, 0.05, -10),
  ]).toEqual([0.15, 0.2, 1, 0]);
  expect([stepField(field("integer", { min: 1 }), 1, -1), stepField(field("number", { step: 0.01 }), 0.2, 1)]).toEqual([
    1, 0.21,
  ]);
});

it("values are written as they are typed", () => {
  expect([undefined, null, 0.5, true, [28, 28], "a"].map((value) => fieldText(value))).toEqual([
    "",
    "",
    "0.5",
    "true",
    "28, 28",
    "a",
  ]);
});

it("a block's family is derived from its kind's declaration", () => {
  expect(testKinds.blocks.map((info) => [info.kind, familyOf(info)])).toEqual([
    ["sequential", "container"],
    ["residual", "container"],
    ["repeat", "container"],
    ["dense", "weights"],
    ["flatten", "shape"],
    ["activation", "function"],
    ["dropout", "chance"],
    ["pool", "shape"],
  ]);
  expect(familyOf(undefined)).toBe("code");
  expect(
    groupByFamily(testKinds.blocks).map(({ family, kinds }) => [family, ...kinds.map(({ kind }) => kind)]),
  ).toEqual([
    ["container", "sequential", "residual", "repeat"],
    ["weights", "dense"],
    ["function", "activation"],
    ["shape", "flatten", "pool"],
    ["chance", "dropout"],
  ]);
});

it("keys do what the help says", () => {
  const press = (key: string, modifiers = {}) =>
    cardCommand({ key, ctrlKey: false, metaKey: false, altKey: false, ...modifiers });
  expect([
    press("ArrowDown"),
    press("ArrowDown", { altKey: true }),
    press("Enter"),
    press("Enter", { ctrlKey: true }),
    press("d", { metaKey: true }),
    press("d"),
    press("Delete"),
    press("z", { ctrlKey: true }),
  ]).toEqual(["next", "down", "fields", null, "duplicate", null, "remove", null]);
});

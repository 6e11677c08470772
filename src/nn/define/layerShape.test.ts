/** Compares the shape rules of all layers with what calls do, on CPU:0. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WeightroomError } from "../../base/errors";
import type { FieldInfo, Json, KindInfo } from "../../base/info";
import type { PartialShape, Shape } from "../../base/shape";
import { shapeRuleOf, withDefaults } from "../../base/shapeRules";
import { setDefaultDevice } from "../../device/open";
import { type Block, ones, tidy, type Tensor } from "../../index";
import * as blocks from "../blocks/index";

type Maker = ((...args: unknown[]) => Block) & { info: KindInfo };
const makers = Object.entries(blocks) as unknown as [string, Maker][];

setDefaultDevice("CPU:0");

const small = fc.integer({ min: 1, max: 4 });

/** Draws a value of a field that shapes may depend on; others keep their defaults. */
function valueOf({ name, type, options, default: value }: FieldInfo): fc.Arbitrary<Json | undefined> {
  const others = fc.constant(undefined);
  if (type === "integer") return value === null ? fc.option(small, { nil: null }) : small;
  if (type === "boolean") return fc.boolean();
  if (type === "numbers") {
    const pair = fc.oneof(small, fc.tuple(small, small));
    return value === null ? fc.option(pair, { nil: null }) : pair;
  }
  if (type === "shape") return fc.array(fc.integer({ min: -1, max: 6 }), { maxLength: 3 });
  if ((type === "activation" || type === "string") && options && name !== "name") return fc.constantFrom(...options);
  return others;
}

function fieldsOf({ fields }: KindInfo): fc.Arbitrary<{ [name: string]: Json }> {
  const drawn = fc.tuple(...fields.map(valueOf));
  return drawn.map((values) =>
    Object.fromEntries(
      fields.flatMap((field, index): [string, Json][] => {
        const value = values[index] ?? (field.positional ? field.default : undefined) ?? undefined;
        return value === undefined ? (values[index] === null ? [[field.name, null]] : []) : [[field.name, value]];
      }),
    ),
  );
}

function make(maker: Maker, given: { [name: string]: Json }): Block {
  const positional = maker.info.fields.filter((field) => field.positional);
  const options = Object.entries(given).filter(([name]) => !positional.some((field) => field.name === name));
  return maker(...positional.map(({ name }) => given[name]), Object.fromEntries(options));
}

type Outcome = { shape: PartialShape | null } | { refused: string };

function outcomeOf(find: () => PartialShape | null): Outcome {
  try {
    return { shape: find() };
  } catch (error) {
    if (error instanceof WeightroomError) return { refused: error.message };
    throw error;
  }
}

const shapes: fc.Arbitrary<Shape> = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 5 }),
  fc.tuple(small, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), small),
  fc.tuple(small, small, small),
);

describe("shape rules", () => {
  test("are declared by every layer but containers", () => {
    const without = makers.filter(([, { info }]) => !shapeRuleOf(info)).map(([name]) => name);
    expect(without).toEqual(makers.filter(([, { info }]) => info.children).map(([name]) => name));
  });

  for (const [name, maker] of makers) {
    const { fields } = maker.info;
    const ruleOf = shapeRuleOf(maker.info);
    if (!ruleOf) continue;
    test(`of ${name} answer or refuse as a call does`, () => {
      fc.assert(
        fc.property(fieldsOf(maker.info), shapes, (given, shape) => {
          const call = outcomeOf(() => tidy(() => [...(make(maker, given).call(ones(shape)) as Tensor).shape]));
          const at = make(maker, given).label;
          const rule = outcomeOf(() => ruleOf({ fields: withDefaults(fields, given), inputShape: shape, at }));
          expect(rule).toEqual(call);
        }),
        { numRuns: 150 },
      );
    });

    test(`of ${name} leave unknown lengths and options unknown`, () => {
      fc.assert(
        fc.property(fieldsOf(maker.info), shapes, (given, shape) => {
          const known = withDefaults(fields, given);
          const find = (inputShape: PartialShape, values = known) =>
            outcomeOf(() => ruleOf({ fields: values, inputShape, at: "" }));
          const exact = find(shape);
          if ("refused" in exact) return;
          const expected = exact.shape!;
          const fits = (found: Outcome) =>
            "shape" in found &&
            (found.shape ?? expected).length === expected.length &&
            (found.shape ?? []).every((length, axis) => length === null || length === expected[axis]);
          const unknown = Object.fromEntries(Object.keys(known).map((field) => [field, undefined]));
          const anyBatch = shape.map((length, axis) => (axis === 0 ? null : length));
          const found = [find(shape.map(() => null)), find(anyBatch), find(shape, unknown)];
          expect(found.map(fits)).toEqual([true, true, true]);
        }),
        { numRuns: 50 },
      );
    });
  }

  test("refuse with both shapes and what to change", () => {
    const refusals: [string, unknown[], Shape][] = [
      ["conv2d", [2, 3], [8, 28, 28]],
      ["conv2d", [2, 5], [8, 4, 4, 1]],
      ["maxPool2d", [], [8, 64]],
      ["lstm", [2], [8, 64]],
      ["gru", [2], [8, 4, 4, 3]],
      ["dense", [2], []],
      ["prelu", [], []],
      ["reshape", [[3, -1]], [2, 4]],
    ];
    const messages = refusals.map(([name, args, shape]) => {
      const outcome = outcomeOf(
        () => (blocks as unknown as Record<string, Maker>)[name]!(...args).call(ones(shape)).shape,
      );
      return "refused" in outcome && outcome.refused;
    });
    expect(messages).toEqual([
      "Convolution: expected input [batch, height, width, channels], got [8, 28, 28]. Add reshape([28, 28, 1]) before it.",
      'Convolution: expected images of at least 5 x 5, got [8, 4, 4, 1]. Use a smaller window or padding "same".',
      "Max pooling: expected input [batch, height, width, channels], got [8, 64]. Add reshape([height, width, channels]) before it.",
      "LSTM: expected input [batch, steps, features], got [8, 64]. Add reshape([steps, features]) before it.",
      "GRU: expected input [batch, steps, features], got [8, 4, 4, 3]. Add reshape([-1, 3]) before it.",
      "Dense: expected input [..., in], got []. Use reshape() to give it an axis of features.",
      "PReLU: expected input [batch, ...], got []. Use reshape() to give it an axis of examples.",
      "Reshape: expected a shape of 4 elements (one length may be -1), got [3, -1] for [4]. Choose lengths whose product is 4.",
    ]);
  });
});

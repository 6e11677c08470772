import { expect, test } from "vitest";
import { ArgumentError } from "../../base/errors";
import type { KindInfo } from "../../base/info";
import { ones } from "../../tensor/creation";
import { Block } from "../block/block";
import { Dense, type DenseOptions } from "../blocks/dense";
import * as blocks from "../blocks/index";
import * as initializers from "../initializers/index";
import * as losses from "../losses/index";

const { avgPool2d, conv2d, dense, depthwiseConv2d, flatten, maxPool2d } = blocks;

function errorOf(make: () => unknown): ArgumentError | undefined {
  try {
    make();
  } catch (error) {
    if (error instanceof ArgumentError) return error;
    throw error;
  }
  return undefined;
}
const messageOf = (make: () => unknown) => errorOf(make)?.message;

const denseNames = "options activation, useBias, kernelInitializer, biasInitializer, name";

interface Kind {
  (...given: unknown[]): unknown;
  info: KindInfo;
}
const kinds = Object.values(blocks).filter(
  (one) => "info" in one && "kind" in one.info && !("prototype" in one && one.prototype instanceof Block),
) as unknown as Kind[];
/** Positional arguments of a kind: the defaults of its fields. */
const placesOf = ({ info }: Kind) =>
  info.children ? [[]] : info.fields.filter((field) => field.positional).map((field) => field.default ?? [1]);

test("an error for a mistyped option names the block, the known options, the given one and the likely one", () => {
  const error = errorOf(() => dense(10, { activaton: "relu" } as object));
  expect(error).toMatchObject({
    at: "dense()",
    expected: denseNames,
    got: "activaton",
    remedy: "Did you mean `activation`?",
    message: `dense(): expected ${denseNames}, got activaton. Did you mean \`activation\`?`,
  });
});

test.each(kinds.map((kind) => [kind.info.kind, kind] as const))(
  "%s accepts the options that its info lists and rejects all others",
  (name, kind) => {
    const options = kind.info.fields.filter((field) => !field.positional);
    const known = Object.fromEntries(options.map((field) => [field.name, undefined]));
    const none = [{}, known, { unknown: undefined }].map((given) => messageOf(() => kind(...placesOf(kind), given)));
    expect(none).toEqual([undefined, undefined, undefined]);
    expect(errorOf(() => kind(...placesOf(kind), { wrongOption: 1 }))).toMatchObject({
      at: `${name}()`,
      expected: `options ${options.map((field) => field.name).join(", ")}`,
      got: "wrongOption",
      remedy: undefined,
    });
  },
);

test("arguments that are not an options object are rejected", () => {
  expect([
    messageOf(() => dense(10, "relu" as unknown as object)),
    messageOf(() => dense(10, null as unknown as object)),
    messageOf(() => flatten(["relu"] as object)),
    messageOf(() => initializers.randomNormal(0.5 as unknown as object)),
    messageOf(() => initializers.zeros([2, 3])),
  ]).toEqual([
    `dense(): expected ${denseNames} in an object, got string.`,
    `dense(): expected ${denseNames} in an object, got null.`,
    "flatten(): expected options name in an object, got an array.",
    "randomNormal(): expected options mean, stddev in an object, got number.",
    "zeros(): expected no options, got an array.",
  ]);
});

test("a subclass takes its own options besides those of the block that it extends", () => {
  interface ScaledOptions extends DenseOptions {
    scale?: number;
  }
  class Scaled extends Dense {
    constructor(units: number, { ...options }: ScaledOptions) {
      super(units, options);
    }
  }
  class Declared extends Scaled {
    static override readonly info: KindInfo = {
      ...Dense.info,
      kind: "Declared",
      fields: [{ name: "scale", title: { en: "Scale", zh: "倍数" }, type: "number", default: 1 }],
    };
  }
  class Noted extends Scaled {}
  Object.assign(Noted, { info: "twice as large" });
  class Plain extends Block {
    constructor(readonly options: { width: number; name?: string }) {
      super(options.name);
    }
    forward() {
      return ones([1]);
    }
  }
  const given = { scale: 2, activation: "relu", name: "head" } as const;
  expect([
    new Scaled(3, given).name,
    new Declared(3, given).name,
    new Noted(3, given).name,
    new Plain({ width: 1, name: "a" }).name,
  ]).toEqual(["head", "head", "head", "a"]);
  expect(messageOf(() => new Declared(3, { scal: 2 } as object))).toBe(
    `Declared(): expected options scale, ${denseNames.slice("options ".length)}, got scal. Did you mean \`scale\`?`,
  );
});

test("mistyped options of initializers and losses are rejected, also if a kind has none", () => {
  const [y, p] = [ones([2]), ones([2])];
  expect([
    messageOf(() => initializers.randomNormal({ sttdev: 1 } as object)),
    messageOf(() => initializers.glorotUniform({ gain: 1 })),
    messageOf(() => losses.meanSquaredError(y, p, { sampleWeigth: p } as object)),
  ]).toEqual([
    "randomNormal(): expected options mean, stddev, got sttdev. Did you mean `stddev`?",
    "glorotUniform(): expected no options, got gain.",
    "meanSquaredError(): expected options sampleWeight, got sampleWeigth. Did you mean `sampleWeight`?",
  ]);
});

test("an error for a window size that is neither a number nor a pair names the type it got", () => {
  const size = { poolSize: 2 } as unknown as number;
  expect([
    messageOf(() => maxPool2d(size)),
    messageOf(() => avgPool2d(size)),
    messageOf(() => maxPool2d(2, { strides: size })),
    messageOf(() => conv2d(8, size)),
    messageOf(() => conv2d(8, 3, { dilationRate: size })),
    messageOf(() => depthwiseConv2d(null as unknown as number)),
  ]).toEqual([
    "maxPool2d(): expected a pool size: a whole number or a pair, got object.",
    "avgPool2d(): expected a pool size: a whole number or a pair, got object.",
    "maxPool2d(): expected strides: a whole number or a pair, got object.",
    "conv2d(): expected a window size: a whole number or a pair, got object.",
    "conv2d(): expected a dilation rate: a whole number or a pair, got object.",
    "depthwiseConv2d(): expected a window size: a whole number or a pair, got null.",
  ]);
});

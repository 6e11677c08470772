/** Compares programs in WebAssembly with float64, for special values and for few elements. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  arange,
  concat,
  dense,
  losses,
  optimizers,
  random,
  sequential,
  type Tensor,
  tensor,
  valueAndGrad,
  where,
} from "../../../index";
import { setDefaultDevice } from "../../open";
import { rowsAt } from "../../../tensor/ops/rowsAt";
import { expectWithin, ulpOf } from "../../../testing/bounds";
import { testDevice } from "../../../testing/eachDevice";
import { type CompiledPrograms, programOf, programsOf, runScript, runWasm } from "../../../testing/wasmPrograms";
import type { WasmOptions } from "./lanes/programLanes";

const cpu = { device: "CPU:0" };

// In Chromium, an earlier file may have opened GPU:0.
let before: string | undefined;
beforeAll(() => {
  before = setDefaultDevice("CPU:0");
});
afterAll(() => void setDefaultDevice(before));

/** Magnitudes of all orders with both signs, including limits and their neighbours. */
const hard = Float32Array.from(
  [
    0,
    1e-45,
    1.1754943e-38,
    1e-20,
    1e-4,
    0.24,
    0.3465,
    0.3467,
    0.4999,
    0.5,
    0.71,
    0.9999,
    1,
    1.0001,
    1.5,
    2,
    2.5,
    3,
    5.5,
    8.99,
    9.01,
    15.1,
    20,
    87.2,
    88.72,
    88.73,
    104.5,
    1e4,
    8388607.5,
    16777216,
    2147483520,
    4.2e9,
    1e30,
    3.4e38,
    Infinity,
    NaN,
  ].flatMap((x) => [x, -x]),
);
const unit = Float32Array.from({ length: 101 }, (_, k) => 2 * ((k * 0.6180339887) % 1) - 1);
const wide = Float32Array.from({ length: 803 }, (_, k) => (40 * ((k * 0.6180339887) % 1) - 20) * ((k % 7) + 1));
const floats = [hard, unit, wide];
const wholes = Int32Array.of(0, 1, -1, 2, 3, -3, 7, 31, -32, 1000, 65_537, -65_536, 2 ** 31 - 1, -(2 ** 31));

const minNormal = 2 ** -126;

type Of = (...inputs: Tensor[]) => Tensor;

/** Functions of one tensor, with their error bounds in ulp. */
const unaries: Record<
  string,
  { of: Of; ulp?: (x: number) => number; absolute?: number; on?: readonly (Float32Array | Int32Array)[] }
> = {
  abs: { of: (x) => x.abs(), on: [...floats, wholes] },
  ceil: { of: (x) => x.ceil() },
  clip: { of: (x) => x.clip(-1.5, 2), on: [...floats, wholes] },
  "cast to int32": { of: (x) => x.cast("int32"), ulp: () => 1 },
  "cast to bool": { of: (x) => x.cast("bool"), on: [...floats, wholes] },
  "cast to float32": { of: (x) => x.cast("float32"), on: [wholes] },
  erf: { of: (x) => x.erf(), ulp: () => 8 },
  exp: { of: (x) => x.exp(), ulp: () => 2 },
  expm1: { of: (x) => x.expm1(), ulp: (x) => (x < -0.5 ? 4 : 2) },
  floor: { of: (x) => x.floor() },
  log: { of: (x) => x.log(), ulp: () => 2 },
  neg: { of: (x) => x.neg(), on: [...floats, wholes] },
  "pow of 3": { of: (x) => x.pow(3), ulp: () => 2 },
  reciprocal: { of: (x) => x.reciprocal() },
  relu: { of: (x) => x.relu(), on: [...floats, wholes] },
  round: { of: (x) => x.round() },
  sigmoid: { of: (x) => x.sigmoid(), ulp: () => 4 },
  sign: { of: (x) => x.sign(), on: [...floats, wholes] },
  softplus: { of: (x) => x.softplus(), ulp: () => 6, absolute: 2 ** -24 },
  sqrt: { of: (x) => x.sqrt() },
  square: { of: (x) => x.square(), on: [...floats, wholes] },
  tanh: { of: (x) => x.tanh(), ulp: () => 6 },
};

const binaries: Record<string, { of: Of; whole?: boolean; ulp?: (x: number) => number }> = {
  add: { of: (a, b) => a.add(b), whole: true },
  sub: { of: (a, b) => a.sub(b), whole: true },
  mul: { of: (a, b) => a.mul(b), whole: true },
  div: { of: (a, b) => a.div(b) },
  maximum: { of: (a, b) => a.maximum(b), whole: true },
  minimum: { of: (a, b) => a.minimum(b), whole: true },
  equal: { of: (a, b) => a.equal(b), whole: true },
  notEqual: { of: (a, b) => a.notEqual(b), whole: true },
  greater: { of: (a, b) => a.greater(b), whole: true },
  greaterEqual: { of: (a, b) => a.greaterEqual(b), whole: true },
  less: { of: (a, b) => a.less(b), whole: true },
  lessEqual: { of: (a, b) => a.lessEqual(b), whole: true },
  "where of a comparison": { of: (a, b) => where(a.greater(b), a.mul(2), b.neg()), whole: true },
  // The relative error of the power is the absolute error of y log |x|, which grows with the exponent.
  pow: { of: (a, b) => a.pow(b), ulp: (power) => 4 + 4 * Math.abs(Math.log(Math.abs(power))) },
};

type Arrays = readonly (Float32Array | Int32Array)[];

/** Runs a program on arrays in WebAssembly, and in float64. */
function bothWays({ program, numbers }: CompiledPrograms, inputs: Arrays, options: WasmOptions) {
  const data = { variables: [], inputs, numbers };
  return { actual: runWasm(program, data, options)[0]!, expected: runScript(program, data, "float64")[0]! };
}

function compiledFor(of: Of, arrays: Arrays): Promise<CompiledPrograms> {
  return programOf(
    of,
    arrays.map((array) => tensor(array, cpu)),
  );
}

/** Rounds to float32, where values beyond the largest number are infinite. */
function rounded(expected: ArrayLike<number>): number[] {
  return Array.from(expected, Math.fround);
}

function elementsSuite(options: WasmOptions): void {
  describe("element functions in four lanes match float64", () => {
    for (const [name, { of, ulp = () => 0.51, absolute = 0, on = floats }] of Object.entries(unaries)) {
      test(name, async () => {
        for (const [index, x] of on.entries()) {
          const { actual, expected } = bothWays(await compiledFor(of, [x]), [x], options);
          const tolerance = (i: number) => ulp(x[i]!) * ulpOf(expected[i]!) + absolute;
          expectWithin({ actual, expected: rounded(expected), tolerance, what: `${name} of input ${index}` });
        }
      });
    }

    for (const [name, { of, whole, ulp = () => 0.51 }] of Object.entries(binaries)) {
      test(name, async () => {
        for (const list of whole ? [hard, wholes] : [hard]) {
          const compiled = await compiledFor(of, [list, list]);
          const a = list.map((_, k) => list[k % list.length]!);
          for (let shift = 0; shift < list.length; shift += 5) {
            const b = list.map((_, k) => list[(k + shift) % list.length]!);
            const { actual, expected } = bothWays(compiled, [a, b], options);
            const known = rounded(expected);
            const tolerance = (i: number) => ulp(known[i]!) * ulpOf(known[i]!) + (known[i] === 0 ? minNormal : 0);
            expectWithin({ actual, expected: known, tolerance, what: `${name}, shifted by ${shift}` });
          }
        }
      });
    }
  });
}

/** Loops and rows of few elements: the remainder after full vectors, and rows that are no multiple of a vector. */
const shapes: Record<string, Of> = {
  "a chain": (x) => x.mul(2).add(1).tanh().square(),
  "a broadcast row and column": (x) => x.add(x.slice([0, 0], [1, x.shape[1]!])).mul(x.slice([0, 0], [x.shape[0]!, 1])),
  "sums of rows, columns and all": (x) => x.sum(1, true).add(x.sum(0, true)).add(x.sum()),
  "maximum and minimum": (x) => x.max(1, true).sub(x.min(0, true)).mul(x.max()),
  "a softmax": (x) => x.softmax(-1),
  "normalised rows": (x) => x.sub(x.mean(1, true)).div(x.variance(1, true).add(1e-3).sqrt()),
  "a transposed sum": (x) => x.transpose().sum(0).exp(),
  "a transposed chain": (x) =>
    x
      .transpose()
      .tanh()
      .add(x.slice([0, 0], [1, 1])),
  "draws, each four of one counter": (x) => random.uniform([...x.shape], { key: [1, 2], ...cpu }).add(x),
  "draws of the normal distribution": (x) => x.mul(random.normal([...x.shape], 1, 2, { key: [5, 6], ...cpu })),
  "drawn integers": (x) => x.add(random.integers([...x.shape], -3, 9, { key: [3, 4], ...cpu }).cast("float32")),
  dropout: (x) => where(random.bernoulli([...x.shape], 0.4, { key: [7, 8], ...cpu }), x, 0),
  "powers of integers": (x) => x.mul(9).cast("int32").pow(x.mul(4).abs().cast("int32")).cast("float32"),
  "divided integers": (x) => x.mul(1000).cast("int32").mean(1).cast("float32"),
  "one of several": (x) => x.mul(4).abs().cast("int32").oneHot(5).sum(1),
  "tensors side by side": (x) => concat([x.mul(2), x.slice([0, 0], [x.shape[0]!, 1]), x.tanh()], 1).square(),
  "tensors below each other": (x) => concat([x, x.slice([0], [1]).neg()]).mul(concat([x.slice([0], [1]), x])),
  "a padded row, and a sum of it": (x) =>
    x
      .pad([
        [0, 0],
        [2, 5],
      ])
      .add(1)
      .sum(1, true)
      .add(
        x.pad([
          [0, 0],
          [0, 1],
        ]),
      ),
  "parts inside parts, transposed": (x) => {
    const joined = concat([x, concat([x.neg(), x.slice([0, 0], [x.shape[0]!, 1])], 1)], 1);
    return joined.transpose().add(0.5).mul(2);
  },
  "more parts than one statement composes": (x) =>
    concat(
      Array.from({ length: 34 }, (_, k) => x.mul(k)),
      1,
    ).sum(1),
  "gathered rows": (x) => {
    const column = x.slice([0, 0], [x.shape[0]!, 1]).reshape([x.shape[0]!]);
    return x.gather(column.mul(x.shape[0]!).cast("int32")).add(1);
  },
  "rows by an order": (x) =>
    rowsAt(x, tensor([x.shape[0]! - 1, 0, 0, 1 % x.shape[0]!], { dtype: "int32", ...cpu }), { value: 0 }, 3).add(0.5),
};

const products: Record<string, Of> = {
  "a product with its bias": (x) =>
    x
      .matmul(x.transpose())
      .add(x.slice([0, 0], [x.shape[0]!, 1]))
      .tanh(),
  "a product of columns": (x) => x.transpose().matmul(x).relu(),
  "a product of batches": (x) => {
    const both = x.reshape([1, ...x.shape]).add(arange(2, cpu).cast("float32").reshape([2, 1, 1]));
    return both.matmul(x.transpose().reshape([1, ...x.transpose().shape])).square();
  },
};

const windows = [
  { kernel: 3, padding: "valid" },
  { kernel: 2, padding: "same" },
  { kernel: 3, padding: "same", strides: 2 },
  { kernel: 2, padding: "valid", strides: [1, 2] },
  { kernel: 2, padding: "same", dilationRate: 2 },
  { kernel: 5, padding: "same" },
] as const;

const fewElements = [1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((rows) =>
  [1, 2, 3, 5, 8, 10].map((columns) => [rows, columns]),
);
const manyElements = [
  [17, 5],
  [1, 700],
  [700, 1],
  [5, 1030],
  [1030, 5],
  [3, 2501],
];

function isSame(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return Array.from(a).every((value, k) => value === b[k]);
}

async function checkShape(name: string, of: Of, shape: readonly number[], options: WasmOptions): Promise<void> {
  const size = shape[0]! * shape[1]!;
  const x = Float32Array.from({ length: size }, (_, k) => 2 * (((k + 1) * 0.6180339887) % 1) - 1);
  const { program, numbers } = await programOf(of, [tensor(x, cpu).reshape([...shape])]);
  const order = Int32Array.of(shape[0]! - 1, 0, 0, 1 % shape[0]!);
  const inputs = program.inputs.map((value) => (program.values[value]!.dtype === "int32" ? order : x));
  const { actual, expected } = bothWays({ program, numbers }, inputs, options);
  const scale = Math.max(1e-3, ...Array.from(expected, Math.abs));
  const tolerance = () => 3e-6 * scale + 1e-8 * size;
  expectWithin({ actual, expected, tolerance, what: `${name} of [${shape.join()}]` });
}

/** Chromium has relaxed SIMD, Node 20 does not. */
const options: WasmOptions = { fuses: testDevice === "GPU:0" };

elementsSuite(options);
describe("programs of every shape match float64", () => {
  for (const [name, of] of Object.entries(shapes)) {
    test(name, async () => {
      for (const shape of [...fewElements, ...manyElements]) await checkShape(name, of, shape, options);
    });
  }
  for (const [name, of] of Object.entries(products)) {
    test(name, async () => {
      for (const shape of [...fewElements, [13, 21], [3, 100], [2, 100], [30, 30]])
        await checkShape(name, of, shape, options);
    });
  }
});

test("windows over images, and their gradients", async () => {
  for (const [height, width, channels] of [
    [1, 1, 1],
    [5, 4, 1],
    [6, 7, 3],
    [4, 9, 4],
  ] as const) {
    for (const given of windows) {
      const x = random.normal([2, height, width, channels], cpu);
      const kernel = random.normal([given.kernel, 2, channels, 3], cpu);
      const compiled = await programsOf(async () => {
        await valueAndGrad(() => x.conv2d(kernel, given).square().sum(), [x, kernel]).catch(() => undefined);
      });
      // A window that does not fit compiles no program.
      for (const { program, numbers } of compiled) {
        const inputs = program.inputs.map((value, k) => wide.subarray(k, k + program.values[value]!.size));
        const data = { variables: [], inputs, numbers };
        const expected = runScript(program, data, "float64");
        for (const [index, actual] of runWasm(program, data, options).entries()) {
          const want = expected[index]!;
          const scale = Math.max(1e-3, ...Array.from(want, Math.abs));
          const what = `result ${index} of ${JSON.stringify([height, width, channels, given])}`;
          expectWithin({ actual, expected: want, tolerance: () => 1e-5 * scale, what });
        }
      }
      expect(compiled.length).toBe(given.padding === "same" || (height > 2 && width > 2) ? 1 : 0);
    }
  }
});

test("a step with an all-finite check changes everything as in float64, or nothing", async () => {
  const net = sequential([dense(16, { activation: "tanh" }), dense(16), dense(1)]);
  net.compile({ optimizer: optimizers.adam({ learningRate: 0.01 }), loss: losses.meanSquaredError });
  const x = random.normal([31, 7], cpu);
  const [step] = await programsOf(() => net.fit(x, random.normal([31, 1], cpu), { batchSize: 31, device: "CPU:0" }));
  const { program, numbers } = step!;
  const inputs = program.inputs.map((value) => {
    const { size, dtype } = program.values[value]!;
    return dtype === "float32" ? wide.slice(0, size) : Int32Array.from({ length: size }, (_, k) => k);
  });
  // Scalars are the sums so far and the number of the failed step.
  const variablesOf = (failed: number) =>
    program.variables.map(({ size, dtype }, index) => {
      if (dtype !== "float32") return Int32Array.from({ length: size }, (_, k) => k);
      return Float32Array.from({ length: size }, (_, k) => (size === 1 ? failed : unit[(k + index) % 101]! ** 2));
    });
  for (const failed of [0, 5]) {
    const variables = variablesOf(failed);
    const actual = runWasm(program, { variables, inputs, numbers }, options);
    const expected = runScript(program, { variables, inputs, numbers }, "float64");
    const left = actual.slice(-variables.length);
    const changed = variables.filter(({ length }, index) => length > 1 && !isSame(variables[index]!, left[index]!));
    expect(changed.length > 0).toBe(failed === 0);
    for (const [index, one] of actual.entries()) {
      const want = expected[index]!;
      const scale = Math.max(1e-3, ...Array.from(want, Math.abs));
      expectWithin({ actual: one, expected: want, tolerance: () => 1e-5 * scale, what: `result ${index}` });
    }
  }
});

test("a training step with Adam gives the parameters and moments of float64", async () => {
  const net = sequential([dense(8, { activation: "tanh" }), dense(8, { activation: "tanh" }), dense(1)]);
  const x = random.normal([31, 2], cpu);
  const y = random.normal([31, 1], cpu);
  const adam = optimizers.adam({ learningRate: 0.01 });
  net.build([null, 2]);
  const programs = await programsOf(async () => {
    const loss = () => net.call(x).sub(y).square().mean();
    await valueAndGrad(loss, net);
    await adam.minimize(loss, net);
  });
  expect(programs.length).toBe(2);
  for (const { program } of programs) {
    const variables = program.variables.map(({ size }, index) =>
      Float32Array.from(unit.subarray(index, index + size), Math.abs),
    );
    const inputs = program.inputs.map((value, index) => wide.subarray(index, index + program.values[value]!.size));
    const numbers = new Uint32Array(Float32Array.from({ length: program.numbers }, (_, k) => 0.01 * (k + 1)).buffer);
    const [actual, expected] = [
      runWasm(program, { variables, inputs, numbers }, options),
      runScript(program, { variables, inputs, numbers }, "float64"),
    ];
    for (const [index, one] of actual.entries()) {
      const want = expected[index]!;
      const scale = Math.max(1e-3, ...Array.from(want, Math.abs));
      expectWithin({ actual: one, expected: want, tolerance: () => 1e-5 * scale, what: `result ${index}` });
    }
  }
});

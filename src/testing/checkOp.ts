/**
 * Tests an op thoroughly from one line of description: shapes and dtypes against the actual values, values against
 * NumPy and PyTorch, lengths around a workgroup against the float64 twin, one tensor as several inputs, and gradients
 * against finite differences.
 */
import { expect, test } from "vitest";
import type { DataArray, DType } from "../base/dtype";
import { formatShape, sizeOf, type Shape } from "../base/shape";
import type { CpuBackend } from "../device/cpu/cpuBackend";
import { backendOf, openTwin } from "../device/open";
import { fromElements, full } from "../tensor/creation";
import { gradientsOf } from "../tensor/gradient";
import * as ops from "../tensor/ops/index";
import "../tensor/ops/methods";
import { closeScope, openScope } from "../tensor/scope";
import { Tensor } from "../tensor/tensor";
import { type Bound, expectWithin, ulpOf } from "./bounds";
import { openTestDevices, testDevices } from "./eachDevice";
import { type GoldenTensor, goldenCases } from "./golden";

const opsByName = new Map(Object.entries(ops) as [string, (...given: unknown[]) => Tensor][]);

export type OpName = keyof typeof ops;

/** Inputs by shape, filled with distinct moderate values; whole numbers if `values` are given. */
export type InputLike = Shape | { shape: Shape; values: readonly number[]; dtype?: DType };

export interface CallCase {
  inputs: readonly InputLike[];
  args?: readonly unknown[];
}

export interface OpCase {
  bound: Bound;
  /** Calls ops whose inputs are not separate arguments. */
  call?(inputs: readonly Tensor[], args: readonly unknown[]): Tensor;
  /** Returns calls in which some length is `n`, tested around the workgroup size. Default: `n` elements per input. */
  sized?(n: number): CallCase;
  /** Inputs, away from kinks, at which the gradient is checked. Absent if the op has no gradient. */
  gradients?: readonly CallCase[];
  /** Shape of a tensor that is valid for every input. Default [4, 4]. */
  shared?: Shape;
  /** Range of input values, for ops that do not accept all. */
  range?: readonly [number, number];
}

const twin = openTwin();

/** Around the 64 invocations of a workgroup, and not a power of two. */
const lengths = [0, 1, 63, 64, 65, 257];

/** Returns distinct moderate numbers: multiples of the golden ratio within the range. */
function spreadValues(size: number, [low, high]: readonly [number, number], seed: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) =>
    Math.fround(low + (high - low) * (((i + 1) * 0.6180339887 + seed * 0.377) % 1)),
  );
}

interface Values {
  shape: Shape;
  dtype: DType;
  values: ArrayLike<number>;
}

function valuesOf(input: InputLike, index: number, range: readonly [number, number] = [-2.9, 3.1]): Values {
  if (!("shape" in input)) return { shape: input, dtype: "float32", values: spreadValues(sizeOf(input), range, index) };
  return { shape: input.shape, dtype: input.dtype ?? "float32", values: input.values };
}

function sizesOf(input: Values): Values {
  return { ...input, values: Float64Array.from(input.values, Math.abs) };
}

/** Creates a tensor of these values. On the twin they keep all 64 bits. */
function place({ shape, dtype, values }: Values, device: string): Tensor {
  if (device !== twin || dtype !== "float32") return fromElements(values, shape, { dtype, device });
  return Tensor.allocate(shape, dtype, device, "test").write(Float64Array.from(values) as unknown as Float32Array);
}

async function readBack(x: Tensor): Promise<DataArray | Float64Array> {
  if (x.device !== twin) return x.data();
  return (backendOf(twin) as CpuBackend).readWide(x.slot());
}

function invoke(name: OpName, { call }: OpCase, inputs: readonly Tensor[], args: readonly unknown[]): Tensor {
  if (call) return call(inputs, args);
  return opsByName.get(name)!(...inputs, ...args);
}

/** Returns the tolerance of each element of a result, by the case's bound. */
async function toleranceOf(
  name: OpName,
  opCase: OpCase,
  inputs: readonly Values[],
  args: readonly unknown[],
  expected: ArrayLike<number>,
): Promise<(i: number) => number> {
  const { ulp = 0, absolute = 0, terms } = opCase.bound;
  let sizes: ArrayLike<number> = [];
  if (terms) {
    const positive = inputs.map((input) => place(input.dtype === "float32" ? sizesOf(input) : input, twin));
    sizes = await readBack(invoke(name, opCase, positive, args));
  }
  const count = terms?.(inputs.map((input) => input.shape)) ?? 0;
  return (i) => {
    const units = typeof ulp === "number" ? ulp : ulp(inputs[0]!.values[i]!);
    // Sums that overflow or contain NaN are compared exactly anyway.
    const lost = terms && Number.isFinite(sizes[i]) ? count * 2 ** -24 * sizes[i]! : 0;
    return units * ulpOf(expected[i]!) + absolute + lost;
  };
}

/** Formats inputs: `float32 [2, 3], int32 [3]`. */
function describe(inputs: readonly Values[]): string {
  return inputs.map(({ shape, dtype }) => `${dtype} ${formatShape(shape)}`).join(", ");
}

function parse({ shape, dtype, values }: GoldenTensor): Values {
  return {
    shape,
    dtype,
    values: values.map((value) => (dtype === "float32" ? Math.fround(Number(value)) : Number(value))),
  };
}

async function checkGolden(name: OpName, opCase: OpCase, device: string): Promise<void> {
  const cases = goldenCases(name);
  expect(cases.length, `golden cases of ${name}`).toBeGreaterThan(0);
  const calls = cases.map((entry) => {
    const inputs = entry.inputs.map(parse);
    const result = invoke(
      name,
      opCase,
      inputs.map((input) => place(input, device)),
      entry.args,
    );
    return { entry, inputs, result, data: result.data() };
  });
  for (const { entry, inputs, result, data } of calls) {
    const what = `${name}(${describe(inputs)}; ${JSON.stringify(entry.args)}) on ${device}`;
    expect({ shape: result.shape, dtype: result.dtype }, what).toEqual({
      shape: entry.expected.shape,
      dtype: entry.expected.dtype,
    });
    const expected = parse(entry.expected).values;
    const exact = entry.expected.dtype !== "float32";
    const tolerance = exact ? () => 0 : await toleranceOf(name, opCase, inputs, entry.args, expected);
    expectWithin({ actual: await data, expected, tolerance, what });
  }
}

/** Runs a call on the device and on the twin and compares the results. */
async function checkAgainstTwin(
  name: OpName,
  opCase: OpCase,
  inputs: readonly Values[],
  args: readonly unknown[],
  device: string,
): Promise<void> {
  const what = `${name}(${describe(inputs)}) on ${device}`;
  const [actual, expected] = [device, twin].map((place1) =>
    invoke(
      name,
      opCase,
      inputs.map((input) => place(input, place1)),
      args,
    ),
  ) as [Tensor, Tensor];
  expect(actual.shape, what).toEqual(expected.shape);
  const [data, truth] = await Promise.all([actual.data(), readBack(expected)]);
  expect(data.length, `${what}: the shape's size`).toBe(sizeOf(actual.shape));
  const tolerance = await toleranceOf(name, opCase, inputs, args, truth);
  expectWithin({ actual: data, expected: truth, tolerance, what });
}

async function checkLengths(name: OpName, opCase: OpCase, device: string): Promise<void> {
  const arity = goldenCases(name)[0]!.inputs.length;
  const sized = opCase.sized ?? ((n: number): CallCase => ({ inputs: Array.from({ length: arity }, () => [n]) }));
  await Promise.all(
    lengths.map((n) => {
      const { inputs, args = [] } = sized(n);
      return checkAgainstTwin(
        name,
        opCase,
        inputs.map((input, index) => valuesOf(input, index, opCase.range)),
        args,
        device,
      );
    }),
  );
}

/** Passes one tensor as every input. */
async function checkUsedTwice(name: OpName, opCase: OpCase, device: string): Promise<void> {
  const found = goldenCases(name).find(
    ({ inputs }) => inputs.length > 1 && inputs.every(({ dtype }) => dtype === "float32"),
  );
  if (!found) return;
  const x = valuesOf(opCase.shared ?? [4, 4], 0, opCase.range);
  const run = (on: string) => {
    const shared = place(x, on);
    return invoke(
      name,
      opCase,
      found.inputs.map(() => shared),
      found.args,
    );
  };
  const [data, truth] = await Promise.all([run(device).data(), readBack(run(twin))]);
  const values = found.inputs.map(() => x);
  const tolerance = await toleranceOf(name, opCase, values, found.args, truth);
  expectWithin({ actual: data, expected: truth, tolerance, what: `${name}(x, x) on ${device}` });
}

interface LossCall {
  name: OpName;
  opCase: OpCase;
  args: readonly unknown[];
}

/** Returns a number that depends on every element of the op's result, each with a different weight. */
function lossOf({ name, opCase, args }: LossCall, inputs: readonly Tensor[]): Tensor {
  const result = invoke(name, opCase, inputs, args);
  const weights = place(
    { shape: result.shape, dtype: "float32", values: spreadValues(result.size, [0.5, 1.5], 3) },
    result.device,
  );
  return result.mul(weights).sum();
}

async function analyticGradients(
  call: LossCall,
  inputs: readonly Values[],
  device: string,
): Promise<ArrayLike<number>[]> {
  const scope = openScope("checkOp", { recording: true });
  const tensors = inputs.map((input) => place(input, device));
  const gradients = gradientsOf(lossOf(call, tensors), tensors);
  const filled = tensors.map((tensor, index) => gradients[index] ?? full(tensor.shape, 0, { device }));
  closeScope(scope, filled);
  filled.forEach((gradient, index) =>
    expect(gradient.shape, `shape of gradient ${index} of ${call.name}`).toEqual(inputs[index]!.shape),
  );
  return Promise.all(filled.map(readBack));
}

const step = 1e-5;

/** Computes a gradient by central differences on the twin: (f(x + h) - f(x - h)) / 2h for each element. */
async function numericGradient(call: LossCall, inputs: readonly Values[], index: number): Promise<Float64Array> {
  const { values } = inputs[index]!;
  const at = async (i: number, moved: number) => {
    const changed = Float64Array.from(values);
    changed[i]! += moved;
    const all = inputs.map((input, other) => place(other === index ? { ...input, values: changed } : input, twin));
    return (await readBack(lossOf(call, all)))[0]!;
  };
  const result = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) result[i] = ((await at(i, step)) - (await at(i, -step))) / (2 * step);
  return result;
}

async function checkGradients(name: OpName, opCase: OpCase): Promise<void> {
  for (const { inputs: given, args = [] } of opCase.gradients ?? []) {
    const call = { name, opCase, args };
    const inputs = given.map((input, index) => valuesOf(input, index, opCase.range));
    const onTwin = await analyticGradients(call, inputs, twin);
    const onDevices = await Promise.all(testDevices.map((device) => analyticGradients(call, inputs, device)));
    for (let index = 0; index < inputs.length; index++) {
      if (inputs[index]!.dtype !== "float32") continue;
      const what = `gradient ${index} of ${name}(${describe(inputs)}; ${JSON.stringify(args)})`;
      const expected = await numericGradient(call, inputs, index);
      expectWithin({ actual: onTwin[index]!, expected, tolerance: (i) => 1e-6 * (1 + Math.abs(expected[i]!)), what });
      onDevices.forEach((gradients, at) => {
        const tolerance = (i: number) => 5e-5 * (1 + Math.abs(expected[i]!));
        expectWithin({ actual: gradients[index]!, expected, tolerance, what: `${what} on ${testDevices[at]}` });
      });
    }
  }
}

/** Ops for which this file defined a test. */
export const checkedOps: Set<string> = new Set();

/** Tests an op on every device of this run. */
export function checkOp(name: OpName, opCase: OpCase): void {
  checkedOps.add(name);
  test(`${name} matches NumPy and PyTorch at every length, and so does its gradient`, async () => {
    await openTestDevices();
    for (const device of testDevices) {
      await checkGolden(name, opCase, device);
      await checkLengths(name, opCase, device);
      await checkUsedTwice(name, opCase, device);
    }
    await checkGradients(name, opCase);
  });
}

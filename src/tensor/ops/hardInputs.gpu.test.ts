/** Element functions against float64 at difficult inputs: all magnitudes, the ends of the range, every kind of NaN. */
import { describe } from "vitest";
import { expectWithin, ulpOf } from "../../testing/bounds";
import { eachDevice } from "../../testing/eachDevice";
import { opCases } from "../../testing/opCases";
import { compileFunction, tensor, type Tensor } from "../../index";

const smallestNormal = 2 ** -126;

/** Quiet and signaling, of both signs, with the least and the greatest payload. */
const nans = [0x7fc00000, 0xffc00000, 0x7f800001, 0xff800001, 0x7fffffff, 0xffffffff];
/** Infinity, the greatest number, the least normal number, the greatest and the least subnormal number, 0. */
const ends = [0x7f800000, 0x7f7fffff, 0x00800000, 0x007fffff, 0x00000001, 0x00000000];
/** Inputs at which a function switches its formula. */
const thresholds = [0.5, 1, 4, 7.9, 9, 9.01, 15, 87.33655, 88.722839, 103.97208, 104, Math.SQRT1_2];

/** Bits of a number, of its neighbors, and of their negatives. */
function around(x: number): number[] {
  const [bits] = new Uint32Array(Float32Array.of(x).buffer) as unknown as [number];
  return [bits - 1, bits, bits + 1].flatMap((one) => [one, one + 2 ** 31]);
}

const sweep = Array.from({ length: 4096 }, (_, k) => (k * 0x9e3779b1) >>> 0);
const moderate = Array.from({ length: 4096 }, (_, k) => (k * 0.6180339887) % 1).map((u) => Math.fround(40 * u - 20));
const inputs = Float32Array.of(
  ...new Float32Array(
    Uint32Array.of(...nans, ...ends, ...ends.map((bits) => bits + 2 ** 31), ...thresholds.flatMap(around), ...sweep)
      .buffer,
  ),
  ...moderate,
);

const functions = {
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  relu: (x) => (x < 0 ? 0 : x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  sqrt: Math.sqrt,
  tanh: Math.tanh,
} satisfies Partial<Record<keyof typeof opCases, (x: number) => number>>;

describe("at thousands of numbers, eagerly and in a plan", () => {
  for (const [name, inFloat64] of Object.entries(functions) as [keyof typeof functions, (x: number) => number][]) {
    const { ulp = 0, absolute = 0 } = opCases[name].bound;
    const expected = Array.from(inputs, (x) => Math.fround(inFloat64(x)));
    const tolerance = (i: number) => {
      const x = inputs[i]!;
      // A subnormal may count as 0.
      const flushed = Math.abs(x) < smallestNormal && Number.isFinite(expected[i]) ? Math.abs(expected[i]!) : 0;
      return (typeof ulp === "number" ? ulp : ulp(x)) * ulpOf(expected[i]!) + absolute + flushed;
    };
    eachDevice(`${name} agrees with float64`, async (device) => {
      const x = tensor(inputs, { device });
      const of = (one: Tensor) => one[name]();
      const results = { "op by op": of(x), "in a plan": await compileFunction(of, { replay: true })(x) };
      for (const [how, result] of Object.entries(results))
        expectWithin({ actual: await result.data(), expected, tolerance, what: `${name} ${how} on ${device}` });
    });
  }
});

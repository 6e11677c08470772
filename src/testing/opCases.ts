/**
 * How each op is tested, one line per op: its bound and the inputs at which its gradient is checked. See
 * checkOp for the fields.
 */
import type { OpCase, OpName } from "./checkOp";
import { concat } from "../tensor/ops/concat";
import { stack } from "../tensor/ops/stack";
import { topK } from "../tensor/ops/topK";

/** Correctly rounded, or no arithmetic at all. */
const exact = { ulp: 1 };

/** Gradients of equal shapes, of broadcasting in both directions, and of scalars. */
const broadcast = [
  {
    inputs: [
      [2, 3],
      [2, 3],
    ],
  },
  {
    inputs: [
      [2, 1, 3],
      [2, 1],
    ],
  },
  { inputs: [[], [3]] },
] as const;

const unary = [{ inputs: [[2, 3]] }, { inputs: [[]] }] as const;

/** Number of values folded into one, from the first input's shape. */
const termsAlong =
  (axis: number) =>
  ([shape]: readonly (readonly number[])[]) =>
    shape!.at(axis) ?? 1;

const allTerms = ([shape]: readonly (readonly number[])[]) => shape!.reduce((size, length) => size * length, 1);

const reductions = [
  { inputs: [[2, 3]] },
  { inputs: [[2, 3, 2]], args: [1] },
  { inputs: [[2, 3, 2]], args: [[0, -1], true] },
  { inputs: [[]] },
] as const;

/** Images of two channels and a kernel with two outputs, with all ways of sliding it. */
const slides = [
  {},
  { padding: "same", strides: 2 },
  { padding: "same", dilationRate: [2, 1] },
  { strides: [2, 1] },
].map((options) => ({
  inputs: [
    [2, 4, 3, 2],
    [2, 2, 2, 2],
  ],
  args: [options],
}));
const convolution: OpCase = {
  bound: { terms: ([, kernel]) => allTerms([kernel!]) },
  shared: [2, 2, 2, 2],
  sized: (n) => ({
    inputs: [
      [n, 2, 2, 1],
      [2, 1, 1, 1],
    ],
  }),
  gradients: [
    ...slides,
    {
      inputs: [
        [1, 2, 2, 2],
        [1, 1, 2, 3],
      ],
    },
  ],
};

const pools = [{}, { poolSize: 3, strides: 1, padding: "same" }, { poolSize: [2, 3], strides: [2, 1] }].map(
  (options) => ({
    inputs: [[2, 4, 5, 2]],
    args: [options],
  }),
);

const indices = { shape: [3, 2], values: [2, 0, -1, 2, 1, 1], dtype: "int32" } as const;
const one = { shape: [1], values: [0], dtype: "int32" } as const;

export const opCases: Record<OpName, OpCase> = {
  // One operand.
  neg: { bound: exact, gradients: unary },
  abs: { bound: exact, gradients: unary },
  sign: { bound: exact },
  exp: { bound: { ulp: (x) => 3 + 2 * Math.abs(x) }, gradients: unary },
  log: { bound: { ulp: 3, absolute: 2 ** -24 }, gradients: unary, range: [0.2, 4] },
  sqrt: { bound: { ulp: 5 }, gradients: unary, range: [0.2, 4] },
  square: { bound: exact, gradients: unary },
  reciprocal: { bound: { ulp: 2.5 }, gradients: unary, range: [0.2, 4] },
  floor: { bound: exact },
  ceil: { bound: exact },
  round: { bound: exact },
  tanh: { bound: { ulp: 10 }, gradients: unary },
  sigmoid: { bound: { ulp: (x) => 8 + 2 * Math.abs(x) }, gradients: unary },
  softplus: { bound: { ulp: (x) => 8 + 2 * Math.abs(x), absolute: 2 ** -23 }, gradients: unary },
  // Accuracy of the fitted polynomials, and of exp for expm1.
  erf: { bound: { ulp: 4, absolute: 2e-7 }, gradients: unary },
  expm1: { bound: { ulp: (x) => 6 + 2 * Math.abs(x) }, gradients: unary },
  relu: { bound: exact, gradients: unary },
  logicalNot: { bound: exact },
  cast: {
    bound: exact,
    sized: (n) => ({ inputs: [[n]], args: ["int32"] }),
    gradients: [{ inputs: [[2, 3]], args: ["float32"] }],
  },
  clip: {
    bound: exact,
    sized: (n) => ({ inputs: [[n]], args: [-1, 2] }),
    gradients: [{ inputs: [[4, 3]], args: [-1, 2] }, { inputs: [[3]] }],
  },
  // Two operands.
  add: { bound: exact, gradients: broadcast },
  sub: { bound: exact, gradients: broadcast },
  mul: { bound: exact, gradients: broadcast },
  div: { bound: { ulp: 2.5 }, gradients: broadcast },
  // x^y = e^(y log |x|) multiplies the rounding error of y log |x|.
  pow: { bound: { ulp: 700 }, gradients: broadcast, range: [0.3, 2.9] },
  maximum: { bound: exact, gradients: broadcast },
  minimum: { bound: exact, gradients: broadcast },
  equal: { bound: exact },
  notEqual: { bound: exact },
  less: { bound: exact },
  lessEqual: { bound: exact },
  greater: { bound: exact },
  greaterEqual: { bound: exact },
  logicalAnd: { bound: exact },
  logicalOr: { bound: exact },
  where: {
    bound: exact,
    gradients: [{ inputs: [{ shape: [3], values: [1, 0, 1], dtype: "bool" }, [2, 3], [1]] }],
  },
  // Reductions.
  sum: { bound: { terms: allTerms }, gradients: reductions },
  mean: { bound: { terms: allTerms, ulp: 2.5 }, gradients: reductions },
  prod: {
    bound: { ulp: 512 },
    gradients: [
      ...reductions,
      { inputs: [{ shape: [4], values: [2, 0, 3, -1] }] },
      { inputs: [{ shape: [4], values: [2, 0, 3, 0] }] },
    ],
    range: [0.9, 1.1],
  },
  max: { bound: exact, sized: (n) => ({ inputs: [[n + 1]] }), gradients: reductions },
  min: { bound: exact, sized: (n) => ({ inputs: [[n + 1]] }), gradients: reductions },
  variance: { bound: { ulp: 64, absolute: 1e-6 }, gradients: reductions },
  logSumExp: { bound: { ulp: 24, absolute: 1e-6 }, sized: (n) => ({ inputs: [[n + 1]] }), gradients: reductions },
  argmax: { bound: exact, sized: (n) => ({ inputs: [[n + 1]] }) },
  argmin: { bound: exact, sized: (n) => ({ inputs: [[n + 1]] }) },
  softmax: { bound: { ulp: 64 }, gradients: [{ inputs: [[3, 4]] }, { inputs: [[2, 3, 2]], args: [1] }] },
  logSoftmax: {
    bound: { ulp: 24, absolute: 2e-6 },
    sized: (n) => ({ inputs: [[2, n + 1]] }),
    gradients: [{ inputs: [[3, 4]] }, { inputs: [[3, 4]], args: [0] }],
  },
  matmul: {
    bound: { terms: termsAlong(-1) },
    sized: (n) => ({
      inputs: [
        [n, 3],
        [3, n],
      ],
    }),
    gradients: [
      {
        inputs: [
          [3, 4],
          [4, 2],
        ],
      },
      { inputs: [[3], [3]] },
      { inputs: [[3], [2, 3, 2]] },
      { inputs: [[2, 3], [3]] },
      {
        inputs: [
          [2, 1, 3, 2],
          [3, 2, 2],
        ],
      },
    ],
  },
  // Windows over images.
  conv2d: convolution,
  depthwiseConv2d: convolution,
  maxPool2d: {
    bound: exact,
    sized: (n) => ({ inputs: [[1, n, 2, 1]], args: [{ poolSize: [1, 2] }] }),
    gradients: pools,
  },
  avgPool2d: {
    bound: { ulp: 2, absolute: 2e-6 },
    sized: (n) => ({ inputs: [[1, n, 2, 1]], args: [{ poolSize: [1, 2] }] }),
    gradients: pools,
  },
  // Along an axis.
  cumulativeSum: {
    bound: { terms: allTerms },
    gradients: [
      { inputs: [[2, 3]] },
      { inputs: [[2, 3, 2]], args: [1, { exclusive: true }] },
      { inputs: [[2, 3]], args: [0, { reverse: true }] },
    ],
  },
  topKIndices: { bound: exact, sized: (n) => ({ inputs: [[2, n]], args: [Math.min(n, 3)] }) },
  topK: {
    bound: exact,
    call: ([x], [k]) => topK(x!, k as number | undefined).values,
    sized: (n) => ({ inputs: [[2, n]], args: [Math.min(n, 3)] }),
    gradients: [{ inputs: [[2, 5]], args: [3] }, { inputs: [[4]] }],
  },
  // Moving values.
  reshape: {
    bound: exact,
    sized: (n) => ({ inputs: [[n, 2]], args: [[2 * n]] }),
    gradients: [{ inputs: [[2, 3]], args: [[3, -1]] }],
  },
  transpose: {
    bound: exact,
    sized: (n) => ({ inputs: [[3, n]] }),
    gradients: [{ inputs: [[2, 3]] }, { inputs: [[2, 3, 2]], args: [[2, 0, 1]] }],
  },
  slice: {
    bound: exact,
    sized: (n) => ({ inputs: [[3, n]], args: [[1], [3]] }),
    gradients: [{ inputs: [[4, 3]], args: [[1, -2], [3]] }],
  },
  pad: {
    bound: exact,
    sized: (n) => ({ inputs: [[n]], args: [[[1, 2]], 5] }),
    gradients: [
      {
        inputs: [[2, 2]],
        args: [
          [
            [1, 0],
            [0, 2],
          ],
        ],
      },
    ],
  },
  concat: {
    bound: exact,
    call: (inputs, [axis]) => concat(inputs, axis as number | undefined),
    gradients: [
      {
        inputs: [
          [2, 3],
          [1, 3],
        ],
      },
      {
        inputs: [
          [2, 3],
          [2, 1],
        ],
        args: [-1],
      },
    ],
  },
  stack: {
    bound: exact,
    call: (inputs, [axis]) => stack(inputs, axis as number | undefined),
    gradients: [
      {
        inputs: [
          [2, 3],
          [2, 3],
        ],
        args: [1],
      },
    ],
  },
  gather: {
    bound: exact,
    sized: (n) => ({ inputs: [[3, n], indices] }),
    gradients: [{ inputs: [[3, 2], indices] }, { inputs: [[2, 3, 2], indices], args: [1] }],
  },
  scatterAdd: {
    bound: { terms: allTerms },
    sized: (n) => ({ inputs: [[1, n], one], args: [0, 2] }),
    gradients: [{ inputs: [[3, 2, 2], indices], args: [0, 3] }],
  },
  oneHot: { bound: exact, sized: (n) => ({ inputs: [one], args: [n] }) },
  broadcastTo: {
    bound: exact,
    sized: (n) => ({ inputs: [[n]], args: [[2, n]] }),
    gradients: [
      { inputs: [[3, 1]], args: [[2, 3, 4]] },
      { inputs: [[]], args: [[2]] },
    ],
  },
  stopGradient: { bound: exact },
};

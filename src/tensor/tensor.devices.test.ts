/** Tests of tensors and ops apart from their numerical accuracy. */
import { describe, expect, test } from "vitest";
import { DeviceError, DeviceMemoryError, DisposedError, DTypeError, ShapeError } from "../base/errors";
import { backendOf, deviceInfo } from "../device/open";
import { allClose } from "./allClose";
import { arange, eye, full, ones, tensor, type TensorData, zeros } from "./creation";
import { gradientsOf } from "./gradient";
import * as ops from "./ops/index";
import "./ops/methods";
import { random } from "./randomOps";
import { closeScope, openScope } from "./scope";
import type { Tensor } from "./tensor";
import { ulpOf } from "../testing/bounds";
import { eachDevice, openTestDevices, testDevices } from "../testing/eachDevice";

/** Returns the error that a call throws. */
function errorOf(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}

describe("creators", () => {
  eachDevice("creators return the specified values", async (device) => {
    expect(
      await tensor(
        [
          [1, -2],
          [3, 4],
        ],
        { device },
      ).array(),
    ).toEqual([
      [1, -2],
      [3, 4],
    ]);
    expect(await tensor(7, { device }).item()).toBe(7);
    expect(await zeros([2, 2], { device }).array()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(await ones([3], { device, dtype: "int32" }).array()).toEqual([1, 1, 1]);
    expect(await full([2], -2.5, { device }).array()).toEqual([-2.5, -2.5]);
    expect(await arange(4, { device }).array()).toEqual([0, 1, 2, 3]);
    expect(await eye(3, { device }).array()).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
    expect(await zeros([0, 3], { device }).array()).toEqual([]);
  });

  eachDevice("integers keep all 32 bits", async (device) => {
    const values = [2 ** 30 + 1, -(2 ** 31), 2 ** 31 - 1];
    expect(await tensor(Int32Array.from(values), { device }).add(0).array()).toEqual(values);
    expect(await full([1], 2 ** 30 + 1, { device, dtype: "int32" }).array()).toEqual([2 ** 30 + 1]);
    expect(
      await tensor(Int32Array.of(2 ** 31 - 1), { device })
        .add(1)
        .array(),
    ).toEqual([-(2 ** 31)]);
    expect(
      await tensor(Int32Array.from(values), { device })
        .clip(2 ** 30 + 2)
        .array(),
    ).toEqual([2 ** 30 + 2, 2 ** 30 + 2, 2 ** 31 - 1]);
  });

  eachDevice("infinities and NaN can be uploaded, filled and read", async (device) => {
    const values = [Infinity, -Infinity, NaN, -0];
    expect(await tensor(values, { device }).array()).toEqual(values);
    expect(await full([2], -Infinity, { device }).array()).toEqual([-Infinity, -Infinity]);
    expect(await full([2], NaN, { device }).array()).toEqual([NaN, NaN]);
  });
});

const dtypeCases: [name: string, make: (x: { whole: Tensor; real: Tensor; flag: Tensor }) => Tensor, dtype: string][] =
  [
    ["bool and int32", ({ whole, flag }) => whole.add(flag), "int32"],
    ["int32 and float32", ({ whole, real }) => whole.mul(real), "float32"],
    ["bool and float32", ({ flag, real }) => flag.sub(real), "float32"],
    ["bool and bool", ({ flag }) => flag.add(flag), "int32"],
    ["int32 and a whole number", ({ whole }) => whole.mul(2), "int32"],
    ["int32 and a fraction", ({ whole }) => whole.mul(0.5), "float32"],
    ["bool and a whole number", ({ flag }) => flag.mul(2), "int32"],
    ["bool and a fraction", ({ flag }) => flag.mul(0.5), "float32"],
    ["float32 and a whole number", ({ real }) => real.add(1), "float32"],
    ["the quotient of int32", ({ whole }) => whole.div(2), "float32"],
    ["exp of int32", ({ whole }) => whole.exp(), "float32"],
    ["sqrt of int32", ({ whole }) => whole.sqrt(), "float32"],
    ["softmax of int32", ({ whole }) => whole.softmax(), "float32"],
    ["variance of int32", ({ whole }) => whole.variance(), "float32"],
    ["the power of int32", ({ whole }) => whole.pow(2), "int32"],
    ["relu of int32", ({ whole }) => whole.relu(), "int32"],
    ["the sum of bool", ({ flag }) => flag.sum(), "int32"],
    ["the mean of int32", ({ whole }) => whole.mean(), "int32"],
    ["a comparison", ({ whole, real }) => whole.less(real), "bool"],
    ["argmax", ({ real }) => real.argmax(), "int32"],
    ["where of int32 and a fraction", ({ flag, whole }) => flag.where(whole, 0.5), "float32"],
    ["where of two numbers", ({ flag }) => flag.where(1, 0), "float32"],
    ["the product of int32 matrices", ({ whole }) => whole.matmul(whole), "int32"],
    ["clip of int32 by a fraction", ({ whole }) => whole.clip(0.5, 2), "float32"],
    ["concat of bool and float32", ({ flag, real }) => ops.concat([flag, real]), "float32"],
  ];

describe("dtypes", () => {
  eachDevice("dtypes of results follow one rule", async (device) => {
    const x = {
      whole: tensor(Int32Array.of(1, -2, 3), { device }),
      real: tensor([0.5, 1, 2], { device }),
      flag: tensor([true, false, true], { device }),
    };
    const found = dtypeCases.map(([name, make]) => [name, make(x).dtype]);
    expect(found).toEqual(dtypeCases.map(([name, , dtype]) => [name, dtype]));
    expect(await x.flag.data()).toEqual(Uint8Array.of(1, 0, 1));
    expect(await x.whole.data()).toEqual(Int32Array.of(1, -2, 3));
    expect(await x.whole.mul(0.5).array()).toEqual([0.5, -1, 1.5]);
    expect(await tensor([3.9, -3.9, NaN, 1e30, -1e30], { device }).cast("int32").array()).toEqual(
      device === "CPU:0" ? [3, -3, 0, 2 ** 31 - 1, -(2 ** 31)] : [3, -3, 0, 2147483520, -(2 ** 31)],
    );
  });
});

describe("errors", () => {
  eachDevice("mismatched shapes and dtypes throw at the call", (device) => {
    const x = zeros([2, 3], { device });
    const cases: [() => unknown, typeof ShapeError, string][] = [
      [
        () => x.add(zeros([2], { device })),
        ShapeError,
        "add: expected shapes that broadcast (equal lengths or 1, from the last axis), got [2, 3] and [2]",
      ],
      [
        () => x.matmul(x),
        ShapeError,
        "matmul: expected [..., n, k] and [..., k, m], where k is the same, got [2, 3] and [2, 3]",
      ],
      [() => x.matmul(tensor(1, { device })), ShapeError, "matmul: expected"],
      [() => x.reshape([4, 2]), ShapeError, "reshape: expected a shape of 6 elements"],
      [() => x.sum(2), ShapeError, "sum: expected an axis from -2 to 1, got 2"],
      [() => x.sum([0, -2]), ShapeError, "sum: expected each axis once"],
      [() => x.transpose([0, 0]), ShapeError, "transpose: expected each of 2 axes once, got [0,0]"],
      [() => x.slice([0, 0, 0]), ShapeError, "slice: expected at most 2 whole numbers"],
      [() => x.pad([[1, 1]]), ShapeError, "pad: expected [before, after] for each axis of [2, 3]"],
      [() => x.broadcastTo([2, 2]), ShapeError, "broadcastTo: expected shapes that broadcast"],
      [() => zeros([0, 2], { device }).max(0), ShapeError, "max: expected at least one value along the axes"],
      [() => zeros([0, 2], { device }).argmin(0), ShapeError, "argmin: expected at least one value"],
      [() => zeros([0], { device, dtype: "int32" }).mean(), ShapeError, "mean: expected at least one value"],
      [
        () => ops.concat([x, zeros([2, 2], { device })]),
        ShapeError,
        "concat: expected shapes that differ along axis 0 only",
      ],
      [() => ops.stack([x, zeros([2, 2], { device })]), ShapeError, "stack: expected one shape, got [2, 3] and [2, 2]"],
      [() => zeros([1, 1, 1, 1, 1, 1, 1, 1, 1], { device }), ShapeError, "full: expected rank at most 8, got rank 9"],
      [() => x.gather(x), DTypeError, 'gather: expected int32, got float32. Convert it first: .cast("int32").'],
      [() => x.oneHot(3), DTypeError, "oneHot: expected int32, got float32"],
    ];
    for (const [run, kind, message] of cases) {
      const error = errorOf(run);
      expect(error).toBeInstanceOf(kind);
      expect(error.message).toContain(message);
    }
  });

  eachDevice("an impossible size throws at the call, with the bytes needed and available", (device) => {
    const available = backendOf(device).limits.maxTensorBytes;
    const error = errorOf(() => zeros([2 ** 20, 2 ** 20], { device })) as DeviceMemoryError;
    expect(error).toBeInstanceOf(DeviceMemoryError);
    const { at, needed } = error;
    expect({ at, needed, available: error.available }).toEqual({ at: "zeros", needed: 2 ** 42, available });
    expect(errorOf(() => ones([2 ** 20, 2 ** 20], { device })).message).toContain("ones");
    const x = zeros([2 ** 16, 1], { device });
    expect(errorOf(() => x.add(zeros([1, 2 ** 16], { device })))).toBeInstanceOf(DeviceMemoryError);
    expect(errorOf(() => x.broadcastTo([2 ** 16, 2 ** 20])).message).toContain("broadcastTo");
  });

  eachDevice("reading a freed tensor is an error that names what freed it", async (device) => {
    const x = ones([2], { device });
    x.dispose();
    x.dispose();
    const error = errorOf(() => x.add(1));
    expect(error).toBeInstanceOf(DisposedError);
    expect(error.message).toContain("dispose()");
    await expect(x.data()).rejects.toBeInstanceOf(DisposedError);
  });

  eachDevice("an op that throws at the call leaks no memory", (device) => {
    const x = ones([2, 3], { device });
    const before = deviceInfo(device).buffers;
    x.mul(2).dispose();
    errorOf(() => x.matmul(x));
    errorOf(() => x.where(1, ones([2], { device })));
    // Only the operand that the test itself created for `where` remains.
    expect(deviceInfo(device).buffers).toBe(before + 1);
  });
});

describe("sizes", () => {
  eachDevice("sums, means, extrema and their indices over a long axis are folded in parts", async (device) => {
    const n = 300_010;
    const values = Float32Array.from({ length: n }, (_, i) => ((i * 7919) % 1013) / 1013 - 0.25);
    values[123_456] = 5;
    values[234_567] = -5;
    const x = tensor(values, { device });
    const total = values.reduce((sum, value) => sum + value, 0);
    expect(Math.abs((await x.sum().item()) - total)).toBeLessThan(Math.abs(total) * 1e-6);
    expect(Math.abs((await x.mean().item()) - total / n)).toBeLessThan(1e-7);
    expect(await x.max().item()).toBe(5);
    expect(await x.min().item()).toBe(-5);
    expect(await x.argmax().item()).toBe(123_456);
    expect(await x.argmin().item()).toBe(234_567);
    const rows = await x.slice(1).reshape([3, -1]).sum(1).array();
    const expected = [0, 1, 2].map((row) =>
      values.subarray(1 + row * 100_003, 1 + (row + 1) * 100_003).reduce((sum, value) => sum + value, 0),
    );
    expect(await allClose(tensor(rows, { device }), expected, { rtol: 1e-5 })).toBe(true);
    const dot = await x.matmul(x).item();
    expect(Math.abs(dot / values.reduce((sum, value) => sum + value * value, 0) - 1)).toBeLessThan(1e-5);
  });

  eachDevice("workgroups beyond the limit of one dimension are folded into two", async (device) => {
    const n = 64 * 65_535 + 100;
    const x = arange(n, { device }).add(1);
    expect(await x.slice(n - 3).array()).toEqual([n - 2, n - 1, n]);
    expect(await x.slice(64 * 65_535 - 1, 64 * 65_535 + 1).array()).toEqual([64 * 65_535, 64 * 65_535 + 1]);
    const rows = arange(140_000, { device }).reshape([70_000, 2]);
    expect(await rows.argmax(1).sum().item()).toBe(70_000);
    expect(await rows.sum(1).slice(-2).array()).toEqual([279_993, 279_997]);
  });

  eachDevice("log is within 2 ulp from the smallest number to the largest", async (device) => {
    const near = Array.from({ length: 2001 }, (_, i) => 1 + (i - 1000) * 2 ** -20);
    const far = Array.from({ length: 8000 }, (_, i) => 2 ** (-125.9 + i * 0.03171));
    const x = Float32Array.from([...near, ...far]);
    const y = await tensor(x, { device }).log().data();
    const apart = Array.from(x, (value, i) => Math.abs(y[i]! - Math.log(value)) / ulpOf(Math.log(value)));
    expect(apart.reduce((a, b) => Math.max(a, b))).toBeLessThan(2);
  });

  eachDevice("rank 8 can be transposed, sliced, broadcast and summed", async (device) => {
    const x = arange(256, { device }).reshape([2, 2, 2, 2, 2, 2, 2, 2]);
    const back = x.transpose().slice([0, 0, 0, 0, 0, 0, 0, 1]).transpose();
    expect(await back.reshape([-1]).array()).toEqual(await arange(128, { device }).add(128).array());
    const sums = x.sum([1, 3, 5, 7]).reshape([-1]);
    const expected = Array.from({ length: 16 }, (_, i) => {
      const base = [3, 2, 1, 0].reduce((sum, bit) => sum + ((i >> bit) & 1) * 2 ** (2 * bit + 1), 0);
      return 16 * base + 8 * (1 + 4 + 16 + 64);
    });
    expect(await sums.array()).toEqual(expected);
    expect(
      await x
        .add(x.slice([0, 0, 0, 0, 0, 0, 0, 1]))
        .sum()
        .item(),
    ).toBe(255 * 128 + 2 * (256 * 64));
  });

  eachDevice("matrices of sizes that are no multiple of a block are multiplied completely", async (device) => {
    for (const [n, k, m] of [
      [65, 129, 67],
      [4, 300, 130],
      [130, 300, 4],
      [1, 1000, 1],
      [31, 1, 33],
    ] as const) {
      const a = Float32Array.from({ length: n * k }, (_, i) => ((i * 31) % 17) - 8);
      const b = Float32Array.from({ length: k * m }, (_, i) => ((i * 37) % 13) - 6);
      const expected = new Float32Array(n * m);
      for (let row = 0; row < n; row++) {
        for (let step = 0; step < k; step++) {
          for (let column = 0; column < m; column++)
            expected[row * m + column]! += a[row * k + step]! * b[step * m + column]!;
        }
      }
      const product = tensor(a, { device, shape: [n, k] }).matmul(tensor(b, { device, shape: [k, m] }));
      // Small integers are exact in float32, in any order of addition.
      expect(await product.data()).toEqual(expected);
    }
  });

  eachDevice("the matrices of a batch are multiplied separately, even if a long depth is split", async (device) => {
    // Depths that are not divisible into parts: beyond a matrix lies the next one.
    const a = random.integers([2, 3, 1000], -8, 9, { key: random.key(1), device }).cast("float32");
    const b = random.integers([2, 1000, 5], -8, 9, { key: random.key(2), device }).cast("float32");
    const single = [0, 1].map((i) =>
      a
        .slice(i, i + 1)
        .reshape([3, 1000])
        .matmul(b.slice(i, i + 1).reshape([1000, 5])),
    );
    expect(await a.matmul(b).array()).toEqual(await ops.stack(single).array());
    expect(await a.to("CPU:0").matmul(b.to("CPU:0")).array()).toEqual(await ops.stack(single).array());
  });
});

/** Ops whose windows slide over images. */
describe("windows", () => {
  eachDevice("a window that does not fit or is invalid throws at the call", (device) => {
    const images = ones([1, 3, 3, 2], { device });
    const kernel = ones([2, 2, 2, 4], { device });
    const cases: [() => unknown, string][] = [
      [() => images.conv2d(ones([2, 2, 3, 4], { device })), "got [1, 3, 3, 2] and [2, 2, 3, 4]"],
      [() => images.reshape([3, 6]).conv2d(kernel), "got [3, 6] and [2, 2, 2, 4]"],
      [
        () => images.conv2d(kernel, { dilationRate: 3 }),
        'conv2d: expected images of at least 4 x 4, got [1, 3, 3, 2]. Use a smaller window or padding "same".',
      ],
      [
        () => images.conv2d(kernel, { strides: 0 }),
        "expected strides that is a whole number >= 1, or two of them, got 0",
      ],
      [() => images.conv2d(kernel, { padding: "full" as "same" }), 'expected padding "valid" or "same", got "full"'],
      [() => images.maxPool2d({ poolSize: [1, 2, 3] }), "a window size"],
      [() => images.reshape([9, 2]).avgPool2d(), "expected images [batch, height, width, channels], got [9, 2]"],
      [() => images.topK(3), "topK: expected k from 0 to 2, got 3"],
    ];
    for (const [run, message] of cases) expect(errorOf(run).message).toContain(message);
  });

  eachDevice("a convolution with too many patches for one tensor is computed in parts", async (device) => {
    const images = random.uniform([3, 64, 64, 1], -1, 1, { device });
    const kernel = random.uniform([64, 64, 1, 1], -1, 1, { device });
    const all = images.conv2d(kernel, { padding: "same" });
    const last = images.slice([2]).conv2d(kernel, { padding: "same" });
    expect(all.shape).toEqual([3, 64, 64, 1]);
    expect(await allClose(all.slice([2]), last, { atol: 1e-3 })).toBe(true);
  });
});

describe("places", () => {
  eachDevice("to() the same device returns the same object", (device) => {
    const x = ones([2], { device });
    expect(x.to(device)).toBe(x);
    expect(errorOf(() => x.to("GPU:7"))).toBeInstanceOf(DeviceError);
  });

  eachDevice("allClose follows NumPy's rule and broadcasts", async (device) => {
    const x = tensor([1, 2, 3], { device });
    const close = (other: TensorData, tolerances = {}) => allClose(x, other, tolerances);
    expect(
      await Promise.all([
        close([1, 2, 3]),
        close([1, 2, 3.00002]),
        close([1, 2, 3.0001]),
        close([1.05, 2.05, 3.05], { atol: 0.1 }),
      ]),
    ).toEqual([true, true, false, true]);
    expect(
      await Promise.all([
        close(2, { rtol: 0.5 }),
        close(2, { rtol: 0.4 }),
        close([
          [1, 2, 3],
          [1, 2, 3],
        ]),
        close([
          [1, 2, 3],
          [1, 2, 4],
        ]),
      ]),
    ).toEqual([true, false, true, false]);
    const broken = tensor([Infinity, NaN], { device });
    expect(await allClose(broken.slice(0, 1), [Infinity])).toBe(true);
    expect(await allClose(broken.slice(0, 1), [-Infinity])).toBe(false);
    expect(await allClose(broken.slice(0, 1), [1e38], { rtol: 10 })).toBe(false);
    expect(await allClose(broken, broken)).toBe(false);
    await expect(allClose(x, [1, 2])).rejects.toBeInstanceOf(ShapeError);
  });

  if (testDevices.length < 2) return;

  test("an error for tensors of two devices names both, and the remedy", async () => {
    await openTestDevices();
    const error = errorOf(() => ones([2], { device: "GPU:0" }).add(ones([2], { device: "CPU:0" })));
    expect(error).toBeInstanceOf(DeviceError);
    expect(error.message).toBe(
      'add: expected tensors of one device, got GPU:0 and CPU:0. Copy one of them first: .to("CPU:0").',
    );
  });

  test("ops queue behind a pending copy, in both directions", async () => {
    await openTestDevices();
    const x = tensor([1, 2, 3], { device: "GPU:0" });
    const pending = x.mul(2).to("CPU:0");
    const after = pending.add(1).matmul(pending);
    const other = tensor([5], { device: "CPU:0" }).mul(3);
    const back = after.to("GPU:0").add(1);
    pending.dispose();
    expect([pending.device, after.device, back.device]).toEqual(["CPU:0", "CPU:0", "GPU:0"]);
    expect(await back.item()).toBe(3 * 2 + 5 * 4 + 7 * 6 + 1);
    expect(await other.item()).toBe(15);
  });

  test("values that are read or copied back and forth keep every bit", async () => {
    await openTestDevices();
    const values = Float32Array.of(1e-45, -0, Infinity, -Infinity, NaN, 3.4028234e38, 1.1754944e-38, 0.1);
    const copy = await tensor(values, { device: "CPU:0" }).to("GPU:0").to("CPU:0").to("GPU:0").data();
    expect(new Uint32Array(copy.buffer)).toEqual(new Uint32Array(values.buffer));
  });
});

/** Returns the gradients of the sum of `f` by each input. */
async function gradientsAt(f: (...inputs: Tensor[]) => Tensor, inputs: readonly TensorData[], device: string) {
  const scope = openScope("test", { recording: true });
  const tensors = inputs.map((values) => tensor(values, { device }));
  const gradients = gradientsOf(f(...tensors).sum(), tensors);
  closeScope(scope, gradients);
  return Promise.all(gradients.map(async (gradient) => gradient?.array()));
}

describe("gradients", () => {
  eachDevice("gradients at kinks and ties follow the rule that the op documents", async (device) => {
    const cases: [string, (...inputs: Tensor[]) => Tensor, TensorData[], unknown[]][] = [
      ["relu at 0", (x) => x.relu(), [[0, 1, -1]], [[0, 1, 0]]],
      ["abs at 0", (x) => x.abs(), [[0, 2, -2]], [[0, 1, -1]]],
      ["max of equals", (x) => x.max(), [[3, 1, 3, 3]], [[1 / 3, 0, 1 / 3, 1 / 3].map(Math.fround)]],
      [
        "min along an axis",
        (x) => x.min(1),
        [
          [
            [1, 1],
            [2, 3],
          ],
        ],
        [
          [
            [0.5, 0.5],
            [1, 0],
          ],
        ],
      ],
      [
        "maximum of equals",
        (a, b) => a.maximum(b),
        [
          [1, 2],
          [1, 3],
        ],
        [
          [1, 0],
          [0, 1],
        ],
      ],
      [
        "minimum of equals",
        (a, b) => a.minimum(b),
        [
          [1, 2],
          [1, 3],
        ],
        [
          [1, 1],
          [0, 0],
        ],
      ],
      ["clip at its bounds", (x) => x.clip(-1, 2), [[-1, 2, 3, -2]], [[1, 1, 0, 0]]],
      ["pow of 0", (x) => x.pow(2), [[0, 3]], [[0, 6]]],
      [
        "pow by 0",
        (x, y) => x.pow(y),
        [
          [0, 2],
          [1, 0],
        ],
        [
          [1, 0],
          [0, Math.fround(Math.LN2)],
        ],
      ],
      [
        "maxPool2d at ties and NaN",
        (x) => x.reshape([1, 2, 3, 1]).maxPool2d({ strides: 1 }),
        [[2, 2, 0, 1, NaN, NaN]],
        [[0, 0, 0, 0, 2, 0]],
      ],
      ["topK at ties", (x) => x.topK(2).values, [[1, 3, 3, 3]], [[0, 1, 1, 0]]],
      ["where, of what it chose", (x) => x.greater(1).where(x.log(), 0), [[1, 2, 4]], [[0, 0.5, 0.25]]],
      ["stopGradient", (x) => x.mul(x.stopGradient()), [[2, 3]], [[2, 3]]],
      ["a comparison", (x) => x.greater(1), [[2, 3]], [undefined]],
      ["a value used three times", (x) => x.mul(x).add(x), [[2, -3]], [[5, -5]]],
    ];
    for (const [name, f, inputs, expected] of cases) {
      const found = await gradientsAt(f, inputs, device);
      expect(found.length, name).toBe(expected.length);
      for (const [index, gradient] of found.entries()) {
        if (expected[index] === undefined) expect(gradient, name).toBeUndefined();
        else
          expect(
            await allClose(gradient as TensorData, expected[index] as TensorData, { rtol: 1e-6 }),
            `${name}: ${JSON.stringify(gradient)}`,
          ).toBe(true);
      }
    }
  });
});

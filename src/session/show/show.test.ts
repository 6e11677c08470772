import { expect, test } from "vitest";
import { deviceInfo } from "../../device/open";
import { full, ones, tensor, zeros } from "../../tensor/creation";
import { Parameter } from "../../tensor/parameter";
import { dense } from "../../nn/blocks/dense";
import { sequential } from "../../nn/blocks/sequential";
import "../../tensor/ops/methods";
import { images } from "./images";
import type { Output } from "../../protocol/protocol";
import { showPrinted, showValue } from "./show";

async function printed(...values: unknown[]): Promise<Output> {
  return (await showPrinted(values)).output;
}

function text(line: string): Output {
  return { type: "text", text: line };
}

test("print writes strings unquoted and everything else like a console, in one line", async () => {
  expect(await printed("a", 1, { b: ["c"] }, null)).toEqual(text('a 1 { b: ["c"] } null\n'));
  expect(await printed()).toEqual(text("\n"));
});

test("print writes a scalar tensor as its number, next to other values", async () => {
  expect(await printed("loss", full([], 0.5))).toEqual(text("loss 0.5000\n"));
  expect(await printed(full([], 2, { dtype: "int32" }))).toEqual(text("2\n"));
});

test("print puts a text of several lines on separate lines", async () => {
  const x = tensor([
    [1, 2],
    [3, 4],
  ]);
  expect(await printed("x", x, "done")).toEqual(text("x\n[[1, 2],\n [3, 4]]\ndone\n"));
});

test("print uses the values at the time of the call", async () => {
  const list = [1];
  const parameter = new Parameter("w", ones([2]));
  const freed = ones([2]);
  const shown = Promise.all([printed(list), printed("w", parameter), printed("freed", freed)]);
  list.push(2);
  parameter.assign(zeros([2]));
  freed.dispose();
  expect(await shown).toEqual([text("[1]\n"), text("w [1, 1]\n"), text("freed [1, 1]\n")]);
});

test("device information is shown as such, alone or in a list; an object like it is not", async () => {
  const info = deviceInfo("CPU:0");
  expect(await showValue(info)).toEqual({ output: { type: "devices", devices: [info] } });
  expect(await showValue([info, info])).toEqual({ output: { type: "devices", devices: [info, info] } });
  expect(await printed(info)).toEqual({ type: "devices", devices: [info], printed: true });
  expect((await showValue({ ...info, more: 1 })).output.type).toBe("value");
  expect((await showValue([info, 1])).output.type).toBe("value");
});

test("a tensor is shown with its first values and the statistics of all", async () => {
  const shown = await showValue(full([5000], 3, { dtype: "int32" }));
  expect(shown.output).toEqual({
    type: "tensor",
    tensor: {
      shape: [5000],
      dtype: "int32",
      device: "CPU:0",
      values: Array.from({ length: 4096 }, () => 3),
      truncated: true,
      statistics: { size: 5000, min: 3, max: 3, mean: 3, std: 0, zeros: 0, nan: 0, infinite: 0, histogram: [5000] },
    },
  });
  expect((await printed(zeros([2]))).type).toBe("tensor");
});

test("a freed tensor cannot be shown, with the reason", async () => {
  const x = ones([2]);
  x.dispose();
  await expect(showValue(x)).rejects.toThrow("dispose() freed");
});

test("a model and its summary are shown as a table", async () => {
  const net = sequential([dense(3), dense(2)]);
  net.call(ones([1, 4]));
  const expected: Output = {
    type: "summary",
    summary: [
      { path: "0", depth: 0, kind: "Dense", outputShape: [null, 3], count: 15, trainable: true },
      { path: "1", depth: 0, kind: "Dense", outputShape: [null, 2], count: 8, trainable: true },
    ],
    totals: { total: 23, trainable: 23, frozen: 0 },
  };
  expect([(await showValue(net)).output, (await showValue(net.summary())).output]).toEqual([expected, expected]);
  expect(await printed(net)).toEqual({ ...expected, printed: true });
});

test("a list of weight rows is shown as their report", async () => {
  const rows = [{ file: "w", path: "w", fileShape: [2], shape: [2], status: "match" }];
  expect((await showValue(rows)).output).toEqual({ type: "weights", rows });
  expect((await showValue([{ ...rows[0], more: 1 }])).output.type).toBe("value");
});

test("tensors and models inside a value are named, not written out", async () => {
  expect((await showValue([ones([2, 3]), { net: dense(3) }])).output).toEqual({
    type: "value",
    text: "[Tensor(shape=[2, 3], dtype=float32, device=CPU:0), { net: Dense(not built yet) }]",
  });
});

test("a text that is too long is truncated and keeps its line break", async () => {
  const { text: long } = (await printed("x".repeat(1e6))) as Extract<Output, { type: "text" }>;
  expect([long.length, long.endsWith("x ...\n")]).toEqual([200_000, true]);
});

test("images are shown as bytes, with labels and the softmax of the scores", async () => {
  const x = tensor([[[[0], [0.5]]], [[[1], [NaN]]], [[[-1], [2]]]]);
  const scores = tensor([
    [0, 0],
    [0, Math.log(3)],
    [1000, 0],
  ]);
  const { output, transfer } = await showValue(images(x, { labels: [0, 1, 1], scores, classNames: ["a", "b"] }));
  const pixels = Uint8Array.from([0, 128, 255, 0, 0, 255]);
  expect(output).toEqual({
    type: "images",
    images: {
      count: 3,
      height: 1,
      width: 2,
      channels: 1,
      pixels,
      classNames: ["a", "b"],
      labels: [0, 1, 1],
      probabilities: [
        [0.5, 0.5],
        [expect.closeTo(0.25, 6), expect.closeTo(0.75, 6)],
        [1, 0],
      ],
    },
  });
  expect(transfer).toHaveLength(1);
});

test("images show probabilities as they are", async () => {
  const scores = tensor([
    [0.25, 0.75],
    [1, 0],
    [0.5, 0.6],
  ]);
  const { output } = await showValue(images(zeros([3, 1, 1, 1]), { scores }));
  expect(output).toMatchObject({
    images: {
      probabilities: [
        [0.25, 0.75],
        [1, 0],
        [expect.closeTo(0.475, 3), expect.closeTo(0.525, 3)],
      ],
    },
  });
});

test("images accept labels as a tensor, and of many show the first", async () => {
  const labels = tensor(new Int32Array(1000).fill(7));
  const { output } = await showValue(images(zeros([1000, 1, 1, 3]), { labels }));
  expect(output).toEqual({
    type: "images",
    images: {
      count: 256,
      height: 1,
      width: 1,
      channels: 3,
      pixels: new Uint8Array(768),
      classNames: [],
      labels: Array.from({ length: 256 }, () => 7),
      probabilities: [],
    },
  });
});

test("images of other shapes are rejected by the call, with a remedy", () => {
  expect(() => images(zeros([8, 8]))).toThrow("Use reshape([count, height, width, 1]) for grey images.");
  expect(() => images(zeros([2, 8, 8, 2]))).toThrow("expected x of shape [count, height, width, 1 or 3]");
  expect(() => images(zeros([2, 8, 8, 1]), { scores: zeros([3, 10]) })).toThrow("expected scores [2, classes]");
  expect(() => images(zeros([2, 8, 8, 1]), { labels: [1] })).toThrow("expected 2 labels, got 1");
});

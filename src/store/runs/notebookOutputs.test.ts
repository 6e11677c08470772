import { expect, test } from "vitest";
import type { DeviceDescription, Output, TensorSnapshot } from "../../protocol/protocol";
import { notebookOutputs } from "./notebookOutputs";
import type { CellRun } from "./runState";

const statistics = { size: 2, min: 1, max: 2, mean: 1.5, std: 0.5, zeros: 0, nan: 0, infinite: 0, histogram: [1, 1] };
const tensor: TensorSnapshot = {
  shape: [2],
  dtype: "float32",
  device: "GPU:0",
  values: [1, 2],
  truncated: false,
  statistics,
};
const text = "Tensor(shape=[2], dtype=float32, device=GPU:0)\n[1, 2]";

function outputsOf(...outputs: Output[]) {
  const run: CellRun = { status: "ok", outputs, run: 3, source: "", declared: [] };
  return notebookOutputs({ a: run }).get("a");
}

test("printed text is text on stdout, a last value is the cell's result", () => {
  expect(
    outputsOf(
      { type: "text", text: "hello\n" },
      { type: "text", text: "beware\n", level: "warning" },
      { type: "tensor", tensor, printed: true },
      { type: "value", text: "42" },
      { type: "error", error: { name: "ShapeError", message: "no" } },
    ),
  ).toEqual({
    executionCount: 3,
    outputs: [
      { output_type: "stream", name: "stdout", text: "hello\n" },
      { output_type: "stream", name: "stderr", text: "beware\n" },
      { output_type: "stream", name: "stdout", text: `${text}\n` },
      { output_type: "execute_result", execution_count: 3, metadata: {}, data: { "text/plain": "42" } },
      { output_type: "error", ename: "ShapeError", evalue: "no", traceback: ["ShapeError: no"] },
    ],
  });
  const result = outputsOf({ type: "tensor", tensor })?.outputs[0];
  expect(result).toMatchObject({ output_type: "execute_result", data: { "text/plain": text } });
});

test("a plot is a table of its values, with the complete data next to it", () => {
  const output: Output = {
    type: "plot",
    plot: {
      kind: "line",
      title: "Loss",
      xLabel: "step",
      yLabel: "mean squared error",
      logX: false,
      logY: true,
      x: [0, 1],
      categories: [],
      series: [
        { name: "a", y: [4, NaN] },
        { name: "b", y: [3, 2] },
      ],
    },
  };
  const table = "Loss (mean squared error)\nstep\ta\tb\n0\t4\t3\n1\tNaN\t2";
  expect(outputsOf(output)?.outputs[0]).toMatchObject({
    data: {
      "text/plain": table,
      "application/vnd.weightroom.v1+json": { plot: { series: [{ y: [4, "NaN"] }, { y: [3, 2] }] } },
    },
  });
  expect(outputsOf({ ...output, printed: true })?.outputs[0]).toMatchObject({ name: "stdout", text: `${table}\n` });
});

test("a device is its numbers in lines", () => {
  const device: DeviceDescription = {
    device: "GPU:0",
    vendor: "v",
    architecture: "a",
    description: "",
    software: true,
    limits: { maxTensorBytes: 128 },
    features: ["f"],
    bytesInUse: 4,
    peakBytes: 8,
    buffers: 1,
    dispatches: 2,
  };
  expect(outputsOf({ type: "devices", devices: [device] })?.outputs[0]).toMatchObject({
    data: {
      "text/plain": [
        "GPU:0: v a (software)",
        "  4 bytes in use, 8 at most; 1 buffers, 2 dispatches",
        "  maxTensorBytes 128",
        "  features: f",
      ].join("\n"),
    },
  });
});

test("a list of tensors is text under their names, with the complete data next to it", () => {
  const output: Output = { type: "tensors", tensors: [{ ...tensor, name: "0/bias" }, tensor] };
  expect(outputsOf(output)?.outputs).toEqual([
    {
      output_type: "execute_result",
      execution_count: 3,
      metadata: {},
      data: {
        "text/plain": `0/bias: ${text}\n${text}`,
        "application/vnd.weightroom.v1+json": output,
      },
    },
  ]);
});

import { expect, test } from "vitest";
import type { Output, TensorSnapshot } from "../session/protocol";
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

test("what print showed is text on stdout, a last value is the cell's result", () => {
  expect(
    outputsOf(
      { type: "text", text: "hello\n" },
      { type: "tensor", tensor, printed: true },
      { type: "value", text: "42" },
      { type: "error", error: { name: "ShapeError", message: "no" } },
    ),
  ).toEqual({
    executionCount: 3,
    outputs: [
      { output_type: "stream", name: "stdout", text: "hello\n" },
      { output_type: "stream", name: "stdout", text: `${text}\n` },
      { output_type: "execute_result", execution_count: 3, metadata: {}, data: { "text/plain": "42" } },
      { output_type: "error", ename: "ShapeError", evalue: "no", traceback: ["ShapeError: no"] },
    ],
  });
  const result = outputsOf({ type: "tensor", tensor })?.outputs[0];
  expect(result).toMatchObject({ output_type: "execute_result", data: { "text/plain": text } });
});

test("a list of tensors is text under their names, and all of it beside that", () => {
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

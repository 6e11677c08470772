import { expect, test } from "vitest";
import { Parameter } from "../../tensor/parameter";
import { ones, tensor, zeros } from "../../tensor/creation";
import "../../tensor/ops/methods";
import type { TensorSnapshot } from "../../protocol/protocol";
import { showPrinted, showValue } from "./show";
import { statisticsOf } from "./statistics";

function snapshot(values: number[], name?: string): TensorSnapshot {
  return {
    ...(name !== undefined && { name }),
    shape: [values.length],
    dtype: "float32",
    device: "CPU:0",
    values,
    truncated: false,
    statistics: statisticsOf(Float32Array.from(values)),
  };
}

test("a list of weights is shown as tensors with their paths, with the values at the time of the call", async () => {
  const kernel = new Parameter("kernel", ones([2]), { path: "2/kernel" });
  const shown = showValue([kernel, tensor([3, 4])]);
  kernel.assign(zeros([2]));
  expect((await shown).output).toEqual({
    type: "tensors",
    tensors: [snapshot([1, 1], "2/kernel"), snapshot([3, 4])],
  });
});

test("named tensors are shown with their names, from a Map as from an object", async () => {
  const tensors = [snapshot([1], "a"), snapshot([2], "b")];
  const x = tensor([1]);
  const y = tensor([2]);
  for (const value of [new Map(Object.entries({ a: x, b: y })), { a: x, b: y }])
    expect((await showValue(value)).output).toEqual({ type: "tensors", tensors });
  expect((await showPrinted([{ a: x, b: y }])).output).toEqual({ type: "tensors", tensors, printed: true });
});

test("a list of anything else, an empty one and a very long one remain text", async () => {
  const x = tensor([1]);
  const getter = {
    get x() {
      return x;
    },
  };
  const types = await Promise.all(
    [[], {}, getter, [x, 1], { x, n: 1 }, [[x]], Array.from({ length: 65 }, () => x)].map(
      async (value) => (await showValue(value)).output.type,
    ),
  );
  expect(types).toEqual(Array(7).fill("value"));
});

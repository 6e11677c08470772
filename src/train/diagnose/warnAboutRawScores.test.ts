import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { activation, dense, losses, ones, sequential, tensor, type Tensor, zeros } from "../../index";
import type { CompileOptions } from "../trainingConfig";

const warn = vi.spyOn(console, "warn");
beforeEach(() => void warn.mockReset());
afterEach(() => void warn.mockReset());

const x = ones([6, 4]);
const classes = tensor([0, 1, 2, 0, 1, 2]).cast("int32");

/** Returns the warnings of training a net whose last layer is linear or has softmax. */
async function warnings(loss: CompileOptions["loss"], softmax: boolean, y: Tensor = classes) {
  const net = sequential([dense(3, { biasInitializer: () => tensor([1, 2, 4]) })]);
  if (softmax) net.add(activation("softmax"));
  net.compile({ loss });
  await net.fit(x, y, { batchSize: 3 });
  await net.fit(x, y, { batchSize: 3 });
  return warn.mock.calls.map(([sentence]) => String(sentence));
}

test("scores instead of probabilities cause one warning with a remedy", async () => {
  const said = await warnings("sparseCategoricalCrossentropy", false);
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(
    /^fit\(\): sparseCategoricalCrossentropy expects probabilities, .* got values from \S+ to \S+\./,
  );
  expect(said[0]).toContain("losses.sparseCategoricalCrossentropy(yTrue, yPred, { fromLogits: true })");
});

test("so do scores with one-hot rows, and rows in [0, 1] that do not sum to 1", async () => {
  expect(await warnings("categoricalCrossentropy", false, classes.oneHot(3))).toHaveLength(1);
  warn.mockReset();
  const net = sequential([dense(3, { kernelInitializer: (shape) => zeros(shape), activation: "sigmoid" })]);
  net.compile({ loss: losses.categoricalCrossentropy });
  await net.fit(x, classes.oneHot(3));
  expect(warn).toHaveBeenCalledTimes(1);
});

test("probabilities, a loss of scores and other losses cause no warning", async () => {
  expect(await warnings("sparseCategoricalCrossentropy", true)).toEqual([]);
  const fromLogits = (yTrue: Tensor, yPred: Tensor) =>
    losses.sparseCategoricalCrossentropy(yTrue, yPred, { fromLogits: true });
  expect(await warnings(fromLogits, false)).toEqual([]);
  expect(await warnings("meanSquaredError", false, classes.oneHot(3).cast("float32"))).toEqual([]);
});

import { beforeAll, expect, test, vi } from "vitest";
import { dense, losses, optimizers, Parameter, random, sequential, setSeed, type Tensor, zeros } from "../../../index";
import { open } from "../../open";
import { assume } from "./assumptions";

/** Every pipeline requested so far. */
const compiling: Promise<GPUComputePipeline>[] = [];

beforeAll(async () => {
  assume({ dispatchCost: Infinity });
  const original = Reflect.get(GPUDevice.prototype, "createComputePipelineAsync");
  vi.spyOn(GPUDevice.prototype, "createComputePipelineAsync").mockImplementation(function (
    this: GPUDevice,
    descriptor,
  ) {
    const pipeline = original.call(this, descriptor);
    compiling.push(pipeline);
    return pipeline;
  });
  expect(await open()).toBe("ready");
});

/** Number of pipelines after the first step of the last run. */
let soon = 0;

/**
 * Trains a few steps and returns the losses and the last kernel as bits.
 * @param between awaited after step 8
 */
async function trainedBits(x: Tensor, y: Tensor, between: () => Promise<unknown>): Promise<number[]> {
  setSeed(3);
  const net = sequential([dense(256, { activation: "relu" }), dense(10)]);
  net.build([null, 784]);
  const loss = new Parameter("loss", zeros([]), { state: true });
  const step = await optimizers.adam().recorded(() => {
    const found = losses.sparseCategoricalCrossentropy(y, net.call(x), { fromLogits: true });
    loss.assign(found);
    return found;
  }, net);
  const seen: Float32Array[] = [];
  for (let index = 0; index < 12; index++) {
    step.run(1, () => undefined);
    seen.push((await loss.data()) as Float32Array);
    if (index === 0) soon = compiling.length;
    if (index === 7) await between();
  }
  seen.push((await net.weights[0]!.data()) as Float32Array);
  return seen.flatMap((values) => [...new Uint32Array(Float32Array.from(values).buffer)]);
}

test("larger blocks replace the first ones in the middle of a run without changing a bit", async () => {
  const x = random.normal([128, 784]);
  const y = random.integers([128], 0, 10);
  let first = 0;
  // The first run uses small blocks for at least eight steps. The second finds the large ones compiled.
  const changed = await trainedBits(x, y, async () => {
    first = compiling.length;
    expect(first).toBeGreaterThan(soon);
    await Promise.all(compiling);
  });
  const fast = await trainedBits(x, y, async () => undefined);
  expect(compiling.length).toBe(first);
  // Not `toEqual`: its report of 200,000 numbers would take minutes.
  expect(changed.findIndex((bits, index) => bits !== fast[index])).toBe(-1);
});

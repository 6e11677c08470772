import { beforeAll, expect, test, vi } from "vitest";
import { deviceInfo, open } from "../../device/open";
import { assume } from "../../device/webgpu/program/assumptions";
import { dense, losses, optimizers, random, sequential } from "../../index";
import { rowsAt } from "../../tensor/ops/rowsAt";
import { type CallCounts, countingGpu } from "../../testing/countingDevice";

const { gpu, counts } = countingGpu();

beforeAll(async () => {
  assume({ dispatchCost: Infinity });
  expect(await open(gpu)).toBe("ready");
});

/** Returns the numbers of API calls that `run` made. */
async function countedIn(run: () => Promise<unknown>): Promise<CallCounts> {
  const before = { ...counts };
  await run();
  const after = Object.entries(counts).map(([name, count]) => [name, count - (before[name] ?? 0)] as const);
  return Object.fromEntries(after.filter(([, count]) => count > 0));
}

test("a step of 784-256-10 with Adam is six dispatches, one pass, one submit and one small upload", async () => {
  const net = sequential([dense(256, { activation: "relu" }), dense(10)]);
  const x = random.normal([128, 784]);
  const y = random.integers([128], 0, 10);
  const optimizer = optimizers.adam();
  const step = () =>
    optimizer.minimize(() => losses.sparseCategoricalCrossentropy(y, net.call(x), { fromLogits: true }), net);
  for (let warm = 0; warm < 8; warm++) await step();
  // Waits until the parts with joined jobs have replaced those that compiled sooner.
  await vi.waitFor(async () => expect((await countedIn(step))["GPUComputePassEncoder.dispatchWorkgroups"]).toBe(6), {
    timeout: 20_000,
  });
  const { buffers, bytesInUse } = deviceInfo("GPU:0");
  const steps = 10;
  const calls = await countedIn(async () => {
    for (let i = 0; i < steps; i++) await step();
  });
  expect(calls).toMatchObject({
    "GPUComputePassEncoder.dispatchWorkgroups": 6 * steps,
    "GPUCommandEncoder.beginComputePass": steps,
    "GPUQueue.submit": steps,
    "GPUQueue.writeBuffer": steps,
  });
  for (const made of ["createBuffer", "createBindGroup", "createComputePipelineAsync", "createShaderModule"])
    expect(calls[`GPUDevice.${made}`]).toBeUndefined();
  // The counts may shrink when the garbage collector frees earlier tensors.
  expect(deviceInfo("GPU:0").buffers).toBeLessThanOrEqual(buffers);
  expect(deviceInfo("GPU:0").bytesInUse).toBeLessThanOrEqual(bytesInUse);
});

test("any number of steps of a small net is one dispatch and one submit", async () => {
  const net = sequential([dense(8, { activation: "tanh" }), dense(8, { activation: "tanh" }), dense(1)]);
  const x = random.normal([256, 2]);
  const y = random.normal([256, 1]);
  const order = random.permutation(256);
  const start = { value: 0 };
  net.call(x);
  const optimizer = optimizers.adam();
  const step = await optimizer.recorded(
    () => losses.meanSquaredError(rowsAt(y, order, start, 32), net.call(rowsAt(x, order, start, 32))),
    net,
  );
  const steps = 100;
  const run = () => step.run(steps, (index) => void (start.value = (index * 32) % 256));
  run();
  await net.weights[0]!.data();
  const calls = await countedIn(async () => {
    run();
    await net.weights[0]!.data();
  });
  expect(calls["GPUComputePassEncoder.dispatchWorkgroups"]).toBe(1);
  expect(calls["GPUQueue.submit"]).toBe(1);
  expect(calls["GPUDevice.createBuffer"]).toBeUndefined();
});

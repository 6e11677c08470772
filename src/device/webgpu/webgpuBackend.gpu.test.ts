import { beforeAll, expect, test } from "vitest";
import { tensor, zeros } from "../../tensor/creation";
import "../../tensor/ops/methods";
import type { Tensor } from "../../tensor/tensor";
import { type CallCounts, countingGpu } from "../../testing/countingDevice";
import { deviceInfo, open } from "../open";

const { gpu, counts } = countingGpu();

beforeAll(async () => {
  expect(await open(gpu)).toBe("ready");
});

/** Applies `x + 1` `times` times and frees each intermediate result. */
function addOnes(x: Tensor, times: number): Tensor {
  let result = x.add(1);
  for (let i = 1; i < times; i++) {
    const next = result.add(1);
    result.dispose();
    result = next;
  }
  return result;
}

/** Returns the numbers of API calls that `run` made. */
async function countedIn(run: () => Promise<unknown>): Promise<CallCounts> {
  const before = { ...counts };
  await run();
  const after = Object.entries(counts).map(([name, count]) => [name, count - (before[name] ?? 0)] as const);
  return Object.fromEntries(after.filter(([, count]) => count > 0));
}

test("1,000 ops reuse buffers and pipelines, and write uniforms once per submit", async () => {
  const x = zeros([100]);
  const warm = addOnes(x, 5);
  await warm.data();
  warm.dispose();
  const { buffers, bytesInUse } = deviceInfo("GPU:0");

  const calls = await countedIn(async () => {
    const last = addOnes(x, 1000);
    expect((await last.data())[99]).toBe(1000);
    last.dispose();
  });

  // 2,000 dispatches (the operand 1 is a tensor too) fill 8 batches of 256. The first read created the readback buffer.
  expect(calls["GPUDevice.createBuffer"]).toBeUndefined();
  expect(calls["GPUDevice.createShaderModule"]).toBeUndefined();
  expect(calls["GPUDevice.createComputePipelineAsync"]).toBeUndefined();
  expect(calls["GPUQueue.submit"]).toBe(8);
  // Beside the uniforms, at most 8 writes are nudges of the read.
  expect(calls["GPUQueue.writeBuffer"]).toBeLessThanOrEqual(16);
  expect(calls["GPUCommandEncoder.beginComputePass"]).toBe(8);
  expect(deviceInfo("GPU:0")).toMatchObject({ buffers, bytesInUse });
});

test("each shader is compiled once per dtypes, even when requested again during compilation", async () => {
  const x = tensor([1, 2, 3]);
  const calls = await countedIn(async () => {
    await Promise.all([x.sigmoid().data(), x.sigmoid().data(), x.sigmoid().data()]);
    await x.sigmoid().data();
  });
  expect(calls["GPUDevice.createComputePipelineAsync"]).toBe(1);
});

test("ops return while their shaders compile, and run in order", async () => {
  const x = tensor([1, 2, 3]);
  const before = counts["GPUQueue.submit"];
  const results = [x.softplus(), x.tanh().softplus(), x.floor().ceil().round()];
  expect(counts["GPUQueue.submit"]).toBe(before);
  expect(await results[2]!.array()).toEqual([1, 2, 3]);
  expect(await results[1]!.sub(x.tanh().softplus()).array()).toEqual([0, 0, 0]);
});

test("a tensor can be freed while queued work reads it", async () => {
  const x = tensor([1, 2, 3]);
  const y = x.mul(2);
  x.dispose();
  // Reuses the buffer that x released.
  const z = tensor([7, 7, 7]);
  expect(await y.array()).toEqual([2, 4, 6]);
  expect(await z.array()).toEqual([7, 7, 7]);
});

test("a shader that fails to compile rejects the next read, and the device keeps working", async () => {
  const { backendOf } = await import("../open");
  const backend = backendOf("GPU:0");
  const slot = backend.allocate(1, "float32", "test");
  const shader = {
    name: "broken",
    link: { file: "drivers/map", element: "fn element(i: u32) -> T {\n  return nothing;\n}" },
  };
  backend.run({
    shader: { ...shader, pack: () => new Uint32Array(44), reference: () => {} },
    inputs: [],
    result: slot,
    uniforms: {},
    workgroups: 1,
  });
  await expect(backend.read(slot)).rejects.toThrow("nothing");
  expect(await tensor([1]).add(1).array()).toEqual([2]);
});

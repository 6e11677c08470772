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

/** `x + 1` so many times, each result freed once the next is there. */
function addOnes(x: Tensor, times: number): Tensor {
  let result = x.add(1);
  for (let i = 1; i < times; i++) {
    const next = result.add(1);
    result.dispose();
    result = next;
  }
  return result;
}

/** What the API was asked for while `run` ran. */
async function countedIn(run: () => Promise<unknown>): Promise<CallCounts> {
  const before = { ...counts };
  await run();
  const after = Object.entries(counts).map(([name, count]) => [name, count - (before[name] ?? 0)] as const);
  return Object.fromEntries(after.filter(([, count]) => count > 0));
}

test("1,000 ops reuse their buffers and pipelines, and write their uniforms once a submit", async () => {
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

  // 2,000 dispatches (1 is a tensor too) are 8 batches of 256. The first read made the buffer that this one goes through.
  expect(calls["GPUDevice.createBuffer"]).toBeUndefined();
  expect(calls["GPUDevice.createShaderModule"]).toBeUndefined();
  expect(calls["GPUDevice.createComputePipelineAsync"]).toBeUndefined();
  expect(calls["GPUQueue.submit"]).toBe(8);
  // Beside them at most 8 words that make the wait for the read shorter.
  expect(calls["GPUQueue.writeBuffer"]).toBeLessThanOrEqual(16);
  expect(calls["GPUCommandEncoder.beginComputePass"]).toBe(8);
  expect(deviceInfo("GPU:0")).toMatchObject({ buffers, bytesInUse });
});

test("each shader is compiled once for its dtypes, however often it is asked for meanwhile", async () => {
  const x = tensor([1, 2, 3]);
  const calls = await countedIn(async () => {
    await Promise.all([x.sigmoid().data(), x.sigmoid().data(), x.sigmoid().data()]);
    await x.sigmoid().data();
  });
  expect(calls["GPUDevice.createComputePipelineAsync"]).toBe(1);
});

test("ops return while their shaders still compile, and keep their order", async () => {
  const x = tensor([1, 2, 3]);
  const before = counts["GPUQueue.submit"];
  const results = [x.softplus(), x.tanh().softplus(), x.floor().ceil().round()];
  expect(counts["GPUQueue.submit"]).toBe(before);
  expect(await results[2]!.array()).toEqual([1, 2, 3]);
  expect(await results[1]!.sub(x.tanh().softplus()).array()).toEqual([0, 0, 0]);
});

test("a tensor may be freed while work that reads it is queued", async () => {
  const x = tensor([1, 2, 3]);
  const y = x.mul(2);
  x.dispose();
  // Takes the buffer that x gave back.
  const z = tensor([7, 7, 7]);
  expect(await y.array()).toEqual([2, 4, 6]);
  expect(await z.array()).toEqual([7, 7, 7]);
});

test("a failed shader rejects the next read, and the device goes on", async () => {
  const { backendOf } = await import("../open");
  const backend = backendOf("GPU:0");
  const slot = backend.alloc(1, "float32", "test");
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

import { expect, test } from "vitest";
import { PipelineCache } from "./pipelines";

/** Returns a device that compiles nothing and records the code that it received. */
function fakeGpu() {
  const compiled: string[] = [];
  const gpu = {
    createBindGroupLayout: () => ({}),
    createPipelineLayout: () => ({}),
    createShaderModule: ({ code }: GPUShaderModuleDescriptor) => ({ code }),
    createComputePipelineAsync: async ({ compute }: GPUComputePipelineDescriptor) => {
      const { code } = compute.module as unknown as { code: string };
      if (code === "refused") throw new Error("refused");
      compiled.push(code);
      return {};
    },
    pushErrorScope: () => undefined,
    popErrorScope: async () => null,
  };
  return { gpu: gpu as unknown as GPUDevice, compiled };
}

test("each program is compiled once, below the limit", async () => {
  const { gpu, compiled } = fakeGpu();
  const cache = new PipelineCache(gpu);
  const [first, same] = await Promise.all([cache.ofJobs("a", 0), cache.ofJobs("a", 0)]);
  expect([first === same, await cache.ofJobs("a", 0)]).toEqual([true, first]);
  expect(compiled).toEqual(["a"]);
});

test("beyond the limit, the least recently used pipeline is evicted and compiled again", async () => {
  const { gpu, compiled } = fakeGpu();
  const cache = new PipelineCache(gpu, 2);
  for (const text of ["a", "b", "a", "c", "a", "b"]) await cache.ofJobs(text, 0);
  expect(compiled).toEqual(["a", "b", "c", "b"]);
});

test("a program that was rejected is compiled again on the next request", async () => {
  const { gpu } = fakeGpu();
  const cache = new PipelineCache(gpu);
  for (let time = 0; time < 2; time++) await expect(cache.ofJobs("refused", 0)).rejects.toThrow("refused");
});

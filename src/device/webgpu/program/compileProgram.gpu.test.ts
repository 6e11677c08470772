import { beforeAll, expect, test } from "vitest";
import { compileFunction, deviceInfo, random } from "../../../index";
import { open } from "../../open";

/** This realm's adapter, as if it were hardware: then products are tried before the first step. */
const hardware = {
  async requestAdapter(options?: GPURequestAdapterOptions) {
    const adapter = await navigator.gpu.requestAdapter(options);
    if (!adapter) return null;
    const { features, limits } = adapter;
    const info = { vendor: "test", architecture: "test", description: "", isFallbackAdapter: false };
    return { features, limits, info, requestDevice: (what: GPUDeviceDescriptor) => adapter.requestDevice(what) };
  },
} as unknown as GPU;

beforeAll(async () => {
  expect(await open(hardware)).toBe("ready");
  expect(deviceInfo("GPU:0").software).toBe(false);
});

test("a product on hardware is computed by a variant that was tried, or by one for long depths", async () => {
  for (const [rows, depth, columns] of [
    [128, 130, 256],
    [7, 600, 30],
  ] as const) {
    const [a, b] = [random.normal([rows, depth]), random.normal([depth, columns])];
    const product = compileFunction(() => a.matmul(b).add(1));
    (await product()).dispose();
    const got = (await product()).to("CPU:0");
    const expected = a.to("CPU:0").matmul(b.to("CPU:0")).add(1);
    expect(got.shape).toEqual([rows, columns]);
    expect(await got.sub(expected).abs().max().item()).toBeLessThan(depth * 2 ** -20);
  }
});

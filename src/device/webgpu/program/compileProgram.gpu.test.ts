import { beforeAll, expect, test } from "vitest";
import { compileFunction, deviceInfo, random } from "../../../index";
import { hardwareGpu } from "../../../testing/hardwareGpu";
import { open } from "../../open";

beforeAll(async () => {
  expect(await open(hardwareGpu)).toBe("ready");
  expect(deviceInfo("GPU:0").software).toBe(false);
});

test("on hardware, a product runs as a tuned variant, or as one for long depths", async () => {
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

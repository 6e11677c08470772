import { expect, test } from "vitest";
import { DeviceError, DeviceMemoryError } from "../base/errors";
import { ones, zeros } from "../tensor/creation";
import "../tensor/ops/methods";
import { configureLogicalDevices, device, deviceInfo, devices, tryAllGpus, tryGpu, withDevice } from "./open";

test("without a GPU the only device is CPU:0, and tryGpu() falls back to it", () => {
  expect(devices()).toEqual(["CPU:0"]);
  expect([tryGpu(), tryGpu(10), tryAllGpus()]).toEqual(["CPU:0", "CPU:0", ["CPU:0"]]);
  expect(() => device("GPU:1")).toThrow(
    'device: expected one of CPU:0, got "GPU:1". tryGpu() falls back to the CPU by itself.',
  );
  expect(() => configureLogicalDevices("GPU", 2)).toThrow("works on every machine");
  expect(() => configureLogicalDevices("TPU" as "GPU", 2)).toThrow('expected "CPU" or "GPU", got "TPU"');
});

test("logical devices can be added and removed, except one with live tensors", () => {
  expect(configureLogicalDevices("CPU", 3)).toEqual(["CPU:0", "CPU:1", "CPU:2"]);
  expect(devices()).toEqual(["CPU:0", "CPU:1", "CPU:2"]);
  const x = ones([2, 3], { device: "CPU:2" });
  expect(() => configureLogicalDevices("CPU", 2)).toThrow("got 2, while tensors live on CPU:2. Dispose of them first");
  for (const count of [0, -1, 1.5, NaN]) expect(() => configureLogicalDevices("CPU", count)).toThrow("a count >= 1");
  expect(() => withDevice("CPU:1", () => configureLogicalDevices("CPU", 1))).toThrow(DeviceError);
  expect(devices()).toEqual(["CPU:0", "CPU:1", "CPU:2"]);
  x.dispose();
  expect(configureLogicalDevices("CPU", 2)).toEqual(["CPU:0", "CPU:1"]);
});

test("each device counts its own bytes, which rise with a tensor and fall when it is disposed of", () => {
  configureLogicalDevices("CPU", 2);
  const before = [deviceInfo("CPU:0"), deviceInfo("CPU:1")];
  const x = zeros([100, 250], { device: "CPU:1" });
  expect(deviceInfo("CPU:0")).toEqual(before[0]);
  expect(deviceInfo("CPU:1")).toEqual({
    device: "CPU:1",
    vendor: "",
    architecture: "",
    description: expect.stringMatching(/^JavaScript/),
    software: true,
    limits: { maxTensorBytes: 2 ** 31 },
    features: [],
    bytesInUse: before[1]!.bytesInUse + 100_000,
    peakBytes: before[1]!.peakBytes + 100_000,
    buffers: before[1]!.buffers + 1,
    dispatches: expect.any(Number),
  });
  x.dispose();
  x.dispose();
  expect(deviceInfo("CPU:1").bytesInUse).toBe(before[1]!.bytesInUse);
  expect(deviceInfo("CPU:1").peakBytes).toBe(before[1]!.peakBytes + 100_000);
});

test("to() copies a tensor to another logical device and returns the same tensor for its own", async () => {
  const [first, second] = configureLogicalDevices("CPU", 2) as [string, string];
  const [x, y] = [ones([2], { device: first }), ones([2], { device: second })];
  expect(() => x.add(y)).toThrow(
    'add: expected tensors of one device, got CPU:0 and CPU:1. Copy one of them first: .to("CPU:1").',
  );
  const z = x.to(second);
  expect([z.device, z === x, z.to(second) === z]).toEqual([second, false, true]);
  expect(await z.add(y).array()).toEqual([2, 2]);
});

test("an allocation that does not fit reports the bytes needed and available, and allocates nothing", () => {
  const before = deviceInfo("CPU:0");
  let refused: unknown;
  try {
    zeros([2 ** 29 + 1], { device: "CPU:0" });
  } catch (error) {
    refused = error;
  }
  expect(refused).toBeInstanceOf(DeviceMemoryError);
  expect(refused).toMatchObject({ needed: 2 ** 31 + 4, available: 2 ** 31 });
  expect(String(refused)).toContain("expected at most 2147483648 bytes, got 2147483652 bytes");
  expect(deviceInfo("CPU:0")).toEqual(before);
});

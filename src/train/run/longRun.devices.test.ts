/** Long trainings on one device: memory stays constant, and the number of queued submits stays bounded. */
import { beforeAll, describe, expect } from "vitest";
import { maxInFlight, type Urgency } from "../../device/backend";
import { backendOf } from "../../device/open";
import { dense, dropout, losses, optimizers, random, sequential, type Tensor } from "../../index";
import { openTestDevices, testDevice as device } from "../../testing/eachDevice";
import { onDevice } from "../../testing/onDevice";

/** The full count with `WEIGHTROOM_FULL`, otherwise enough to show a leak. */
const steps = import.meta.env?.WEIGHTROOM_FULL ? 10_000 : 800;

interface MemoryUse {
  bytes: number;
  buffers: number;
}

/** Records the live memory and the in-flight reads at every read that goes on beside the work. */
function watch() {
  const backend = backendOf(device);
  const read = backend.read.bind(backend);
  const held: MemoryUse[] = [];
  let inFlight = 0;
  let deepest = 0;
  backend.read = async (slot, urgency?: Urgency) => {
    if (urgency !== "beside") return read(slot, urgency);
    const { bytesInUse: bytes, buffers } = backend.counters;
    held.push({ bytes, buffers });
    deepest = Math.max(deepest, ++inFlight);
    return read(slot, urgency).finally(() => inFlight--);
  };
  return () => {
    backend.read = read;
    return { held, deepest };
  };
}

function most(held: readonly MemoryUse[]): MemoryUse {
  return {
    bytes: Math.max(...held.map(({ bytes }) => bytes)),
    buffers: Math.max(...held.map(({ buffers }) => buffers)),
  };
}

function expectFlat({ held, deepest }: { held: readonly MemoryUse[]; deepest: number }): void {
  expect(deepest).toBeLessThanOrEqual(maxInFlight);
  const quarter = Math.floor(held.length / 4);
  expect(quarter).toBeGreaterThanOrEqual(3);
  const [early, late] = [most(held.slice(quarter, 2 * quarter)), most(held.slice(-quarter))];
  // The count may shrink when the garbage collector frees tensors of earlier tests.
  expect(late.bytes).toBeLessThanOrEqual(early.bytes);
  expect(late.buffers).toBeLessThanOrEqual(early.buffers);
}

beforeAll(openTestDevices);

const check = (name: string, body: () => Promise<void>) => onDevice(device, name, body);
const make = () => {
  const net = sequential([dense(8, { activation: "relu" }), dropout(0.1), dense(3)]);
  const [x, y] = [random.normal([64, 4]), random.integers([64], 0, 3)];
  net.call(x);
  return { net, x, y };
};

describe(`${steps} steps`, () => {
  check("of a loop without dispose use constant memory, with at most three submits in flight", async () => {
    const { net, x, y } = make();
    const optimizer = optimizers.adam();
    const loss = () => losses.sparseCategoricalCrossentropy(y, net.call(x), { fromLogits: true });
    for (let step = 0; step < 20; step++) await optimizer.minimize(loss, net);
    const stop = watch();
    for (let step = 0; step < steps; step++) await optimizer.minimize(loss, net);
    const seen = stop();
    expect(seen.held.length).toBe(steps);
    expectFlat(seen);
  });

  for (const [name, batchSize] of [
    ["batches", 16],
    ["epochs of one step", 64],
  ] as const) {
    check(`of fit by ${name} use constant memory, with at most three submits in flight`, async () => {
      const { net, x, y } = make();
      const fromLogits = (yTrue: Tensor, yPred: Tensor) =>
        losses.sparseCategoricalCrossentropy(yTrue, yPred, { fromLogits: true });
      net.compile({ optimizer: "adam", loss: fromLogits, metrics: ["sparseCategoricalAccuracy"] });
      const stop = watch();
      const epochs = (steps * batchSize) / 64;
      const { run, loss } = await net.fit(x, y, { epochs, batchSize });
      expect([run.steps, loss!.length]).toEqual([steps, epochs]);
      expectFlat(stop());
    });
  }
});

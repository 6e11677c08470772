import { expect, test } from "vitest";
import { type Progress, ProgressMeter } from "./progress";

const extent = { firstEpoch: 0, epochs: 2, steps: 10, rows: 95, device: "CPU:0", trials: [] };

/** Simulates a run with ten steps per second and collects its reports. */
function run() {
  const told: Progress[] = [];
  const meter = new ProgressMeter(extent, (progress) => told.push(progress));
  meter.restart(0);
  const note = (step: number, at: number) =>
    meter.note({ lossSum: step * 20, rows: Math.min(step * 10, 95), steps: 1, failedAt: 0, at });
  return { told, meter, note };
}

test("speed and time left follow from the steps of the last seconds", () => {
  const { told, meter, note } = run();
  for (let step = 1; step <= 10; step++) note(step, step * 100);
  expect(told.at(-1)).toMatchObject({ epoch: 1, step: 10, stepsPerSecond: 10, rowsPerSecond: 95, secondsLeft: 1 });
  meter.endEpoch({ loss: 2 });
  note(1, 1100);
  note(2, 1300);
  expect(told.at(-1)).toMatchObject({ epoch: 2, step: 2, loss: 2, logs: { loss: 2 } });
});

test("progress is reported at most four times a second, on pause, and at the end", () => {
  const { told, meter, note } = run();
  for (let step = 1; step <= 10; step++) note(step, step * 100);
  expect(told.map(({ step }) => step)).toEqual([1, 4, 7, 10]);
  meter.pause();
  meter.restart(60_000);
  note(1, 60_100);
  meter.end();
  expect(told.slice(4).map(({ state }) => state)).toEqual(["paused", "running", "ended"]);
  // The pause does not count.
  expect(told.at(-1)!.stepsPerSecond).toBe(10);
});

import { test } from "vitest";
import { open } from "../device/open";

/** Devices that tests run on: CPU and GPU in a browser, only the CPU in Node. */
export const testDevices: readonly string[] = typeof window === "undefined" ? ["CPU:0"] : ["CPU:0", "GPU:0"];

/** The device that a `*.devices.test.ts` tests: `CPU:0` in Node, `GPU:0` in a browser. */
export const testDevice = testDevices.at(-1)!;

/**
 * Opens the GPU if tests are to run on it. @throws Error if it does not open, because tests without it would prove nothing
 */
export async function openTestDevices(): Promise<void> {
  if (testDevices.length === 1) return;
  const state = await open();
  if (state !== "ready") throw new Error(`no GPU to test on: ${state}`);
}

/** Defines one test per device. */
export function eachDevice(name: string, run: (device: string) => Promise<void> | void): void {
  for (const device of testDevices) {
    test(`${name} [${device}]`, async () => {
      await openTestDevices();
      await run(device);
    });
  }
}

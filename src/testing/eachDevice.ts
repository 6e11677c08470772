import { test } from "vitest";
import { open } from "../device/open";

/** The devices that tests run on: in a browser (`*.gpu.test.ts`) both, in Node the CPU alone. */
export const testDevices: readonly string[] = typeof window === "undefined" ? ["CPU:0"] : ["CPU:0", "GPU:0"];

/** Opens the GPU where the tests are to run on it. @throws Error where it does not open: they would prove nothing. */
export async function openTestDevices(): Promise<void> {
  if (testDevices.length === 1) return;
  const state = await open();
  if (state !== "ready") throw new Error(`no GPU to test on: ${state}`);
}

/** One test for each device. */
export function eachDevice(name: string, run: (device: string) => Promise<void> | void): void {
  for (const device of testDevices) {
    test(`${name} [${device}]`, async () => {
      await openTestDevices();
      await run(device);
    });
  }
}

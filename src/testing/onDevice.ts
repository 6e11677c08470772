/** Helpers for tests whose tensors are created on one device. */
import { expect, test } from "vitest";
import { setDefaultDevice } from "../device/open";
import { Block, dense, type Operand, type Tensor } from "../index";

/** Defines a test that runs on one default device. @param timeout in milliseconds; defaults to the suite's */
export function onDevice(device: string, name: string, body: () => Promise<void>, timeout?: number): void {
  test(`${name} (${device})`, () => withDeviceAsync(device, body), timeout);
}

/** Runs an asynchronous body with `device` as the default device. */
async function withDeviceAsync(device: string, body: () => Promise<void>): Promise<void> {
  const before = setDefaultDevice(device);
  try {
    await body();
  } finally {
    setDefaultDevice(before);
  }
}

/**
 * Expects all elements to be within a tolerance relative to the largest expected one, or to `least` if all are small.
 */
export async function expectClose(actual: Operand, expected: unknown, tolerance = 1e-5, least = 1e-3): Promise<void> {
  const got = Array.from(await actual.data(), Number);
  const want = (Array.isArray(expected) ? expected.flat(8) : [expected]) as number[];
  expect(got.length).toBe(want.length);
  const scale = Math.max(least, ...want.map(Math.abs));
  const error = Math.max(0, ...got.map((value, i) => Math.abs(value - want[i]!)));
  expect(error / scale).toBeLessThan(tolerance);
}

export class Mlp extends Block {
  hidden = dense(8, { activation: "relu" });
  out = dense(3);
  forward(x: Operand): Tensor {
    return this.out.call(this.hidden.call(x));
  }
}

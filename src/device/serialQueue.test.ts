import { expect, test } from "vitest";
import { SerialQueue } from "./serialQueue";

test("a job that waits for a promise runs after earlier jobs and before later ones, and returns its result", async () => {
  const errors: unknown[] = [];
  const queue = new SerialQueue((error) => errors.push(error));
  const order: string[] = [];
  queue.runAfter(Promise.resolve("first"), (name) => void order.push(name));
  const result = queue.runAfterForResult(Promise.resolve("second"), (name) => order.push(name));
  queue.run(() => void order.push("third"));
  expect(await result).toBe(2);
  await queue.drain();
  expect({ order, errors, isIdle: queue.isIdle }).toEqual({
    order: ["first", "second", "third"],
    errors: [],
    isIdle: true,
  });
});

test("an error of that promise or job rejects its result alone", async () => {
  const errors: unknown[] = [];
  const queue = new SerialQueue((error) => errors.push(error));
  const order: string[] = [];
  queue.runAfter(new Promise((resolve) => setTimeout(resolve, 5)), () => void order.push("slow"));
  const rejected = queue.runAfterForResult(Promise.reject(new Error("not loaded")), () => order.push("never"));
  const thrown = queue.runAfterForResult(Promise.resolve(), () => {
    throw new Error("not compiled");
  });
  queue.run(() => void order.push("last"));
  await expect(rejected).rejects.toThrow("not loaded");
  await expect(thrown).rejects.toThrow("not compiled");
  await queue.drain();
  expect({ order, errors }).toEqual({ order: ["slow", "last"], errors: [] });
});

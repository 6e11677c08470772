import { afterEach, expect, test } from "vitest";
import { yieldIfDue, clearCancel, requestCancel, throwIfCancelled, untilCancelled } from "./cancel";
import { Cancelled } from "./errors";

afterEach(clearCancel);

test("every step throws from the request until it is cleared", () => {
  throwIfCancelled();
  requestCancel();
  expect(throwIfCancelled).toThrow(Cancelled);
  clearCancel();
  throwIfCancelled();
});

test("a waiting call rejects at once even if its promise never settles", async () => {
  const waiting = untilCancelled(new Promise(() => {}));
  requestCancel();
  await expect(waiting).rejects.toBeInstanceOf(Cancelled);
});

test("a settled promise keeps its result", async () => {
  const kept = untilCancelled(Promise.resolve(1));
  const failed = untilCancelled(Promise.reject(new RangeError("x")));
  await expect(failed).rejects.toBeInstanceOf(RangeError);
  requestCancel();
  expect(await kept).toBe(1);
});

test("a promise that fails after the request causes no unhandled rejection", async () => {
  let fail: (error: Error) => void = () => {};
  const waiting = untilCancelled(new Promise((_, reject) => (fail = reject)));
  requestCancel();
  fail(new Error("late"));
  await expect(waiting).rejects.toBeInstanceOf(Cancelled);
});

test("no call starts to wait while a request is pending", async () => {
  requestCancel();
  await expect(untilCancelled(new Promise(() => {}))).rejects.toBeInstanceOf(Cancelled);
});

test("a loop that only awaits promises still receives messages", async () => {
  let heard = false;
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener("message", () => (heard = true));
  port1.start();
  port2.postMessage(null);
  const start = performance.now();
  while (!heard && performance.now() - start < 2000) await yieldIfDue();
  port1.close();
  expect(heard).toBe(true);
});

import { expect, test } from "vitest";
import type { Output, SessionEvent } from "../../protocol/protocol";
import { OutputQueue } from "./outputQueue";

function createQueue() {
  const sent: string[] = [];
  const queue = new OutputQueue((event: SessionEvent) => {
    if (event.kind === "output")
      sent.push(`${event.cell}${event.run}: ${"text" in event.output ? event.output.text : event.output.type}`);
  });
  queue.begin("a", 1);
  const fail = (): Output => ({ type: "error", error: { name: "Error", message: "unread" } });
  return {
    sent,
    queue,
    push: (shown: string | Promise<string>) =>
      queue.push(typeof shown === "string" ? textOf(shown) : shown.then(textOf), fail),
  };
}

function textOf(text: string) {
  return { output: { type: "text" as const, text } };
}

/** A promise that is settled from outside. */
function later() {
  let resolve: (text: string) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<string>((done, fail) => ([resolve, reject] = [done, fail]));
  return { promise, resolve, reject };
}

test("a known output is sent at once, without a turn of the event loop", () => {
  const { sent, push } = createQueue();
  push("x");
  push("y");
  expect(sent).toEqual(["a1: x", "a1: y"]);
});

test("a pending output holds back those after it", async () => {
  const { sent, queue, push } = createQueue();
  const [first, second] = [later(), later()];
  push("start");
  push(first.promise);
  push(second.promise);
  push("end");
  second.resolve("second");
  await Promise.resolve();
  expect(sent).toEqual(["a1: start"]);
  first.resolve("first");
  await queue.flush();
  expect(sent).toEqual(["a1: start", "a1: first", "a1: second", "a1: end"]);
  push("after");
  expect(sent.at(-1)).toBe("a1: after");
});

test("a value that could not be read becomes an error in its place", async () => {
  const { sent, queue, push } = createQueue();
  const first = later();
  push(first.promise);
  push("end");
  first.reject(new Error("freed"));
  await queue.flush();
  expect(sent).toEqual(["a1: error", "a1: end"]);
});

test("an output belongs to the run that pushed it", async () => {
  const { sent, queue, push } = createQueue();
  const first = later();
  push(first.promise);
  queue.begin("b", 2);
  push("second");
  first.resolve("first");
  await queue.flush();
  expect(sent).toEqual(["a1: first", "b2: second"]);
});

test("flush also waits for outputs pushed while it waits", async () => {
  const { sent, queue, push } = createQueue();
  const [first, second] = [later(), later()];
  push(first.promise);
  const flushed = queue.flush();
  push(second.promise);
  first.resolve("first");
  await first.promise;
  second.resolve("second");
  await flushed;
  expect(sent).toEqual(["a1: first", "a1: second"]);
});

test("a run that prints without end is truncated with a note, and the next one is not", () => {
  const { sent, queue, push } = createQueue();
  for (let index = 0; index < 20_000; index++) push("x");
  expect([sent.length, sent.at(-1)]).toEqual([10_000, "a1: ... (the rest of this cell's output is not shown)\n"]);
  queue.begin("a", 2);
  push("y");
  expect(sent.at(-1)).toBe("a2: y");
});

test("a run that prints too much text is truncated as well", () => {
  const { sent, push } = createQueue();
  for (let index = 0; index < 100; index++) push("x".repeat(100_000));
  expect(sent.length).toBeLessThan(60);
  expect(sent.at(-1)).toBe("a1: ... (the rest of this cell's output is not shown)\n");
});

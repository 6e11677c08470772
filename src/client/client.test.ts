import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { FromSession, HostRequest, HostValue, SessionEvent, ToSession } from "../protocol/protocol";
import { type Ready, SessionClient, type SessionStatus } from "./client";

vi.mock("virtual:session-worker", () => ({ default: "the worker's text", frameVersion: "1" }));

/** Simulates sandbox.html: the frame that the client talks to, and the session behind it. */
class FakeFrame {
  static all: FakeFrame[] = [];
  /** Behaviour of sessions started from now on. */
  static onStart: (started: FakeSession) => void = (started) => started.ready();
  sessions: FakeSession[] = [];
  removed = false;
  alive = true;
  onFailed: (message: string) => void = () => {};

  constructor(readonly version: string) {
    FakeFrame.all.push(this);
  }

  start(source: string, port: MessagePort): Promise<void> {
    if (!this.alive) return new Promise(() => {});
    const started = new FakeSession(source, port);
    this.sessions.push(started);
    FakeFrame.onStart(started);
    return Promise.resolve();
  }

  stop(): void {
    this.sessions.at(-1)?.port.close();
  }

  ping(): Promise<void> {
    return this.alive ? Promise.resolve() : new Promise(() => {});
  }

  remove(): void {
    this.removed = true;
  }
}

vi.mock("./clientFrame", () => ({
  // Called with `new`; the class is not defined yet when this is hoisted.
  ClientFrame: function create(version: string) {
    return new FakeFrame(version);
  },
}));

class FakeSession {
  readonly received: ToSession[] = [];
  onRequest: (message: Extract<ToSession, { type: "request" }>) => void = () => {};

  constructor(
    readonly source: string,
    readonly port: MessagePort,
  ) {
    port.addEventListener("message", ({ data }: MessageEvent<ToSession>) => {
      this.received.push(data);
      if (data.type === "request") this.onRequest(data);
    });
    port.start();
  }

  send(message: unknown): void {
    this.port.postMessage(message, []);
  }

  ready(): void {
    const catalogue = {
      blocks: [],
      initializers: [],
      optimizers: [],
      schedules: [],
      losses: [],
      metrics: [],
      datasets: [],
      ops: [],
    };
    this.send({ type: "ready", catalogue, devices: [], gpu: "noApi" } satisfies FromSession);
  }

  answer(id: number, value: unknown): void {
    this.send({ type: "response", id, ok: true, value });
  }
}

const finished = { status: "ok", durationMs: 1, declared: [] };
const run = { kind: "run", cell: "a", run: 1, source: "1" } as const;

let client: SessionClient;
let statuses: SessionStatus[];
let events: SessionEvent[];
let hostRequests: HostRequest[];
let answerHost: (request: HostRequest) => Promise<HostValue>;

beforeEach(() => {
  FakeFrame.all = [];
  FakeFrame.onStart = (started) => started.ready();
  statuses = [];
  events = [];
  hostRequests = [];
  answerHost = async () => null;
  client = new SessionClient({
    onStatus: (status) => void statuses.push(status),
    onEvent: (event) => void events.push(event),
    onHostRequest: (request) => {
      hostRequests.push(request);
      return answerHost(request);
    },
  });
});

afterEach(() => {
  client.dispose();
  vi.useRealTimers();
});

function session(): FakeSession {
  return FakeFrame.all.at(-1)!.sessions.at(-1)!;
}

/** Messages of a channel take a few turns of the event loop. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

const emptyReady: Ready = {
  catalogue: {
    blocks: [],
    initializers: [],
    optimizers: [],
    schedules: [],
    losses: [],
    metrics: [],
    datasets: [],
    ops: [],
  },
  devices: [],
  gpu: "noApi",
};

describe("starting", () => {
  test("creates one frame and one session, however often it is called", async () => {
    const [first, second] = await Promise.all([client.start(), client.start()]);
    expect([first, second]).toEqual([emptyReady, emptyReady]);
    expect(FakeFrame.all.map((frame) => frame.sessions.map(({ source }) => source))).toEqual([["the worker's text"]]);
    expect(statuses.map(({ state }) => state)).toEqual(["starting", "ready"]);
  });

  test("sends the first request of each session before those that were made while it started", async () => {
    client.dispose();
    client = new SessionClient({ firstRequest: () => ({ kind: "useDevice", device: "CPU:0" }) });
    const kinds = () =>
      session().received.flatMap((message) => (message.type === "request" ? message.request.kind : []));
    client.request(run).catch(() => undefined);
    await expect.poll(() => FakeFrame.all.length && kinds()).toEqual(["useDevice", "run"]);
    client.restart().catch(() => undefined);
    client.request(run).catch(() => undefined);
    await expect.poll(() => FakeFrame.all.at(-1)!.sessions.length === 2 && kinds()).toEqual(["useDevice", "run"]);
  });

  test("fails if the worker fails, and can be retried", async () => {
    FakeFrame.onStart = () => queueMicrotask(() => FakeFrame.all[0]!.onFailed("SyntaxError"));
    await expect(client.start()).rejects.toThrow("The session did not start: SyntaxError");
    expect(statuses.at(-1)).toMatchObject({ state: "failed", message: "The session did not start: SyntaxError" });
    FakeFrame.onStart = (started) => started.ready();
    expect(await client.restart()).toEqual(emptyReady);
  });

  test("fails with an error message if the first message is invalid", async () => {
    FakeFrame.onStart = (started) => started.send({ type: "ready", catalogue: null });
    await expect(client.start()).rejects.toThrow("The session's first message is invalid.");
  });

  test("fails if nothing ever answers", async () => {
    vi.useFakeTimers();
    FakeFrame.onStart = () => {};
    const started = client.start().catch((error: Error) => error.message);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await started).toBe("The session did not start.");
  });
});

describe("requests", () => {
  test("wait for the start and resolve to their own answers in any order", async () => {
    const answers = Promise.all([client.request({ kind: "initialize", model: "a" }), client.request(run)]);
    await expect.poll(() => session()?.received.length).toBe(2);
    const ids = session().received.map(({ id }) => id);
    session().answer(ids[1]!, finished);
    session().answer(ids[0]!, null);
    expect(await answers).toEqual([null, finished]);
  });

  test("reject with the session's own error", async () => {
    await client.start();
    const error = { name: "ShapeError", message: "too wide", at: "Dense" };
    session().onRequest = ({ id }) => session().send({ type: "response", id, ok: false, error });
    await expect(client.request({ kind: "models" })).rejects.toMatchObject({
      name: "ShapeError",
      message: "too wide",
      error,
    });
  });

  test("reject an answer of another kind and count it", async () => {
    await client.start();
    session().onRequest = ({ id }) => session().answer(id, { forged: true });
    await expect(client.request({ kind: "models" })).rejects.toThrow(`The session's answer to "models" is invalid.`);
    expect(client.dropped).toBe(1);
  });

  test("time out, except for runs", async () => {
    await client.start();
    vi.useFakeTimers();
    const [models, cell] = [client.request({ kind: "models" }), client.request(run)];
    const late = expect(models).rejects.toThrow(`The session did not answer "models" in time.`);
    let over = false;
    cell.finally(() => (over = true)).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(61_000);
    await late;
    expect(over).toBe(false);
  });
});

describe("messages", () => {
  test("that are invalid are dropped and counted", async () => {
    await client.start();
    session().send({ type: "html", html: "<img>" });
    session().send(null);
    session().answer(99, null);
    await expect.poll(() => client.dropped).toBe(3);
    expect(events).toEqual([]);
  });

  test("with outputs are accepted for requested runs, even after these have ended", async () => {
    await client.start();
    const output = (cell: string, number: number) => ({
      type: "event",
      event: { kind: "output", cell, run: number, output: { type: "text", text: "x" } },
    });
    session().onRequest = ({ id }) => {
      session().send(output("a", 1));
      session().answer(id, finished);
      session().send(output("a", 1));
      session().send(output("another", 1));
      session().send(output("a", 2));
    };
    await client.request(run);
    await expect.poll(() => [events.length, client.dropped]).toEqual([2, 2]);
  });

  test("without end make the page end the session", async () => {
    await client.start();
    const hostile = session();
    for (let index = 0; index < 1500; index++) hostile.send({ type: "event", event: { kind: "nothing" } });
    await expect.poll(() => statuses.at(-1)).toMatchObject({ state: "ready" });
    await expect
      .poll(() => statuses.map((status) => ("reason" in status ? status.reason : undefined)))
      .toContain("flooded");
    expect(session()).not.toBe(hostile);
  });

  test("of an ended session are ignored", async () => {
    await client.start();
    const old = session();
    await client.restart();
    old.send({ type: "event", event: { kind: "lateError", error: { name: "Error", message: "late" } } });
    await turns();
    expect([events, client.dropped]).toEqual([[], 0]);
  });
});

describe("the host", () => {
  async function ask(request: unknown): Promise<ToSession | undefined> {
    await client.start();
    session().send({ type: "hostRequest", id: 7, request });
    await expect.poll(() => session().received.find(({ type }) => type === "hostResponse")).toBeDefined();
    return session().received.find(({ type }) => type === "hostResponse");
  }

  test("answers a file request through the page's handler", async () => {
    answerHost = async () => new Uint8Array([1, 2]);
    expect(await ask({ kind: "readFile", path: "a.npy" })).toEqual({
      type: "hostResponse",
      id: 7,
      ok: true,
      value: new Uint8Array([1, 2]),
    });
    expect(hostRequests).toEqual([{ kind: "readFile", path: "a.npy" }]);
  });

  test("passes on only name and message of the handler's error", async () => {
    answerHost = async () => {
      throw Object.assign(new RangeError("full"), { secret: "x" });
    };
    expect(await ask({ kind: "writeFile", path: "a", bytes: new Uint8Array(1) })).toEqual({
      type: "hostResponse",
      id: 7,
      ok: false,
      error: { name: "RangeError", message: "full" },
    });
  });

  test.each([
    { kind: "readFile", path: "../secret" },
    { kind: "readAsset", path: "http://a.example/" },
    { kind: "fetch", url: "http://a.example/" },
    null,
  ])("rejects %j before the handler sees it", async (request) => {
    expect(await ask(request)).toMatchObject({ ok: false });
    expect([hostRequests, client.dropped]).toEqual([[], 1]);
  });
});

describe("Stop", () => {
  test("with nothing running does nothing", async () => {
    await client.start();
    expect(await client.stop()).toBe("idle");
    expect(FakeFrame.all[0]!.sessions).toHaveLength(1);
  });

  test("keeps a session that stops cooperatively", async () => {
    await client.start();
    let running = 0;
    session().onRequest = ({ id, request }) => {
      if (request.kind === "run") running = id;
      if (request.kind !== "cancel") return;
      session().answer(id, { running: true });
      session().answer(running, { ...finished, status: "cancelled" });
    };
    const result = client.request(run);
    await turns();
    expect(await client.stop()).toBe("cancelled");
    expect(await result).toMatchObject({ status: "cancelled" });
    expect(FakeFrame.all[0]!.sessions).toHaveLength(1);
  });

  test("ends a session that keeps running within the promised time and starts another in the same frame", async () => {
    await client.start();
    const result = client.request(run).catch((error: unknown) => error);
    await turns();
    const start = performance.now();
    expect(await client.stop()).toBe("ended");
    expect(performance.now() - start).toBeLessThan(250);
    expect(await result).toMatchObject({ name: "SessionEndedError", reason: "stopped" });
    await client.start();
    expect(FakeFrame.all.map((frame) => frame.sessions.length)).toEqual([2]);
    expect(statuses.map(({ state }) => state)).toEqual(["starting", "ready", "starting", "ready"]);
  });

  test("creates a new frame if the old one does not answer", async () => {
    await client.start();
    const result = client.request(run).catch((error: unknown) => error);
    await turns();
    FakeFrame.all[0]!.alive = false;
    await client.stop();
    await client.start();
    await result;
    expect(FakeFrame.all.map(({ removed, sessions }) => ({ removed, sessions: sessions.length }))).toEqual([
      { removed: true, sessions: 1 },
      { removed: false, sessions: 1 },
    ]);
  });
});

test("a frame whose process died while a cell ran is detected and replaced", async () => {
  await client.start();
  vi.useFakeTimers();
  const result = client.request(run).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(5000);
  expect(statuses.at(-1)).toMatchObject({ state: "ready", generation: 1 });
  FakeFrame.all[0]!.alive = false;
  await vi.advanceTimersByTimeAsync(6000);
  expect(await result).toMatchObject({ reason: "crashed" });
  vi.useRealTimers();
  await client.start();
  expect(FakeFrame.all.map(({ removed }) => removed)).toEqual([true, false]);
});

test("dispose ends the session and rejects pending requests", async () => {
  await client.start();
  const result = client.request(run).catch((error: unknown) => error);
  await turns();
  client.dispose();
  expect(await result).toMatchObject({ reason: "disposed" });
  expect([FakeFrame.all[0]!.removed, client.status]).toEqual([true, { state: "off" }]);
});

import { ClientFrame } from "./clientFrame";
import type {
  FromSession,
  HostRequest,
  HostValue,
  Request,
  Responses,
  SessionError,
  SessionEvent,
  ToSession,
} from "./protocol";
import { checkHostRequest, checkMessage, type CheckedMessage, checkResponse } from "./validate";

export type Ready = Omit<Extract<FromSession, { type: "ready" }>, "type">;

/** Why a session ended, or another took its place. Whatever it had computed is gone. */
export type EndReason = "stopped" | "restarted" | "crashed" | "flooded" | "updated" | "disposed";

/** `generation` counts sessions: what a cell made in an earlier one is not in this one. */
export type SessionStatus =
  | { state: "off" }
  | { state: "starting"; generation: number; reason?: EndReason }
  | { state: "ready"; generation: number; ready: Ready }
  | { state: "failed"; generation: number; message: string };

export interface SessionClientOptions {
  onStatus?: (status: SessionStatus) => void;
  onEvent?: (event: SessionEvent) => void;
  /**
   * Answers what a session asks of the notebook's folder. Its paths are checked: names without `..`, roots or
   * control characters. Assets are answered here.
   */
  onHostRequest?: (request: Exclude<HostRequest, { kind: "readAsset" }>) => Promise<HostValue>;
}

/** The session ended while a request was under way. */
export class SessionEndedError extends Error {
  readonly reason: EndReason;

  constructor(reason: EndReason) {
    super(`The session ended (${reason}).`);
    this.name = "SessionEndedError";
    this.reason = reason;
  }
}

/** A request's own error, as the session told it. */
export class SessionRequestError extends Error {
  readonly error: SessionError;

  constructor(error: SessionError) {
    super(error.message);
    this.name = error.name;
    this.error = error;
  }
}

/** Milliseconds. A slow machine has time; what is dead is noticed. */
export const limits = {
  /** From Stop to the end of a worker that goes on: the page has to show it within 250. */
  stop: 120,
  /** For a frame to answer before another takes its place. */
  frame: 1000,
  /** For a new session to be ready. */
  start: 30_000,
  /** For a request that is no run; it waits for its turn while a cell computes. */
  request: 60_000,
  /** Between two looks at whether the frame's process lives, while something is under way. */
  heartbeat: 1000,
};

/** Unanswered looks in a row. Counted rather than timed, so that a sleeping computer is no crash. */
const missedHeartbeats = 4;

/** Messages that are no messages, after which a session is taken for hostile and ended. */
const maxDropped = 1000;

/** What one run may show, and all else that a session may tell between two runs; an honest one keeps below. */
const maxOutputsPerRun = 20_000;
const maxOtherEvents = 20_000;
const maxHostRequests = 1000;

type RunRequest = Extract<Request, { kind: "run" }>;

function isRun(request: Request): request is RunRequest {
  return request.kind === "run";
}

interface Pending {
  kind: Request["kind"];
  resolve: (value: never) => void;
  reject: (error: Error) => void;
  timer: ReturnType<typeof setTimeout> | undefined;
}

function delay(milliseconds: number): Promise<"late"> {
  return new Promise((resolve) => setTimeout(() => resolve("late"), milliseconds));
}

/** The worker's bundle, in a chunk of its own: the page shows before it is there. */
async function loadWorker(): Promise<WorkerModule> {
  return (worker ??= await import("virtual:session-worker"));
}

type WorkerModule = typeof import("virtual:session-worker");

let worker: WorkerModule | undefined;
const clients = new Set<SessionClient>();

// In development, after a change: the new module comes here alone, an import() would give the old one again.
import.meta.hot?.accept("virtual:session-worker", (changed) => {
  // Absent where the new code does not parse: Vite shows why, and the session goes on as it was.
  if (!changed) return;
  worker = changed as unknown as WorkerModule;
  for (const client of clients) client.update();
});

/** A file that ships with the app. `path` was checked to be below `data/`. */
async function readAsset(path: string): Promise<Uint8Array> {
  const response = await fetch(new URL(path, document.baseURI));
  if (!response.ok) throw new Error(`${path} could not be read (${response.status}).`);
  return new Uint8Array(await response.arrayBuffer());
}

/** The page's side of a session: starts it, asks it, stops it, and puts another in its place when it is gone. */
export class SessionClient {
  readonly #options: SessionClientOptions;
  readonly #pending = new Map<number, Pending>();
  readonly #outputs = new Map<string, number>();
  #status: SessionStatus = { state: "off" };
  #frame: ClientFrame | undefined;
  #port: MessagePort | undefined;
  #ready: { resolve: (ready: Ready) => void; reject: (error: Error) => void } | undefined;
  #starting: Promise<Ready> | undefined;
  #generation = 0;
  #lastId = 0;
  #dropped = 0;
  #otherEvents = 0;
  #hostRequests = 0;
  #beating = false;

  constructor(options: SessionClientOptions = {}) {
    this.#options = options;
    clients.add(this);
  }

  get status(): SessionStatus {
    return this.#status;
  }

  /** Messages of the session that were none, and were dropped. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Starts the session, once; resolves when it is ready. Requests made before wait for it. */
  start(): Promise<Ready> {
    return (this.#starting ??= this.#begin());
  }

  /** Ends the session and starts another. */
  restart(reason: EndReason = "restarted"): Promise<Ready> {
    this.#end(reason);
    return (this.#starting = this.#begin(reason));
  }

  /**
   * Sends a request and resolves to its answer.
   * @throws SessionRequestError if the session answers with an error, SessionEndedError if it ends before.
   */
  async request<Kind extends Request["kind"]>(
    request: Extract<Request, { kind: Kind }>,
    { timeout = request.kind === "run" ? undefined : limits.request }: { timeout?: number } = {},
  ): Promise<Responses[Kind]> {
    await this.start();
    return this.#send(request, timeout);
  }

  /**
   * Stops what runs. A session that gives up by itself keeps all values ("cancelled"); one that does not is
   * ended soon after and another started ("ended"). Resolves when it has stopped, not when the next is ready.
   */
  async stop(): Promise<"idle" | "cancelled" | "ended"> {
    if (this.#status.state === "starting") return this.#endStopped();
    const runs = [...this.#pending.values()].filter(({ kind }) => kind === "run");
    if (runs.length === 0) return "idle";
    const cancelled = this.#whenSettled(runs);
    this.#send({ kind: "cancel" }, limits.stop).catch(() => undefined);
    return (await Promise.race([cancelled, delay(limits.stop)])) === "late" ? this.#endStopped() : "cancelled";
  }

  /** Ends the session for good. */
  dispose(): void {
    clients.delete(this);
    this.#end("disposed");
    this.#frame?.remove();
    this.#frame = undefined;
    this.#starting = undefined;
    this.#setStatus({ state: "off" });
  }

  /** Runs the session's new code. */
  update(): void {
    if (this.#status.state !== "off") this.restart("updated").catch(() => undefined);
  }

  #endStopped(): "ended" {
    this.restart("stopped").catch(() => undefined);
    return "ended";
  }

  #setStatus(status: SessionStatus): void {
    this.#status = status;
    this.#options.onStatus?.(status);
  }

  async #begin(reason?: EndReason): Promise<Ready> {
    const generation = ++this.#generation;
    this.#setStatus({ state: "starting", generation, ...(reason ? { reason } : {}) });
    try {
      const ready = await this.#boot(generation);
      this.#setStatus({ state: "ready", generation, ready });
      return ready;
    } catch (error) {
      if (generation === this.#generation) {
        const message = error instanceof Error ? error.message : String(error);
        this.#setStatus({ state: "failed", generation, message });
      }
      throw error;
    }
  }

  async #boot(generation: number): Promise<Ready> {
    const ready = new Promise<Ready>((resolve, reject) => (this.#ready = { resolve, reject }));
    // It may be rejected before anything awaits it.
    ready.catch(() => undefined);
    const { default: source, frameVersion } = await loadWorker();
    if (generation !== this.#generation) return ready;
    const started = this.#frame && this.#startIn(this.#frame, source, generation);
    const answered = started && (await Promise.race([started, delay(limits.frame)])) !== "late";
    if (generation === this.#generation && !answered) {
      // The first frame; or the old one's process died, which nothing tells but its silence.
      this.#frame?.remove();
      this.#frame = new ClientFrame(frameVersion);
      void this.#startIn(this.#frame, source, generation);
    }
    const result = await Promise.race([ready, delay(limits.start)]);
    if (result === "late") throw new Error("The session did not start.");
    return result;
  }

  #startIn(frame: ClientFrame, source: string, generation: number): Promise<void> {
    const { port1, port2 } = new MessageChannel();
    this.#port?.close();
    this.#port = port1;
    port1.addEventListener("message", ({ data }) => {
      if (generation === this.#generation) this.#receive(data);
    });
    port1.addEventListener("messageerror", () => this.#drop());
    port1.start();
    frame.onFailed = (message) => this.#ready?.reject(new Error(`The session did not start: ${message}`));
    return frame.start(source, port2);
  }

  #end(reason: EndReason): void {
    // What is still on its way from the old session is no longer listened to.
    this.#generation++;
    this.#frame?.stop();
    this.#port?.close();
    this.#port = undefined;
    this.#outputs.clear();
    this.#dropped = 0;
    this.#otherEvents = 0;
    this.#hostRequests = 0;
    const error = new SessionEndedError(reason);
    this.#ready?.reject(error);
    this.#ready = undefined;
    for (const id of this.#pending.keys()) this.#take(id)?.reject(error);
  }

  #send<Kind extends Request["kind"]>(
    request: Extract<Request, { kind: Kind }>,
    timeout: number | undefined,
  ): Promise<Responses[Kind]> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const late = () => this.#take(id)?.reject(new Error(`The session did not answer "${request.kind}" in time.`));
      const timer = timeout === undefined ? undefined : setTimeout(late, timeout);
      this.#pending.set(id, { kind: request.kind, resolve, reject, timer });
      if (isRun(request)) this.#allowOutputs(request);
      this.#post({ type: "request", id, request });
      if (!this.#beating) void this.#beat();
    });
  }

  #post(message: ToSession): void {
    this.#port?.postMessage(message);
  }

  /** Takes a request off the list: it is settled once. */
  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    clearTimeout(pending?.timer);
    return pending;
  }

  async #whenSettled(requests: readonly Pending[]): Promise<void> {
    while (requests.some((request) => [...this.#pending.values()].includes(request))) await delay(5);
  }

  /** While something is under way, notices that the frame's process is gone (a worker out of memory ends it silently). */
  async #beat(): Promise<void> {
    this.#beating = true;
    let missed = 0;
    while (this.#pending.size > 0 && this.#frame) {
      const frame = this.#frame;
      const answer = await Promise.race([frame.ping(), delay(limits.heartbeat)]);
      if (answer !== "late") await delay(limits.heartbeat);
      missed = answer === "late" && frame === this.#frame ? missed + 1 : 0;
      if (missed < missedHeartbeats) continue;
      missed = 0;
      frame.remove();
      this.#frame = undefined;
      this.restart("crashed").catch(() => undefined);
    }
    this.#beating = false;
  }

  /** Counts what is no message. So many of them are no mistake, and would keep the page busy. */
  #drop(): void {
    if (++this.#dropped === maxDropped) this.restart("flooded").catch(() => undefined);
  }

  #refuse(data: unknown): void {
    const { type } = (data ?? {}) as { type?: unknown };
    if (type === "ready") this.#ready?.reject(new Error("The session's first message is none."));
    this.#drop();
  }

  #receive(data: unknown): void {
    const message = checkMessage(data);
    if (!message) return this.#refuse(data);
    switch (message.type) {
      case "ready": {
        const { type: _, ...ready } = message;
        return this.#ready?.resolve(ready);
      }
      case "event":
        return this.#receiveEvent(message.event);
      case "response":
        return this.#receiveResponse(message);
      case "hostRequest":
        return void this.#answerHost(message.id, message.request, this.#generation);
    }
  }

  #allowOutputs({ cell, run }: RunRequest): void {
    this.#outputs.set(`${run} ${cell}`, 0);
    this.#otherEvents = 0;
  }

  #receiveEvent(event: SessionEvent): void {
    const key = event.kind === "output" ? `${event.run} ${event.cell}` : undefined;
    // Outputs are taken for runs that were asked for; a timer may print after its run has ended.
    const seen = key === undefined ? this.#otherEvents++ : this.#outputs.get(key);
    if (key !== undefined && seen !== undefined) this.#outputs.set(key, seen + 1);
    if (seen === undefined || seen >= (key ? maxOutputsPerRun : maxOtherEvents)) return this.#drop();
    this.#options.onEvent?.(event);
  }

  #receiveResponse(message: Extract<CheckedMessage, { type: "response" }>): void {
    const pending = this.#pending.get(message.id);
    if (!pending) return this.#drop();
    if (!message.ok) return this.#take(message.id)?.reject(new SessionRequestError(message.error));
    const value = checkResponse(pending.kind, message.value);
    this.#take(message.id);
    if (value !== undefined) return pending.resolve(value as never);
    pending.reject(new Error(`The session's answer to "${pending.kind}" is none.`));
    this.#drop();
  }

  async #answerHost(id: number, data: unknown, generation: number): Promise<void> {
    if (this.#hostRequests >= maxHostRequests) return this.#drop();
    this.#hostRequests++;
    const answer = await this.#host(checkHostRequest(data)).then(
      (value): ToSession => ({ type: "hostResponse", id, ok: true, value }),
      (error: unknown): ToSession => {
        const { name, message } = error instanceof Error ? error : new Error(String(error));
        return { type: "hostResponse", id, ok: false, error: { name, message } };
      },
    );
    if (generation !== this.#generation) return;
    this.#hostRequests--;
    this.#post(answer);
  }

  async #host(request: HostRequest | undefined): Promise<HostValue> {
    if (!request) {
      this.#drop();
      throw new Error("Not a name of a file in the notebook's folder, or of the app's own data.");
    }
    if (request.kind === "readAsset") return readAsset(request.path);
    if (!this.#options.onHostRequest) throw new Error("This page keeps no files.");
    return this.#options.onHostRequest(request);
  }
}

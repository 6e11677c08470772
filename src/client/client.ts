import type {
  FromSession,
  HostRequest,
  HostValue,
  Request,
  Responses,
  SessionError,
  SessionEvent,
  ToSession,
} from "../protocol/protocol";
import { checkHostRequest, checkMessage, type CheckedMessage, checkResponse } from "../protocol/validate";
import { ClientFrame } from "./clientFrame";

export type Ready = Omit<Extract<FromSession, { type: "ready" }>, "type">;

/** Why a session ended or was replaced. All values that it computed are lost. */
export type EndReason = "stopped" | "restarted" | "crashed" | "flooded" | "updated" | "disposed";

/** `generation` counts sessions: values that a cell created in an earlier session do not exist in this one. */
export type SessionStatus =
  | { state: "off" }
  | { state: "starting"; generation: number; reason?: EndReason }
  | { state: "ready"; generation: number; ready: Ready }
  | { state: "failed"; generation: number; message: string };

export interface SessionClientOptions {
  onStatus?: (status: SessionStatus) => void;
  onEvent?: (event: SessionEvent) => void;
  /** Returns a request that precedes all others of a session, also those that were made while it started. */
  firstRequest?: () => Request | undefined;
  /**
   * Answers a session's requests for the notebook's folder. Their paths are already validated: names without `..`,
   * roots or control characters. The client answers requests for assets itself.
   */
  onHostRequest?: (request: Exclude<HostRequest, { kind: "readAsset" }>) => Promise<HostValue>;
}

/** The session ended while a request was pending. */
export class SessionEndedError extends Error {
  readonly reason: EndReason;

  constructor(reason: EndReason) {
    super(`The session ended (${reason}).`);
    this.name = "SessionEndedError";
    this.reason = reason;
  }
}

/** An error that the session returned for a request. */
export class SessionRequestError extends Error {
  readonly error: SessionError;

  constructor(error: SessionError) {
    super(error.message);
    this.name = error.name;
    this.error = error;
  }
}

/** Time limits in milliseconds: long enough for slow machines, short enough to notice dead frames soon. */
export const limits = {
  /** From Stop to terminating a worker that keeps running: the page has to show the result within 250. */
  stop: 120,
  /** For a frame to answer before it is replaced. */
  frame: 1000,
  /** For a new session to become ready. */
  start: 30_000,
  /** For a request other than a run. It has to wait its turn while a cell computes. */
  request: 60_000,
  /** Interval between liveness checks of the frame's process while a request is pending. */
  heartbeat: 1000,
};

/** Consecutive missed answers. Counted rather than timed, so that a sleeping computer is not taken for a crash. */
const missedHeartbeats = 4;

/** Invalid messages after which a session is considered hostile and ended. */
const maxDropped = 1000;

/** Limits for the outputs of one run and for all other messages between two runs; honest sessions stay below. */
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

/** The worker's bundle is a separate chunk: the page appears before it is loaded. */
async function loadWorker(): Promise<WorkerModule> {
  return (worker ??= await import("virtual:session-worker"));
}

type WorkerModule = typeof import("virtual:session-worker");

let worker: WorkerModule | undefined;
const clients = new Set<SessionClient>();

// In development, after a change: only this callback receives the new module; an import() would return the old one.
import.meta.hot?.accept("virtual:session-worker", (changed) => {
  // Undefined if the new code does not parse: Vite shows the reason, and the session keeps running the old code.
  if (!changed) return;
  worker = changed as unknown as WorkerModule;
  for (const client of clients) client.update();
});

/** Fetches a file that ships with the app. `path` was checked to be below `data/`. */
async function readAsset(path: string): Promise<Uint8Array> {
  const response = await fetch(new URL(path, document.baseURI));
  if (!response.ok) throw new Error(`${path} could not be read (${response.status}).`);
  return new Uint8Array(await response.arrayBuffer());
}

/** The page's side of a session: starts it, sends requests, stops it, and replaces it when it is gone. */
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

  /** Number of invalid messages from the session, which were dropped. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Starts the session once and resolves when it is ready. Earlier requests wait for it. */
  start(): Promise<Ready> {
    return (this.#starting ??= this.#begin());
  }

  /** Ends the session and starts a new one. */
  restart(reason: EndReason = "restarted"): Promise<Ready> {
    this.#end(reason);
    return (this.#starting = this.#begin(reason));
  }

  /**
   * Sends a request and resolves to its answer.
   * @throws SessionRequestError if the session answers with an error, SessionEndedError if it ends first.
   */
  async request<Kind extends Request["kind"]>(
    request: Extract<Request, { kind: Kind }>,
    { timeout = request.kind === "run" ? undefined : limits.request }: { timeout?: number } = {},
  ): Promise<Responses[Kind]> {
    await this.start();
    return this.#send(request, timeout);
  }

  /**
   * Stops the running cell. A session that stops cooperatively keeps all values ("cancelled"); otherwise it is
   * terminated shortly after and a new one started ("ended"). Resolves when it has stopped, not when the next session
   * is ready.
   */
  async stop(): Promise<"idle" | "cancelled" | "ended"> {
    if (this.#status.state === "starting") return this.#endStopped();
    const runs = [...this.#pending.values()].filter(({ kind }) => kind === "run");
    if (runs.length === 0) return "idle";
    const cancelled = this.#whenSettled(runs);
    this.#send({ kind: "cancel" }, limits.stop).catch(() => undefined);
    return (await Promise.race([cancelled, delay(limits.stop)])) === "late" ? this.#endStopped() : "cancelled";
  }

  /** Ends the session permanently. */
  dispose(): void {
    clients.delete(this);
    this.#end("disposed");
    this.#frame?.remove();
    this.#frame = undefined;
    this.#starting = undefined;
    this.#setStatus({ state: "off" });
  }

  /** Restarts the session with new code. */
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
      // Posted before the requests that wait for this function's result.
      const first = this.#options.firstRequest?.();
      if (first) this.#send(first, limits.request).catch(() => undefined);
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
    // The promise may be rejected before anything awaits it.
    ready.catch(() => undefined);
    const { default: source, frameVersion } = await loadWorker();
    if (generation !== this.#generation) return ready;
    const started = this.#frame && this.#startIn(this.#frame, source, generation);
    const answered = started && (await Promise.race([started, delay(limits.frame)])) !== "late";
    if (generation === this.#generation && !answered) {
      // There is no frame yet, or the old frame's process died, which is noticeable only because it stops answering.
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
    // Messages still in flight from the old session are ignored.
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

  /** Removes a request from the list, so that it is settled only once. */
  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    clearTimeout(pending?.timer);
    return pending;
  }

  async #whenSettled(requests: readonly Pending[]): Promise<void> {
    while (requests.some((request) => [...this.#pending.values()].includes(request))) await delay(5);
  }

  /**
   * While a request is pending, detects that the frame's process is gone (a worker that runs out of memory ends it
   * silently).
   */
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

  /**
   * Counts invalid messages and ends a session that sends too many: that is no accident, and handling them would keep
   * the page busy.
   */
  #drop(): void {
    if (++this.#dropped === maxDropped) this.restart("flooded").catch(() => undefined);
  }

  #refuse(data: unknown): void {
    const { type } = (data ?? {}) as { type?: unknown };
    if (type === "ready") this.#ready?.reject(new Error("The session's first message is invalid."));
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
    // Outputs are accepted for requested runs; a timer may print after its run has ended.
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
    pending.reject(new Error(`The session's answer to "${pending.kind}" is invalid.`));
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
      throw new Error("Not the name of a file in the notebook's folder or of the app's data.");
    }
    if (request.kind === "readAsset") return readAsset(request.path);
    if (!this.#options.onHostRequest) throw new Error("This page does not store files.");
    return this.#options.onHostRequest(request);
  }
}

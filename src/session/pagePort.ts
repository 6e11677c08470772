import type { Host } from "../base/host";
import type {
  FromSession,
  HostRequest,
  HostValue,
  Request,
  SessionError,
  SessionEvent,
  ToSession,
} from "../protocol/protocol";
import { describeError } from "./describeError";

/** The answer to a request: its value, and the buffers to be transferred. */
export interface Answer {
  value: unknown;
  transfer?: Transferable[];
}

interface Waiting {
  resolve: (value: HostValue) => void;
  reject: (error: Error) => void;
}

/** Converts an error of the page, such as a missing file, into an error of the session. */
function toError({ name, message }: SessionError): Error {
  return Object.assign(new Error(message), { name });
}

/** The session's end of the only port between it and the page. */
export class PagePort {
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  /** @param answer handles a request; a rejection is sent as an error */
  constructor(port: MessagePort, answer: (request: Request) => Promise<Answer>) {
    this.#port = port;
    port.addEventListener("message", ({ data }: MessageEvent<ToSession>) => {
      if (data.type === "request") void this.#answer(data.id, answer(data.request));
      else this.#resolve(data);
    });
    port.start();
  }

  post(message: FromSession, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
  }

  event(event: SessionEvent, transfer: Transferable[] = []): void {
    this.post({ type: "event", event }, transfer);
  }

  /** Requests files and assets, which only the page can access. */
  host(): Host {
    return {
      readAsset: async (path) => (await this.#request({ kind: "readAsset", path })) as Uint8Array,
      readFile: async (path) => (await this.#request({ kind: "readFile", path })) as Uint8Array,
      writeFile: async (path, bytes) => void (await this.#request({ kind: "writeFile", path, bytes })),
      listFiles: async () => (await this.#request({ kind: "listFiles" })) as Awaited<ReturnType<Host["listFiles"]>>,
      deleteFile: async (path) => void (await this.#request({ kind: "deleteFile", path })),
    };
  }

  #request(request: HostRequest): Promise<HostValue> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.post({ type: "hostRequest", id, request });
    });
  }

  #resolve(message: Extract<ToSession, { type: "hostResponse" }>): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.ok) waiting?.resolve(message.value);
    else waiting?.reject(toError(message.error));
  }

  async #answer(id: number, answer: Promise<Answer>): Promise<void> {
    try {
      const { value, transfer } = await answer;
      this.post({ type: "response", id, ok: true, value: value as never }, transfer);
    } catch (error) {
      this.post({ type: "response", id, ok: false, error: describeError(error) });
    }
  }
}

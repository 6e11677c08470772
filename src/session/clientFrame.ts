import type { FromFrame, ToFrame } from "./protocol";

type ToFrameKind = ToFrame extends infer Message
  ? Message extends { id: number }
    ? Omit<Message, "id">
    : never
  : never;

/** The hidden frame that a session's worker runs in, as the page sees it. */
export class ClientFrame {
  readonly #element: HTMLIFrameElement;
  readonly #loaded: Promise<void>;
  readonly #alive = new Map<number, () => void>();
  #lastId = 0;
  #startId = 0;
  /** Called with what the worker died of, if it never became ready. */
  onFailed: (message: string) => void = () => {};

  constructor(version: string) {
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-scripts");
    frame.setAttribute("aria-hidden", "true");
    frame.title = "Weightroom session";
    frame.hidden = true;
    frame.src = new URL(`sandbox.html?v=${encodeURIComponent(version)}`, document.baseURI).href;
    this.#loaded = new Promise((loaded) => {
      frame.addEventListener("load", () => loaded(), { once: true });
    });
    this.#element = frame;
    globalThis.addEventListener("message", this.#receive);
    document.body.append(frame);
  }

  /** Ends the frame's worker, if any, and starts one. Resolves when the frame has answered. */
  async start(source: string, port: MessagePort): Promise<void> {
    await this.#loaded;
    await this.#post({ type: "start", source }, [port]);
  }

  /** Ends the worker. What it was doing is gone at once; nothing is awaited. */
  stop(): void {
    void this.#post({ type: "stop" });
  }

  /** Resolves when the frame answers; never, if its process is gone. A worker in an endless loop does not matter. */
  async ping(): Promise<void> {
    await this.#loaded;
    await this.#post({ type: "ping" });
  }

  /** Removes the frame, and with it a worker that still burns a core. */
  remove(): void {
    globalThis.removeEventListener("message", this.#receive);
    this.#element.remove();
  }

  #post(message: ToFrameKind, transfer: Transferable[] = []): Promise<void> {
    const id = ++this.#lastId;
    if (message.type === "start") this.#startId = id;
    return new Promise((resolve) => {
      this.#alive.set(id, resolve);
      // The frame's origin is opaque: there is no name for it but "*". Its window is not reachable by a cell.
      this.#element.contentWindow?.postMessage({ ...message, id }, "*", transfer);
    });
  }

  readonly #receive = ({ source, data }: MessageEvent<FromFrame>): void => {
    if (source !== this.#element.contentWindow) return;
    if (data.type === "alive") {
      this.#alive.get(data.id)?.();
      this.#alive.delete(data.id);
    } else if (data.type === "failed" && data.id === this.#startId) {
      this.onFailed(data.message.slice(0, 1000));
    }
  };
}

import type { FromFrame, ToFrame } from "../protocol/protocol";

type ToFrameKind = ToFrame extends infer Message
  ? Message extends { id: number }
    ? Omit<Message, "id">
    : never
  : never;

/** The hidden frame in which a session's worker runs, as seen by the page. */
export class ClientFrame {
  readonly #element: HTMLIFrameElement;
  readonly #loaded: Promise<void>;
  readonly #alive = new Map<number, () => void>();
  #lastId = 0;
  #startId = 0;
  /** Called with the error of a worker that never became ready. */
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

  /** Terminates the frame's worker, if any, and starts a new one. Resolves when the frame has answered. */
  async start(source: string, port: MessagePort): Promise<void> {
    await this.#loaded;
    await this.#post({ type: "start", source }, [port]);
  }

  /** Terminates the worker immediately, without waiting. */
  stop(): void {
    void this.#post({ type: "stop" });
  }

  /** Resolves when the frame answers; never if its process is gone. A worker in an endless loop does not prevent it. */
  async ping(): Promise<void> {
    await this.#loaded;
    await this.#post({ type: "ping" });
  }

  /** Removes the frame together with a worker that may still be running. */
  remove(): void {
    globalThis.removeEventListener("message", this.#receive);
    this.#element.remove();
  }

  #post(message: ToFrameKind, transfer: Transferable[] = []): Promise<void> {
    const id = ++this.#lastId;
    if (message.type === "start") this.#startId = id;
    return new Promise((resolve) => {
      this.#alive.set(id, resolve);
      // The frame's origin is opaque, so the target has to be "*". Cells cannot reach its window.
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

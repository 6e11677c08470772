/**
 * The script of sandbox.html, the opaque-origin frame between the page and a session's worker. It starts and terminates
 * the worker and confirms that the frame is alive; it neither runs cells nor sees their messages.
 */
import type { FromFrame, ToFrame } from "../protocol/protocol";

/**
 * The worker's initial code. A data: worker is a secure context and so has WebGPU; a blob: worker in this frame does
 * not. The runtime follows as text, because Chromium rejects a data: URL of 2 MiB and starts a short one faster.
 */
const bootstrap = `data:text/javascript,${encodeURIComponent(
  "addEventListener('message',e=>{(0,eval)(e.data);dispatchEvent(new MessageEvent('message',{ports:e.ports}))},{once:true})",
)}`;

let worker: Worker | undefined;

/** The page's origin is unknown here, and these messages contain no secrets. */
function postToPage(message: FromFrame): void {
  parent.postMessage(message, "*");
}

addEventListener("message", (event: MessageEvent<ToFrame>) => {
  if (event.source !== parent) return;
  const message = event.data;
  if (message.type !== "ping") worker?.terminate();
  if (message.type === "start") {
    worker = new Worker(bootstrap, { type: "module" });
    worker.addEventListener("error", ({ message: text }) =>
      postToPage({ type: "failed", id: message.id, message: text }),
    );
    worker.postMessage(message.source, [...event.ports]);
  }
  postToPage({ type: "alive", id: message.id });
});

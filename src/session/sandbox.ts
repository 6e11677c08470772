/**
 * The script of sandbox.html, the opaque-origin frame between the page and a session's worker.
 * It starts the worker, ends it, and says that the frame is alive; it runs no cell and sees no message of one.
 */
import type { FromFrame, ToFrame } from "./protocol";

/**
 * What the worker starts as. A data: worker is a secure context, so it has WebGPU; a blob: one in this frame is not.
 * The runtime follows as text, because Chromium refuses a data: URL of 2 MiB and starts a short one faster.
 */
const bootstrap = `data:text/javascript,${encodeURIComponent(
  "addEventListener('message',e=>{(0,eval)(e.data);dispatchEvent(new MessageEvent('message',{ports:e.ports}))},{once:true})",
)}`;

let worker: Worker | undefined;

/** The page's origin is not known here, and nothing in these messages is secret. */
function tell(message: FromFrame): void {
  parent.postMessage(message, "*");
}

addEventListener("message", (event: MessageEvent<ToFrame>) => {
  if (event.source !== parent) return;
  const message = event.data;
  if (message.type !== "ping") worker?.terminate();
  if (message.type === "start") {
    worker = new Worker(bootstrap, { type: "module" });
    worker.addEventListener("error", ({ message: text }) => tell({ type: "failed", id: message.id, message: text }));
    worker.postMessage(message.source, [...event.ports]);
  }
  tell({ type: "alive", id: message.id });
});

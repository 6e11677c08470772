/**
 * The page without walls, in which every attack succeeds: it trusts its worker, like a page written in a hurry. Plain
 * files, served unchanged.
 */
import { createServer, type Server } from "node:http";

/** Runs `code` with its names and returns its result. Both workers and the page do it this way. */
const execute = `
const execute = async ({ code, names }) => {
  const values = { ...names };
  const run = new (async () => {}).constructor(...Object.keys(values), code);
  return run(...Object.values(values));
};`;

const worker = `${execute}
addEventListener("message", async ({ data, ports }) => {
  const names = { ...data.names, port: ports[0], print: (text) => ports[0].postMessage({ type: "print", text }) };
  const value = await execute({ code: data.code, names }).catch(String);
  ports[1].postMessage(value === true);
});`;

const page = `<!doctype html>
<title>Control</title>
<body></body>
<script>
${execute}
const state = { polluted: false, answers: [], outputs: [], files: [], broadcasts: [], locks: [], messages: [] };
const merge = (target, source) => {
  for (const key of Object.getOwnPropertyNames(source ?? {})) {
    if (typeof source[key] === "object" && source[key] !== null) merge((target[key] ??= {}), source[key]);
    else target[key] = source[key];
  }
};
const receive = ({ data }) => {
  merge({}, data);
  if (data.type === "response") state.answers.push(data.value);
  if (data.type === "event" && data.event.output) {
    const { cell, output } = data.event;
    state.outputs.push({ cell, type: output.type, text: output.text });
  }
  if (data.type !== "hostRequest") return;
  if (data.request.kind === "readAsset") fetch(data.request.path).catch(() => {});
  else state.files.push(data.request.path);
};
new BroadcastChannel("attack").onmessage = ({ data }) => state.broadcasts.push(data);
globalThis.readState = async () => {
  const { held } = await navigator.locks.query();
  return { ...state, polluted: Boolean({}.polluted), locks: held.map(({ name }) => name) };
};
globalThis.attack = ({ realm, code, names }) => {
  if (realm === "window") return execute({ code, names: { ...names, port: undefined } });
  const started = new Worker("/worker.js", { type: realm === "worker" ? "module" : "classic" });
  started.onmessage = ({ data }) => state.messages.push(JSON.stringify(data));
  const session = new MessageChannel();
  const result = new MessageChannel();
  session.port1.onmessage = receive;
  started.postMessage({ code, names }, [session.port2, result.port2]);
  return new Promise((done) => (result.port1.onmessage = ({ data }) => done(data)));
};
</script>`;

export function createControlServer(): Server {
  return createServer(({ url }, response) => {
    const [type, body] =
      url === "/" ? ["text/html", page] : ["text/javascript", url?.startsWith("/worker.js") ? worker : ""];
    response.writeHead(200, { "Content-Type": type }).end(body);
  });
}

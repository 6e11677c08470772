/**
 * A static file server as simple as any host: it serves files with their types and sends no headers of its own.
 *
 *   node scripts/serve.mjs [FOLDER] [--port N] [--base /some/path/]
 */
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { root } from "./install.mjs";

/** @type {Record<string, string>} */
const types = {
  ".css": "text/css; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".ipynb": "application/json",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".md": "text/markdown; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

/** The loopback address as a number, because the name may mean ::1, where another program may use the same port. */
const host = "127.0.0.1";

/**
 * Returns the file that a request path refers to, or null. A folder refers to its index.html.
 * @param {string} folder
 * @param {string} base
 * @param {string} url
 */
function fileOf(folder, base, url) {
  try {
    const path = decodeURIComponent(new URL(url, "http://host").pathname);
    if (!path.startsWith(base)) return null;
    const wanted = resolve(folder, `./${path.slice(base.length)}`);
    if (wanted !== folder && !wanted.startsWith(folder + sep)) return null;
    const file = statSync(wanted).isDirectory() ? join(wanted, "index.html") : wanted;
    return { file, size: statSync(file).size };
  } catch {
    return null;
  }
}

/**
 * Creates a server of `folder` under `base` (with a slash at both ends).
 * @param {string} folder
 * @param {Record<string, string>} headers sent with every file in addition to its type and length
 */
export function createStaticServer(folder, base = "/", headers = {}) {
  const top = resolve(folder);
  return createServer((request, response) => {
    const found = fileOf(top, base, request.url ?? "/");
    if (!found || (request.method !== "GET" && request.method !== "HEAD")) {
      response.writeHead(found ? 405 : 404, { "Content-Type": "text/plain" }).end(found ? "GET only\n" : "Not found\n");
      return;
    }
    const type = types[extname(found.file).toLowerCase()] ?? "application/octet-stream";
    response.writeHead(200, { ...headers, "Content-Type": type, "Content-Length": found.size });
    if (request.method === "HEAD") response.end();
    else createReadStream(found.file).pipe(response);
  });
}

/**
 * Listens on the first free port starting at `port` (0: any), and resolves to the server's address.
 * @param {import("node:http").Server} server
 * @param {number} port
 * @param {number} attempts number of ports to try
 * @returns {Promise<string>}
 */
export function listen(server, port, attempts = 100) {
  return new Promise((done, fail) => {
    server.once("error", (error) => {
      const taken = "code" in error && error.code === "EADDRINUSE";
      if (taken && attempts > 1) done(listen(server, port + 1, attempts - 1));
      else fail(taken ? new Error(`Port ${port} is in use: choose another with --port.`) : error);
    });
    server.listen(port, host, () => {
      server.removeAllListeners("error");
      const address = server.address();
      done(`http://${host}:${typeof address === "object" ? address?.port : port}/`);
    });
  });
}

/**
 * Listens on the port of `--port`, or on the first free port starting at 4173.
 * @param {import("node:http").Server} server
 * @param {string | undefined} port
 */
export async function listenOn(server, port) {
  if (port === undefined) return listen(server, 4173);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new Error(`--port must be a number up to 65535, not ${port}.`);
  return listen(server, Number(port), 1);
}

async function main() {
  const options = /** @type {const} */ ({ port: { type: "string" }, base: { type: "string", default: "/" } });
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const base = `/${values.base}/`.replace(/\/+/g, "/");
  const server = createStaticServer(resolve(root, positionals[0] ?? "dist"), base);
  console.log(`${(await listenOn(server, values.port)).slice(0, -1)}${base}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}

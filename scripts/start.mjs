/**
 * From a fresh clone to the running app: installs what is missing, builds if sources changed, serves the build.
 *
 *   npm start [-- --port N --no-open]
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ensureModules, root } from "./install.mjs";
import { createStaticServer, listenOn } from "./serve.mjs";

/** All that a build is made of. */
const sources = [
  "src",
  "shaders",
  "public",
  "index.html",
  "sandbox.html",
  "vite.config.ts",
  "scripts/sessionPlugin.ts",
  "package-lock.json",
];

/**
 * The newest change in a file or folder, in milliseconds. A folder's own time tells of removed files.
 * @param {string} path
 * @returns {number}
 */
function newest(path) {
  if (!existsSync(path)) return 0;
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return readdirSync(path).reduce((time, name) => Math.max(time, newest(join(path, name))), status.mtimeMs);
}

/** Why a build is needed, or null if dist is newer than every source. */
function reasonToBuild() {
  const page = join(root, "dist", "index.html");
  if (!existsSync(page)) return "there is no build yet";
  const built = statSync(page).mtimeMs;
  const changed = sources.find((source) => newest(join(root, source)) > built);
  return changed ? `${changed} changed since the last build` : null;
}

function buildIfNeeded() {
  const reason = reasonToBuild();
  if (!reason) {
    console.log("The build is up to date.");
    return;
  }
  console.log(`Building: ${reason} ...`);
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const { status } = spawnSync(process.execPath, [vite, "build", "--logLevel", "warn"], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) throw new Error("The build failed: see its message above.");
}

/**
 * Opens the default browser where there is a desktop. A failure is no matter: the address is on the screen.
 * @param {string} address
 */
function openBrowser(address) {
  const { env, platform } = process;
  if (env.CI || (platform === "linux" && !env.DISPLAY && !env.WAYLAND_DISPLAY)) return;
  const [command, args] =
    platform === "darwin"
      ? ["open", [address]]
      : platform === "win32"
        ? ["cmd", ["/c", "start", "", address]]
        : ["xdg-open", [address]];
  spawn(command, args, { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}

async function main() {
  const { values } = parseArgs({ options: { port: { type: "string" }, "no-open": { type: "boolean" } } });
  ensureModules();
  buildIfNeeded();
  const server = createStaticServer(join(root, "dist"));
  const address = await listenOn(server, values.port);
  console.log(`Weightroom is at ${address} (Ctrl+C ends it)`);
  if (!values["no-open"]) openBrowser(address);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(0));
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

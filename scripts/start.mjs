/**
 * Runs the app from a fresh clone: installs missing packages, builds if sources changed, and serves the build.
 *
 *   npm start [-- --port N --no-open]
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildIfNeeded } from "./build.mjs";
import { ensureModules, root } from "./install.mjs";
import { createStaticServer, listenOn } from "./serve.mjs";

/**
 * Opens the default browser if there is a desktop. Failures are ignored, because the address is printed too.
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
  console.log(`Weightroom is running at ${address} (Ctrl+C to stop)`);
  if (!values["no-open"]) openBrowser(address);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(0));
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

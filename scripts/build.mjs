import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./install.mjs";

/** Inputs of the build. */
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
 * Returns the latest modification time in a file or folder, in milliseconds. A folder's time reveals removed files.
 * @param {string} path
 * @returns {number}
 */
function newest(path) {
  if (!existsSync(path)) return 0;
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return readdirSync(path).reduce((time, name) => Math.max(time, newest(join(path, name))), status.mtimeMs);
}

/** Returns the reason for a build, or null if dist is newer than every source. */
function reasonToBuild() {
  const page = join(root, "dist", "index.html");
  if (!existsSync(page)) return "there is no build yet";
  const built = statSync(page).mtimeMs;
  const changed = sources.find((source) => newest(join(root, source)) > built);
  return changed ? `${changed} changed since the last build` : null;
}

/**
 * Builds into dist unless it is up to date, and reports which. Progress goes to stderr, because stdout is for results.
 */
export function buildIfNeeded() {
  const reason = reasonToBuild();
  if (!reason) {
    console.error("The build is up to date.");
    return;
  }
  console.error(`Building: ${reason} ...`);
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const { status } = spawnSync(process.execPath, [vite, "build", "--logLevel", "warn"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) throw new Error("The build failed: see its message above.");
}

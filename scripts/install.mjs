import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

/**
 * Returns true if node_modules is older than package-lock.json. npm writes its hidden lock file last.
 * @param {string} folder
 */
function modulesAreStale(folder) {
  const installed = join(folder, "node_modules", ".package-lock.json");
  return !existsSync(installed) || statSync(installed).mtimeMs < statSync(join(folder, "package-lock.json")).mtimeMs;
}

/**
 * Installs the pinned packages of the repository, or of a folder with its own package.json, if they are missing or
 * older than the lock file. It uses only Node's built-in modules, so that it runs on a fresh clone. Progress goes to
 * stderr, because stdout is for results.
 */
export function ensureModules(folder = root) {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`Weightroom needs Node 20.19 or later, and this is ${process.versions.node}.`);
  }
  if (!modulesAreStale(folder)) return;
  console.error("Installing packages (npm ci) ...");
  // On Windows, npm is a .cmd file, which only a shell can start.
  const { status } = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: folder,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error("npm ci failed: see its message above.");
}

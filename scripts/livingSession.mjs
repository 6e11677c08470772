/**
 * Runs many models in one process on GPU:0 and on CPU:0, like a page that stays open: see src/testing/livingSession/.
 *
 *   node scripts/livingSession.mjs [--from N] [--count N]    seeds N to N + count - 1, by default 1 to 2000
 *
 * Prints every error and difference with its seed, and a summary line. Exit code 1 if there is any, 2 for invalid
 * arguments. WebGPU is Dawn's, in software unless WEIGHTROOM_GPU=1.
 */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "vite";
import { nodeEnvironment } from "../bench/driver/realms.mjs";
import { ensureModules, root } from "./install.mjs";

const bench = join(root, "bench");
const outDir = join(bench, "dist", "livingSession");

function readArguments() {
  const { values } = parseArgs({
    options: { from: { type: "string", default: "1" }, count: { type: "string", default: "2000" } },
  });
  const [from, count] = [Number(values.from), Number(values.count)];
  if (Number.isInteger(from) && Number.isInteger(count) && count > 0) return { from, count };
  throw new Error("usage: node scripts/livingSession.mjs [--from N] [--count N]");
}

async function bundle() {
  await build({
    configFile: false,
    root,
    publicDir: false,
    logLevel: "warn",
    build: { outDir, target: "node20", ssr: "src/testing/livingSession/inNode.ts", minify: false },
  });
}

/**
 * Runs in a child process: only there can the garbage collector be called, and only there does Vulkan's loader find its
 * driver.
 */
async function live() {
  const { from, count } = readArguments();
  const { create, globals } = createRequire(join(bench, "package.json"))("webgpu");
  Object.assign(globalThis, globals);
  const { runInNode } = await import(pathToFileURL(join(outDir, "inNode.js")).href);
  const isWell = await runInNode(create([]), from, count);
  // Dawn's threads would keep the process alive.
  process.exit(isWell ? 0 : 1);
}

async function main() {
  readArguments();
  ensureModules(bench);
  await bundle();
  const self = fileURLToPath(import.meta.url);
  const { status, signal } = spawnSync(process.execPath, ["--expose-gc", self, ...process.argv.slice(2)], {
    env: { ...nodeEnvironment(), LIVING_SESSION: "1" },
    stdio: "inherit",
  });
  if (signal) console.log(`The process ended with ${signal}.`);
  process.exitCode = status ?? 1;
}

try {
  await (process.env.LIVING_SESSION ? live() : main());
} catch (error) {
  console.error(error instanceof Error ? error.stack : error);
  process.exitCode = 2;
}

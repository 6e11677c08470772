/**
 * Measures the runtime against the peers listed in bench/package.json, and prints medians and ratios.
 *
 *   npm run bench -- [--only ID,ID] [--full] [--json FILE]         in headless Chromium
 *   npm run bench:node -- [--only ID,ID] [--full] [--json FILE]    in Node, with Dawn for WebGPU
 *
 * Exit code 1 if a system failed or its results differ from those of the others, 2 for invalid arguments.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openBrowserRealms, openNodeRealms } from "../bench/driver/realms.mjs";
import { firstsTable, floorRow, floorsTable, mediansTable, ratiosTable, toJson } from "../bench/driver/report.mjs";
import { runRow } from "../bench/driver/runRow.mjs";
import { ensureModules, root } from "./install.mjs";

const folder = join(root, "bench");

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/** Thrown for invalid arguments. */
class UsageError extends Error {}

function readArguments() {
  const flag = /** @type {const} */ ({ type: "boolean", default: false });
  const text = /** @type {const} */ ({ type: "string" });
  try {
    return parseArgs({ options: { node: flag, full: flag, only: text, json: text } }).values;
  } catch (error) {
    throw new UsageError(`${messageOf(error)}\nusage: npm run bench -- [--only ID,ID] [--full] [--json FILE]`);
  }
}

/** Builds the page, or the module for Node. @param {boolean} node */
function build(node) {
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const mode = node ? ["--mode", "node"] : [];
  const args = [vite, "build", "--config", join(folder, "vite.config.ts"), "--logLevel", "warn", ...mode];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error("The build failed: see its message above.");
}

/**
 * Returns the requested rows.
 * @param {readonly import("../bench/driver/runRow.mjs").Row[]} workloads
 * @param {{ only?: string, full?: boolean }} options
 */
function choose(workloads, { only, full }) {
  const known = workloads.map(({ id }) => id);
  if (only === undefined) return workloads.filter((row) => full || row.full !== "row");
  const wanted = only.split(",");
  if (wanted.every((id) => known.includes(id))) return workloads.filter(({ id }) => wanted.includes(id));
  throw new UsageError(`--only accepts ${known.join(", ")}, not ${only}.`);
}

/** @param {import("../bench/driver/realms.mjs").Remote} remote @returns {import("../bench/driver/runRow.mjs").Realm} */
function asRealm({ call, close }) {
  return {
    prepare: (workload, system) => call("prepare", workload, system),
    run: (system, steps) => call("run", system, steps),
    close,
  };
}

/**
 * Describes the realms before anything is measured.
 * @param {import("../bench/driver/realms.mjs").Realms} realms
 */
async function ask(realms) {
  const remote = await realms.open(false);
  const { systems, workloads } = await remote.call("describe");
  const adapter = await remote.call("machine");
  await remote.close();
  const [cpu] = cpus();
  const machine = `${cpus().length} cores (${cpu?.model.trim()}), ${process.platform}, ${realms.name}, ${adapter}`;
  return { systems, workloads, machine };
}

/** @param {readonly import("../bench/driver/report.mjs").RowResult[]} results @param {readonly { id: string, own: boolean }[]} systems */
function print(results, systems) {
  const ids = systems.map(({ id }) => id);
  const peers = systems.filter(({ own }) => !own).map(({ id }) => id);
  console.log(`\nMedians.\n\n${mediansTable(results, ids)}`);
  const firsts = firstsTable(results, ids);
  if (firsts) console.log(`\nFrom an open device with nothing prepared to the first loss.\n\n${firsts}`);
  const floors = floorsTable(results, ids);
  if (floors) console.log(`\nAll operations of a step at the system's speed in ${floorRow}.\n\n${floors}`);
  console.log("\nHow many times as fast.");
  for (const { id } of systems.filter(({ own }) => own)) console.log(`\n${ratiosTable(results, id, peers)}`);
}

/** @param {ReturnType<typeof readArguments>} options @param {import("../bench/driver/realms.mjs").Realms} realms */
async function measure(options, realms) {
  const { systems, workloads, machine } = await ask(realms);
  const rows = choose(workloads, options);
  console.log(`${new Date().toISOString().slice(0, 10)}: ${machine}`);
  const results = [];
  let failed = false;
  for (const row of rows) {
    console.error(`${row.id}: ${row.title} ...`);
    const start = performance.now();
    const chosen = systems.filter(({ own }) => own || row.full !== "peers" || options.full);
    const result = await runRow(row, chosen, async (fresh) => asRealm(await realms.open(fresh)));
    const { notes, failures } = result;
    for (const note of notes) console.error(`  ${note}`);
    for (const failure of failures) console.error(`  FAILED ${failure}`);
    console.error(`  in ${((performance.now() - start) / 1000).toFixed(0)} s`);
    failed ||= failures.length > 0;
    results.push({ row, ...result });
  }
  print(results, systems);
  const ids = systems.map(({ id }) => id);
  if (options.json) writeFileSync(options.json, `${JSON.stringify(toJson(results, ids), undefined, 2)}\n`);
  return failed ? 1 : 0;
}

async function main() {
  const options = readArguments();
  ensureModules();
  ensureModules(folder);
  build(options.node);
  const dist = join(folder, "dist");
  const realms = options.node
    ? openNodeRealms(join(dist, "node", "node.js"))
    : await openBrowserRealms(join(dist, "page"));
  try {
    return await measure(options, realms);
  } finally {
    await realms.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

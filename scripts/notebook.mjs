/**
 * Runs a notebook in the real app in headless Chromium and writes it with its outputs.
 *
 *   npm run notebook -- FILE.ipynb [--device cpu|gpu] [--output OUT.ipynb]
 *
 * Exit code 1 if a cell failed, 2 if the requested device is absent: there is no silent fallback.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { buildIfNeeded } from "./build.mjs";
import { browserArguments, ensureBrowser } from "./browser.mjs";
import { ensureModules, root } from "./install.mjs";
import { createStaticServer, listen } from "./serve.mjs";

const usage = "usage: npm run notebook -- FILE.ipynb [--device cpu|gpu] [--output OUT.ipynb]";

/** Exit code for invalid arguments or an absent device. */
const exitUsage = 2;

function readArguments() {
  const options = /** @type {const} */ ({ device: { type: "string" }, output: { type: "string" } });
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [file] = positionals;
  const known = values.device === undefined || values.device === "cpu" || values.device === "gpu";
  if (!file || positionals.length > 1 || !known) throw new Error(usage);
  return { file, device: values.device, output: values.output };
}

/** @param {{ output_type: string, text?: string[], data?: Record<string, string[] | string>, traceback?: string[] }} output */
function textOf(output) {
  const text = output.text ?? output.data?.["text/plain"] ?? output.traceback?.join("\n") ?? "";
  const joined = typeof text === "string" ? text : text.join("");
  return joined.endsWith("\n") ? joined : `${joined}\n`;
}

/** Prints the outputs of all cells; errors go to stderr. @param {string} notebook */
function printOutputs(notebook) {
  for (const cell of JSON.parse(notebook).cells) {
    for (const output of cell.outputs ?? []) {
      (output.output_type === "error" ? process.stderr : process.stdout).write(textOf(output));
    }
  }
}

/**
 * @param {import("@playwright/test").Page} page
 * @param {ReturnType<typeof readArguments>} call
 */
async function runIn(page, { file, device, output }) {
  const state = await page.evaluate(() => window.weightroom.ready());
  if (device === "gpu" && state.gpu !== "ready") {
    console.error(`No GPU: ${state.gpu}. Run without --device gpu to compute on CPU:0.`);
    return exitUsage;
  }
  const [used] = state.devices;
  if (used) console.error(`Running on ${[used.device, used.vendor, used.architecture].filter(Boolean).join(" ")} ...`);
  const given = { name: basename(file), text: readFileSync(file, "utf8") };
  await page.evaluate(({ name, text }) => window.weightroom.open(name, text), given);
  const failed = await page.evaluate(() => window.weightroom.runAll());
  const notebook = await page.evaluate(() => window.weightroom.print());
  printOutputs(notebook);
  if (output) writeFileSync(output, notebook);
  for (const { cell, status } of failed) console.error(`Cell ${cell}: ${status}`);
  return failed.length > 0 ? 1 : 0;
}

async function main() {
  const call = readArguments();
  ensureModules();
  buildIfNeeded();
  const { chromium } = await import("@playwright/test");
  const server = createStaticServer(join(root, "dist"));
  const address = await listen(server, 0);
  // Without WebGPU the app computes on CPU:0, as --device cpu requests.
  const args = browserArguments(call.device === "cpu" ? { webgpu: false } : {});
  const browser = await chromium.launch({ executablePath: ensureBrowser(), args });
  try {
    const page = await browser.newPage();
    await page.goto(address);
    await page.waitForFunction(() => window.weightroom);
    return await runIn(page, call);
  } finally {
    await browser.close();
    server.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = exitUsage;
}

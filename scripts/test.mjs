/**
 * Runs all checks from a fresh clone: installs missing packages, runs every step, and prints the totals in the last
 * line.
 *
 *   npm test            everything
 *   npm run test:quick  format, lint, types, tiers, sizes, unit tests in Node
 *   npm run test:full   everything, with the long matrices of the tests (WEIGHTROOM_FULL=1)
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { ensureBrowser } from "./browser.mjs";
import { ensureModules, root } from "./install.mjs";
import { countStep, timingsOf } from "./testReport.mjs";

/**
 * A step passes or fails as a whole, unless its tool counts its own tests and writes them to a report.
 * @typedef {object} Step
 * @property {string} name
 * @property {string[]} command a Node script and its arguments
 * @property {boolean} [quick] part of `--quick`
 * @property {boolean} [full] part of `--full` only
 * @property {"vitest" | "playwright"} [report]
 * @property {string[]} [needs] the steps that must pass before this one
 */

const reports = mkdtempSync(join(tmpdir(), "weightroom-test-"));
const tsc = "node_modules/@typescript/native/bin/tsc";
const vitest = "node_modules/vitest/vitest.mjs";

/** Time limit in milliseconds. A tool that exceeds it is killed and its step fails. */
const limit = 15 * 60_000;

/** @type {Step[]} */
const steps = [
  { name: "format", quick: true, command: ["node_modules/oxfmt/bin/oxfmt", "--check"] },
  { name: "lint", quick: true, command: ["node_modules/oxlint/bin/oxlint", "--type-aware", "--deny-warnings"] },
  { name: "types of page, tests and scripts", quick: true, command: [tsc, "-p", "tsconfig.json"] },
  { name: "types of the runtime, without a DOM", quick: true, command: [tsc, "-p", "tsconfig.runtime.json"] },
  { name: "tiers and cycles", quick: true, command: ["scripts/checkTiers.mjs"] },
  { name: "sizes", quick: true, command: ["scripts/checkSizes.mjs"] },
  { name: "unit tests in Node", quick: true, report: "vitest", command: [vitest, "run", "--project", "node"] },
  { name: "unit tests on WebGPU", report: "vitest", command: [vitest, "run", "--project", "browser*"] },
  { name: "a living session in Node", full: true, command: ["scripts/livingSession.mjs"] },
  { name: "build", command: ["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"] },
  { name: "library: packed, installed, used", command: ["scripts/library/checkLibrary.mjs"] },
  { name: "size budget", needs: ["build"], command: ["scripts/checkBudget.mjs"] },
  {
    name: "end to end",
    needs: ["build"],
    report: "playwright",
    command: ["node_modules/@playwright/test/cli.js", "test", "--config", "e2e/playwright.config.ts"],
  },
];

/**
 * Runs a Node script and resolves to its exit code and its output.
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ code: number; output: string }>}
 */
function runNode(args, env) {
  return new Promise((done) => {
    const timeout = process.env.WEIGHTROOM_FULL ? 4 * limit : limit;
    const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...env }, timeout });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (/** @type {string} */ text) => (output += text));
    }
    child.on("close", (code, signal) =>
      done({ code: code ?? 1, output: signal ? `${output}\nEnded: ${signal}` : output }),
    );
  });
}

/**
 * Returns the arguments and environment that make a step's tool write a report in addition to its usual output.
 * @param {Step} step
 * @param {string} file
 * @returns {{ args: string[]; env: NodeJS.ProcessEnv }}
 */
function reporting({ report }, file) {
  if (report === "vitest") {
    return { args: ["--reporter=dot", "--reporter=json", `--outputFile.json=${file}`], env: {} };
  }
  if (report === "playwright") return { args: ["--reporter=line,json"], env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file } };
  return { args: [], env: {} };
}

/**
 * @param {Step} step
 * @returns {Promise<import("./testReport.mjs").Counts & { timings: import("./testReport.mjs").Timing[]; output: string }>}
 */
async function runStep(step) {
  const file = join(reports, `${step.name.replaceAll(" ", "-")}.json`);
  const { args, env } = reporting(step, file);
  const { code, output } = await runNode([...step.command, ...args], env);
  return { ...countStep(code, step.report, file), timings: timingsOf(step.report, file), output };
}

/** @param {number} since */
function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** Steps that run at the same time. Most of them use two cores. */
const lanes = Math.max(1, Math.floor(availableParallelism() / 2));

/** Runs steps in their order, several at a time, each after the step that it needs. */
class Schedule {
  total = { passed: 0, failed: 0 };
  /** @type {import("./testReport.mjs").Timing[]} */
  timings = [];
  /** Whether each finished step passed. @type {Map<string, boolean>} */
  #finished = new Map();
  /** @type {Step[]} */
  #waiting;

  /** @param {Step[]} chosen */
  constructor(chosen) {
    this.#waiting = [...chosen];
  }

  async run() {
    await Promise.all(Array.from({ length: lanes }, () => this.#runLane()));
  }

  async #runLane() {
    while (this.#waiting.length > 0) {
      const step = this.#waiting.find(({ needs = [] }) => needs.every((name) => this.#finished.has(name)));
      if (step) {
        this.#waiting.splice(this.#waiting.indexOf(step), 1);
        await this.#runOne(step);
      } else {
        // Another lane runs a step that the others need.
        await new Promise((resume) => setTimeout(resume, 100));
      }
    }
  }

  /** @param {Step} step */
  async #runOne(step) {
    const missing = step.needs?.find((name) => !this.#finished.get(name));
    if (missing) {
      this.#finished.set(step.name, false);
      console.log(`${step.name} ... NOT RUN: ${missing} failed`);
      return;
    }
    const start = performance.now();
    const { passed, failed, skipped, timings, output } = await runStep(step);
    const counts = step.report ? `, ${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}` : "";
    console.log(`${step.name} ... ${failed ? "FAILED" : "ok"} (${seconds(start)}${counts})`);
    // Some tools write colours even to a log.
    if (failed) console.log(`\n${stripVTControlCharacters(output).trim()}\n`);
    this.#finished.set(step.name, !failed);
    this.total.passed += passed;
    this.total.failed += failed;
    this.timings.push(...timings);
  }
}

/** @param {import("./testReport.mjs").Timing[]} timings */
function printSlowest(timings) {
  const slowest = timings.toSorted((a, b) => b.milliseconds - a.milliseconds).slice(0, 10);
  if (slowest.length === 0) return;
  console.log("\nslowest tests:");
  for (const { name, milliseconds } of slowest)
    console.log(`${(milliseconds / 1000).toFixed(1).padStart(7)} s  ${name}`);
}

async function main() {
  const [quick, full] = ["--quick", "--full"].map((name) => process.argv.includes(name));
  if (full) process.env.WEIGHTROOM_FULL = "1";
  const start = performance.now();
  ensureModules();
  if (!quick) console.log(`browser: ${ensureBrowser()}`);
  const schedule = new Schedule(steps.filter((step) => (step.quick || !quick) && (full || !step.full)));
  await schedule.run();
  const { passed, failed } = schedule.total;
  printSlowest(schedule.timings);
  console.log(`\nin ${seconds(start)}\n${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}

try {
  await main();
} catch (error) {
  // Packages or a browser could not be installed, so nothing ran.
  console.error(error instanceof Error ? error.message : error);
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
} finally {
  rmSync(reports, { recursive: true, force: true });
}

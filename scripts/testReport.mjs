import { readFileSync } from "node:fs";

/** @typedef {{ passed: number; failed: number; skipped: number }} Counts */
/** @typedef {{ name: string; milliseconds: number }} Timing */

/**
 * Reads the JSON report of a tool. All counts are 0 if there is none.
 * @param {"vitest" | "playwright"} tool
 * @param {string} file
 * @returns {Counts}
 */
function readReport(tool, file) {
  try {
    const report = JSON.parse(readFileSync(file, "utf8"));
    if (tool === "vitest") {
      const { numPassedTests, numFailedTests, numPendingTests } = report;
      return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests };
    }
    const { expected, unexpected, flaky, skipped } = report.stats;
    return { passed: expected, failed: unexpected + flaky, skipped };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

/**
 * Returns a step's counts. A step without a report counts as one. A step with a report also fails if no test ran, or if
 * the tool failed although every test passed (a file that does not load, or an error outside any test).
 * @param {number} code the tool's exit code
 * @param {"vitest" | "playwright" | undefined} tool
 * @param {string} file
 * @returns {Counts}
 */
export function countStep(code, tool, file) {
  const ok = code === 0;
  if (!tool) return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
  const counts = readReport(tool, file);
  return ok && counts.passed > 0 ? counts : { ...counts, failed: Math.max(1, counts.failed) };
}

/**
 * Returns the duration of every test that ran; empty if there is no report.
 * @param {"vitest" | "playwright" | undefined} tool
 * @param {string} file
 * @returns {Timing[]}
 */
export function timingsOf(tool, file) {
  if (!tool) return [];
  try {
    const report = JSON.parse(readFileSync(file, "utf8"));
    return tool === "vitest" ? vitestTimings(report) : report.suites.flatMap(playwrightTimings);
  } catch {
    return [];
  }
}

/**
 * @param {{ testResults: { assertionResults: { fullName: string; duration?: number }[] }[] }} report
 * @returns {Timing[]}
 */
function vitestTimings({ testResults }) {
  return testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ fullName, duration = 0 }) => ({ name: fullName, milliseconds: duration })),
  );
}

/**
 * @typedef {object} PlaywrightSuite
 * @property {{ title: string; tests: { results: { duration: number }[] }[] }[]} [specs]
 * @property {PlaywrightSuite[]} [suites]
 */

/**
 * @param {PlaywrightSuite} suite
 * @returns {Timing[]}
 */
function playwrightTimings({ specs = [], suites = [] }) {
  const own = specs.flatMap(({ title, tests }) =>
    tests.flatMap(({ results }) => results.map(({ duration }) => ({ name: title, milliseconds: duration }))),
  );
  return [...own, ...suites.flatMap(playwrightTimings)];
}

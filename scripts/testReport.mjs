import { readFileSync } from "node:fs";

/** @typedef {{ passed: number; failed: number; skipped: number }} Counts */

/**
 * What the JSON report of a tool says; nothing of anything if there is none.
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
 * A step's counts. Without a report it counts as one; with one it fails also where no test ran, and where the tool
 * failed with every test passed: a file that does not load, an error outside any test.
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

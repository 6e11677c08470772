/** Results as a table for people and as JSON for programs. */

/**
 * @typedef {import("./runRow.mjs").Row} Row
 * @typedef {{ row: Row, medians: ReadonlyMap<string, number> }} RowResult
 */

/** Three significant digits, without an exponent. @param {number} value */
export function formatNumber(value) {
  const digits = value > 0 ? Math.max(0, 2 - Math.floor(Math.log10(value))) : 0;
  return value.toFixed(Math.min(digits, 6));
}

/**
 * A Markdown table whose columns are also straight as plain text; the first column is left-aligned.
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
export function formatTable(head, rows) {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => (row[column] ?? "").length)));
  const pad = (/** @type {string} */ cell, /** @type {number} */ column) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  const line = (/** @type {readonly string[]} */ cells) =>
    `| ${head.map((_, column) => pad(cells[column] ?? "", column)).join(" | ")} |`;
  const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

/**
 * The medians, one workload a row, one system a column.
 * @param {readonly RowResult[]} results
 * @param {readonly string[]} systems
 */
export function mediansTable(results, systems) {
  const cell = (/** @type {number | undefined} */ value) => (value === undefined ? "-" : formatNumber(value));
  return formatTable(
    ["workload", "unit", ...systems],
    results.map(({ row, medians }) => [row.id, row.unit, ...systems.map((system) => cell(medians.get(system)))]),
  );
}

/**
 * How many times as fast `own` is as each of the others.
 * @param {readonly RowResult[]} results
 * @param {string} own
 * @param {readonly string[]} others
 */
export function ratiosTable(results, own, others) {
  const ratio = (/** @type {RowResult} */ { row, medians }, /** @type {string} */ other) => {
    const [ours, theirs] = [medians.get(own), medians.get(other)];
    if (!ours || !theirs) return "-";
    return `${formatNumber(row.unit === "ms" ? theirs / ours : ours / theirs)}x`;
  };
  return formatTable(
    [`${own} against`, ...others],
    results.map((result) => [result.row.id, ...others.map((other) => ratio(result, other))]),
  );
}

/**
 * `[{ workload, system, median, unit }]`, in the order of the rows and of the systems.
 * @param {readonly RowResult[]} results
 * @param {readonly string[]} systems
 */
export function toJson(results, systems) {
  return results.flatMap(({ row, medians }) =>
    systems.flatMap((system) => {
      const median = medians.get(system);
      return median === undefined ? [] : [{ workload: row.id, system, median, unit: row.unit }];
    }),
  );
}

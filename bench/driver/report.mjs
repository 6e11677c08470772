/** Formats results as tables and as JSON. */

/**
 * @typedef {import("./runRow.mjs").Row} Row
 * @typedef {Pick<import("./runRow.mjs").Result, "medians" | "firsts" | "failed"> & { row: Row }} RowResult
 */

/** Formats a number with three significant digits, without an exponent. @param {number} value */
export function formatNumber(value) {
  const digits = value > 0 ? Math.max(0, 2 - Math.floor(Math.log10(value))) : 0;
  return value.toFixed(Math.min(digits, 6));
}

/**
 * Formats a Markdown table with aligned columns, which is readable as plain text too. The first column is left-aligned.
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

/** @param {number | undefined} value */
function cellOf(value) {
  return value === undefined ? "-" : formatNumber(value);
}

/**
 * Returns the table of medians, one row per workload and one column per system.
 * @param {readonly RowResult[]} results
 * @param {readonly string[]} systems
 */
export function mediansTable(results, systems) {
  const cell = (/** @type {RowResult} */ { medians, failed }, /** @type {string} */ system) =>
    failed.has(system) && !medians.has(system) ? "failed" : cellOf(medians.get(system));
  return formatTable(
    ["workload", "unit", ...systems],
    results.map((result) => [result.row.id, result.row.unit, ...systems.map((system) => cell(result, system))]),
  );
}

/**
 * Returns the table of times to the first result, for rows reported in full; undefined if there are none.
 * @param {readonly RowResult[]} results
 * @param {readonly string[]} systems
 */
export function firstsTable(results, systems) {
  const rows = results
    .filter(({ row }) => row.details)
    .map(({ row, firsts }) => [row.id, "ms", ...systems.map((system) => cellOf(firsts.get(system)))]);
  return rows.length > 0 ? formatTable(["first step", "unit", ...systems], rows) : undefined;
}

/** The row whose speed is taken as the best that a system can reach. */
export const floorRow = "matmul-1024";

/**
 * Returns the table of lower bounds, for rows reported in full: the time of one step if all of its operations ran at
 * the system's speed in `floorRow`. Undefined if there are no such rows or `floorRow` was not measured.
 * @param {readonly RowResult[]} results
 * @param {readonly string[]} systems
 */
export function floorsTable(results, systems) {
  const speeds = results.find(({ row }) => row.id === floorRow)?.medians;
  const detailed = results.filter(({ row }) => row.details);
  if (!speeds || detailed.length === 0) return undefined;
  const floor = (/** @type {Row} */ { flops }, /** @type {number | undefined} */ speed) =>
    cellOf(speed === undefined ? undefined : flops / speed / 1e6);
  return formatTable(
    ["floor", "unit", ...systems],
    detailed.map(({ row }) => [row.id, "ms", ...systems.map((system) => floor(row, speeds.get(system)))]),
  );
}

/**
 * Returns the table of ratios: how many times faster `own` is than each of the others.
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
 * Returns `[{ workload, system, median, unit }]` in the order of the rows and systems, with `first` in milliseconds for
 * rows reported in full.
 * @param {readonly RowResult[]} results
 * @param {readonly string[]} systems
 */
export function toJson(results, systems) {
  return results.flatMap(({ row, medians, firsts }) =>
    systems.flatMap((system) => {
      const median = medians.get(system);
      const result = { workload: row.id, system, median, unit: row.unit };
      return median === undefined ? [] : [row.details ? { ...result, first: firsts.get(system) } : result];
    }),
  );
}

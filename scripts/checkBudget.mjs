/**
 * Checks the sizes of downloads against a budget, in gzipped bytes: see docs/decisions/0003-size-budget.md and 0023.
 */
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { bundleLibrary, entryFiles } from "./library/buildLibrary.mjs";
import { root } from "./install.mjs";
import { listFiles } from "./sources.mjs";

const kilobyte = 1000;

/**
 * Limits by what a reader waits for. `chunk` applies to every other script or style of the build. `library` is its entry
 * with everything that it imports at once, `runtime` is the same without file formats and data sets, and `later` is
 * everything that the library loads when it is first used.
 */
export const budget = {
  firstLoad: 260 * kilobyte,
  chunk: 260 * kilobyte,
  library: 100 * kilobyte,
  runtime: 80 * kilobyte,
  later: 55 * kilobyte,
};

/** @param {string | Uint8Array} content */
function gzippedSize(content) {
  return gzipSync(content, { level: 9 }).length;
}

/**
 * Returns the files that index.html requests before anything runs: its script, that script's imports and its styles.
 * @param {string} html
 */
export function firstLoadFiles(html) {
  const tags = html.match(/<(?:script|link)\b[^>]*>/g) ?? [];
  return tags
    .filter((tag) => /^<script|rel="(?:modulepreload|stylesheet)"/.test(tag))
    .map((tag) => /(?:src|href)="([^"]+)"/.exec(tag)?.[1])
    .filter((url) => url !== undefined)
    .map((url) => posix.normalize(url.replace(/^\//, "")));
}

/**
 * Returns the size of the library's entry with all that it imports at once, and of its other files.
 * @param {RegExp[]} [external] modules that are not counted
 */
async function librarySizes(external) {
  const files = await bundleLibrary(external);
  const atOnce = new Set(entryFiles(files));
  const sizes = { entry: 0, later: 0 };
  for (const [name, { code }] of files) sizes[atOnce.has(name) ? "entry" : "later"] += gzippedSize(code);
  return sizes;
}

/** @typedef {{ name: string; size: number; limit: number }} Row */

/**
 * Returns the names of rows that exceed their limit or are missing.
 * @param {Row[]} rows
 */
export function overBudget(rows) {
  return rows.filter(({ size, limit }) => size > limit || size === 0).map(({ name }) => name);
}

/** @param {Row} row */
function describe({ name, size, limit }) {
  const [is, most] = [size, limit].map((bytes) => `${(bytes / kilobyte).toFixed(1)} kB`);
  return `${name}: ${is} gzipped, at most ${most}`;
}

async function main() {
  const dist = join(root, "dist");
  /** @param {string} file */
  const sizeOf = (file) => gzippedSize(readFileSync(join(dist, file)));
  const first = firstLoadFiles(readFileSync(join(dist, "index.html"), "utf8"));
  const later = listFiles(dist, ".", /\.(m?js|css)$/).filter((file) => !first.includes(file));
  const library = await librarySizes();
  // What a computing program imports: file formats and data sets are extra.
  const runtime = await librarySizes([/\/(formats|datasets)\//]);
  const rows = [
    { name: "first load", size: first.reduce((sum, file) => sum + sizeOf(file), 0), limit: budget.firstLoad },
    { name: "library", size: library.entry, limit: budget.library },
    { name: "runtime", size: runtime.entry, limit: budget.runtime },
    { name: "library, loaded later", size: library.later, limit: budget.later },
    ...later.map((file) => ({ name: file, size: sizeOf(file), limit: budget.chunk })),
  ];
  const over = overBudget(rows);
  console.log(rows.map(describe).join("\n"));
  if (over.length) console.log(`Over budget: ${over.join(", ")}`);
  process.exitCode = over.length ? 1 : 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();

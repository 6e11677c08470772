/** Holds what a reader downloads to a budget, in gzipped bytes: see docs/decisions/0003-size-budget.md. */
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { root } from "./install.mjs";
import { listFiles } from "./sources.mjs";

const kilobyte = 1000;

/** By what a reader waits for. `chunk` holds for every other script or style that the build wrote. */
export const budget = { firstLoad: 260 * kilobyte, chunk: 260 * kilobyte, library: 50 * kilobyte };

/** @param {string | Uint8Array} content */
function gzippedSize(content) {
  return gzipSync(content, { level: 9 }).length;
}

/**
 * What index.html asks for before anything runs: its script, what that imports, its styles.
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

/** The library as a program would import it: src/index.ts and all that it needs. */
async function librarySize() {
  const result = await build({
    configFile: false,
    root,
    logLevel: "silent",
    publicDir: false,
    build: { write: false, lib: { entry: "src/index.ts", formats: ["es"] }, minify: true },
  });
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((each) => ("output" in each ? each.output : []));
  const code = outputs.map((output) => (output.type === "chunk" ? output.code : "")).join("");
  return gzippedSize(code);
}

/**
 * One line of the report.
 * @param {string} name
 * @param {number} size
 * @param {number} limit
 */
function row(name, size, limit) {
  const [is, most] = [size, limit].map((bytes) => `${(bytes / kilobyte).toFixed(1)} kB`);
  return { text: `${size > limit ? "TOO BIG " : ""}${name}: ${is} gzipped, at most ${most}`, ok: size <= limit };
}

async function main() {
  const dist = join(root, "dist");
  /** @param {string} file */
  const sizeOf = (file) => gzippedSize(readFileSync(join(dist, file)));
  const first = firstLoadFiles(readFileSync(join(dist, "index.html"), "utf8"));
  const all = listFiles(dist, ".", /\.(m?js|css)$/);
  const rows = [
    row(
      "first load",
      first.map(sizeOf).reduce((sum, size) => sum + size, 0),
      budget.firstLoad,
    ),
    row("library", await librarySize(), budget.library),
    ...all.filter((file) => !first.includes(file)).map((file) => row(file, sizeOf(file), budget.chunk)),
  ];
  console.log(rows.map(({ text }) => text).join("\n"));
  process.exitCode = rows.every(({ ok }) => ok) && first.length > 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();

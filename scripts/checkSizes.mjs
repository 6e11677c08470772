/** Limits the length of source files and functions. Tests and their helpers are exempt. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { root } from "./install.mjs";
import { isTest, listFiles } from "./sources.mjs";

/** Limits in lines. */
export const limits = { file: 500, function: 80, component: 350, shader: 170 };

/** @param {string} text */
function countLines(text) {
  return text.replace(/\n$/, "").split("\n").length;
}

/**
 * Returns true for a component, a capitalized function in a .tsx file. Its markup is long, so it has the file's limit.
 * @param {string} path
 * @param {string} name
 */
function isComponent(path, name) {
  return path.endsWith(".tsx") && /^[A-Z]/.test(name);
}

/**
 * @param {ts.Node} node
 * @param {ts.SourceFile} source
 */
function nameOf(node, source) {
  const named = "name" in node && node.name ? node : node.parent;
  const name = named && "name" in named ? /** @type {ts.Node | undefined} */ (named.name) : undefined;
  return name?.getText(source) ?? "a function";
}

/**
 * Returns a sentence for each function of a file that is too long.
 * @param {string} path
 * @param {string} text
 */
function longFunctions(path, text) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  /** @type {string[]} */
  const problems = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isFunctionLike(node) && "body" in node && node.body) {
      const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
      const lines = source.getLineAndCharacterOfPosition(node.getEnd()).line + 2 - line;
      const name = nameOf(node, source);
      const limit = isComponent(path, name) ? limits.component : limits.function;
      if (lines > limit) problems.push(`${path}:${line}: ${name} has ${lines} lines, at most ${limit}.`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return problems;
}

/**
 * Returns a sentence for everything below `top` that is too long, and the number of files checked.
 * @param {string} top
 */
export function checkSizes(top) {
  const code = ["src", "e2e", "scripts", "bench"].flatMap((folder) => listFiles(top, folder, /\.(tsx?|mjs)$/));
  const files = [
    ...code.filter((path) => !isTest(path) && !path.startsWith("src/testing/")),
    ...listFiles(top, "shaders", /\.wgsl$/),
  ];
  const problems = files.flatMap((path) => {
    const text = readFileSync(join(top, path), "utf8");
    const shader = path.endsWith(".wgsl");
    const limit = shader ? limits.shader : path.endsWith(".tsx") ? limits.component : limits.file;
    const lines = countLines(text);
    const tooLong = lines > limit ? [`${path} has ${lines} lines, at most ${limit}.`] : [];
    return shader ? tooLong : [...tooLong, ...longFunctions(path, text)];
  });
  return { problems, files: files.length };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { problems, files } = checkSizes(root);
  console.log(problems.length ? problems.join("\n") : `${files} files are within the limits.`);
  process.exitCode = problems.length ? 1 : 0;
}

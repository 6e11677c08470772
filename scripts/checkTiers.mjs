/**
 * Verifies the tiers of docs/ARCHITECTURE.md: allowed imports (types included), no cycles, no barrels, that only
 * device/open.ts names the devices, and that src imports all dependencies of package.json and no others.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { root } from "./install.mjs";
import { isTest, listFiles } from "./sources.mjs";

const runtime = ["base", "device", "tensor", "plan", "nn", "train"];
const page = ["base", "notebook", "i18n", "protocol", "client"];

/**
 * Tiers in order. A tier is the folder of its name in src; `index` is the file src/index.ts. Besides its own tier a file may
 * import those in `uses`, and npm packages only if `packages` is true. With `types` it may import only types of other tiers.
 * @type {{ name: string; uses: string[]; packages?: boolean; types?: boolean }[]}
 */
export const tiers = [
  ...runtime.map((name, index) => ({ name, uses: runtime.slice(0, index) })),
  { name: "formats", uses: runtime, packages: true },
  { name: "datasets", uses: [...runtime, "formats"] },
  { name: "index", uses: [...runtime, "formats", "datasets"] },
  { name: "notebook", uses: ["base"], packages: true },
  // The page imports it and must not load code of the runtime with it.
  { name: "protocol", uses: [...runtime, "formats"], packages: true, types: true },
  { name: "client", uses: ["base", "protocol"], packages: true },
  { name: "session", uses: [...runtime, "formats", "datasets", "index", "notebook", "protocol"], packages: true },
  { name: "i18n", uses: ["base"] },
  { name: "store", uses: page, packages: true },
  { name: "ui", uses: [...page, "store"], packages: true },
];

/** Only the lists of kinds and the library's entry point may re-export other files. */
const lists = new Set([
  "src/index.ts",
  "src/tensor/ops/index.ts",
  "src/nn/blocks/index.ts",
  "src/nn/initializers/index.ts",
  "src/nn/losses/index.ts",
  "src/nn/optimizers/index.ts",
  "src/nn/schedules/index.ts",
  "src/nn/metrics/index.ts",
  "src/train/callbacks/index.ts",
  "src/formats/index.ts",
  "src/formats/export/index.ts",
  "src/datasets/index.ts",
]);

/**
 * Returns the tier of a file by its path from the root; undefined for test helpers.
 * @param {string} path
 */
export function tierOf(path) {
  const name = /^src\/(?:(\w+)\/|(index)\.ts$)/.exec(path)?.slice(1).find(Boolean);
  return tiers.find((tier) => tier.name === name);
}

/**
 * Returns the file that a relative import refers to, or null for a package, an asset or a virtual module.
 * @param {string} from
 * @param {string} specifier
 * @param {Set<string>} files
 */
function resolveImport(from, specifier, files) {
  const plain = specifier.replace(/\?.*$/, "");
  const path = plain.startsWith(".") ? posix.join(posix.dirname(from), plain) : plain.replace(/^\//, "");
  return [path, `${path}.ts`, `${path}.tsx`, `${path}/index.ts`].find((candidate) => files.has(candidate)) ?? null;
}

/**
 * Returns why `from` may not import `to`, or null if it may.
 * @param {string} from
 * @param {string} to
 * @param {boolean} isType true if the compiled code does not contain the import
 */
function refusal(from, to, isType) {
  // Tests and their helpers may import anything.
  if (isTest(from) || from.startsWith("src/testing/")) return null;
  if (to.startsWith("src/testing/")) return "only tests may import src/testing";
  if (isTest(to)) return "nothing may import a test";
  const implementation = /^src\/device\/(?:cpu|webgpu)\//.exec(to)?.[0];
  if (implementation && !from.startsWith(implementation) && from !== "src/device/open.ts") {
    return `only src/device/open.ts may import ${implementation}`;
  }
  const [own, other] = [tierOf(from), tierOf(to)];
  if (!own || !other || own === other) return null;
  if (own.uses.includes(other.name)) {
    return own.types && !isType ? `the tier ${own.name} may import only types of other tiers` : null;
  }
  return `the tier ${own.name} may import ${own.uses.join(", ") || "nothing"}, not ${other.name}`;
}

/**
 * Returns the npm package that an import refers to, or null for a file or a virtual module.
 * @param {string} specifier
 */
function packageOf(specifier) {
  if (/^[./]/.test(specifier) || specifier.startsWith("virtual:")) return null;
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

/**
 * Returns why a file may not import a package, or null if it may.
 * @param {string} from
 * @param {string} name
 * @param {Set<string>} dependencies
 */
function packageRefusal(from, name, dependencies) {
  const tier = tierOf(from);
  if (!tier || isTest(from)) return null;
  if (!tier.packages) return `the tier ${tier.name} may import no package`;
  return dependencies.has(name) ? null : "it is not among the dependencies of package.json";
}

/**
 * Returns the dependencies of package.json, and the packages that exist only as types: those with an @types/NAME.
 * @param {string} top
 */
function readDependencies(top) {
  const path = join(top, "package.json");
  const { dependencies = {}, devDependencies = {} } = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
  const typed = Object.keys(devDependencies).filter((name) => name.startsWith("@types/"));
  return { dependencies: Object.keys(dependencies), types: typed.map((name) => name.slice("@types/".length)) };
}

/**
 * Returns true for a file that only re-exports other files, or that re-exports all of one.
 * @param {string} path
 * @param {string} text
 */
function isBarrel(path, text) {
  const { statements } = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const reexports = statements.filter((statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier);
  const rest = statements.filter((statement) => !ts.isImportDeclaration(statement) && !reexports.includes(statement));
  const passesAllOn = reexports.some((statement) => ts.isExportDeclaration(statement) && !statement.exportClause);
  return /(^|\/)index\.tsx?$/.test(path) || passesAllOn || (reexports.length > 0 && rest.length === 0);
}

/**
 * Returns the specifiers of all imports that remain in the compiled code.
 * @param {string} path
 * @param {string} text
 */
function valueImports(path, text) {
  /** @type {Set<string>} */
  const found = new Set();
  /** @param {ts.Node | undefined} specifier */
  const add = (specifier) => specifier && ts.isStringLiteral(specifier) && found.add(specifier.text);
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isImportDeclaration(node) && node.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword) {
      add(node.moduleSpecifier);
    } else if (ts.isExportDeclaration(node) && !node.isTypeOnly) add(node.moduleSpecifier);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  return found;
}

/**
 * Returns each cycle once, as its sequence of files.
 * @param {Map<string, string[]>} imports
 */
function findCycles(imports) {
  /** @type {string[][]} */
  const cycles = [];
  const done = new Set();
  /** @param {string} file @param {string[]} path */
  const visit = (file, path) => {
    const start = path.indexOf(file);
    if (start >= 0) cycles.push([...path.slice(start), file]);
    if (start >= 0 || done.has(file)) return;
    for (const next of imports.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return cycles;
}

/**
 * Returns the problems of a file by itself.
 * @param {string} file
 * @param {string} text
 */
function ownProblems(file, text) {
  const problems = [];
  if (!tierOf(file) && !file.startsWith("src/testing/")) {
    problems.push(`${file} is in no tier: move it, or add its folder to scripts/checkTiers.mjs.`);
  }
  if (!lists.has(file) && isBarrel(file, text)) problems.push(`${file} is a barrel: import from the files themselves.`);
  return problems;
}

/**
 * Returns a sentence for each violation below `top`, and the number of files checked.
 * @param {string} top
 */
export function checkTiers(top) {
  const files = listFiles(top, "src", /\.tsx?$/);
  const known = new Set(files);
  const { dependencies, types } = readDependencies(top);
  const allowed = new Set([...dependencies, ...types]);
  const unused = new Set(dependencies);
  /** @type {Map<string, string[]>} */
  const imports = new Map();
  const problems = files.flatMap((file) => {
    const text = readFileSync(join(top, file), "utf8");
    const specifiers = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
    const targets = specifiers.map((specifier) => resolveImport(file, specifier, known));
    imports.set(
      file,
      targets.filter((target) => target !== null),
    );
    const values = valueImports(file, text);
    const refused = specifiers.flatMap((specifier, index) => {
      const [target, name] = [targets[index], packageOf(specifier)];
      if (name && !isTest(file)) unused.delete(name);
      const why = target ? refusal(file, target, !values.has(specifier)) : name && packageRefusal(file, name, allowed);
      return why ? [`${file} imports ${target ?? specifier}: ${why}.`] : [];
    });
    return [...refused, ...ownProblems(file, text)];
  });
  for (const cycle of findCycles(imports)) problems.push(`Cycle: ${cycle.join(" -> ")}.`);
  for (const name of unused) problems.push(`package.json depends on ${name}, which nothing in src imports.`);
  return { problems, files: files.length };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { problems, files } = checkTiers(root);
  console.log(problems.length ? problems.join("\n") : `${files} files respect their tiers.`);
  process.exitCode = problems.length ? 1 : 0;
}

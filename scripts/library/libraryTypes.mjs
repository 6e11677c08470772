/** Joins the declarations of everything that src/index.ts reaches into one file, including docstrings. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import ts from "typescript";
import { root } from "../install.mjs";
import { listFiles } from "../sources.mjs";

const tsc = "node_modules/@typescript/native/bin/tsc";

/** Prefix of modules inside the file, which no package name can have. */
const inside = "#weightroom/";

/** Returns the declarations of the runtime's files, by path below src without extension. */
function emitDeclarations() {
  const folder = mkdtempSync(join(tmpdir(), "weightroom-types-"));
  try {
    const options = [
      "--noEmit",
      "false",
      "--declaration",
      "--emitDeclarationOnly",
      "--rootDir",
      "src",
      "--outDir",
      folder,
    ];
    const args = [tsc, "-p", "tsconfig.runtime.json", ...options];
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    if (status !== 0) throw new Error(`The declarations could not be emitted.\n${stdout}`);
    const files = listFiles(folder, ".", /\.d\.ts$/);
    return new Map(files.map((file) => [file.replace(/\.d\.ts$/, ""), readFileSync(join(folder, file), "utf8")]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @typedef {{ start: number; end: number; by: string }} Change */

/**
 * @param {string} text
 * @param {Change[]} changes
 */
export function change(text, changes) {
  return [...changes]
    .sort((a, b) => b.start - a.start)
    .reduce((result, { start, end, by }) => result.slice(0, start) + by + result.slice(end), text);
}

/** @param {ts.Statement} statement */
function isEmptyExport(statement) {
  const clause = ts.isExportDeclaration(statement) && !statement.moduleSpecifier && statement.exportClause;
  return clause && ts.isNamedExports(clause) && clause.elements.length === 0;
}

/**
 * Returns a statement if it augments another module, `declare module "./other" { ... }`. It must be self-contained.
 * @param {ts.Statement} statement
 */
function addition(statement) {
  return ts.isModuleDeclaration(statement) && ts.isStringLiteral(statement.name) ? statement : undefined;
}

/**
 * Returns imports of the names that an augmentation uses from the module that contains it.
 * @param {string} path
 * @param {ts.SourceFile} source
 * @param {string} body
 */
function importsFor(path, source, body) {
  /** @param {string | undefined} name */
  const uses = (name) => name !== undefined && new RegExp(`\\b${name}\\b(?! extends| \\{)`).test(body);
  return source.statements.flatMap((statement) => {
    if (ts.isImportDeclaration(statement)) {
      const bindings = statement.importClause?.namedBindings;
      const from = JSON.stringify(
        inside + nameOf(path, /** @type {ts.StringLiteral} */ (statement.moduleSpecifier).text),
      );
      if (bindings && ts.isNamespaceImport(bindings)) {
        return uses(bindings.name.text) ? [`import * as ${bindings.name.text} from ${from};`] : [];
      }
      const names = bindings?.elements.filter(({ name }) => uses(name.text)) ?? [];
      return names.length > 0 ? [`import { ${names.map((name) => name.getText()).join(", ")} } from ${from};`] : [];
    }
    const name =
      ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement) ? statement.name.text : "";
    return name && uses(name) ? [`import { ${name} } from ${JSON.stringify(inside + path)};`] : [];
  });
}

/**
 * Returns the name of the module that a relative import refers to.
 * @param {string} path
 * @param {string} specifier
 */
function nameOf(path, specifier) {
  return posix.join(dirname(path), specifier);
}

/** @param {string} name @param {string} text */
function ambient(name, text) {
  return `declare module ${JSON.stringify(name)} {\n${text.trim().replace(/^(?=.)/gm, "  ")}\n}\n`;
}

/**
 * Rewrites a module as an ambient one: relative imports become names, `declare` is dropped, and augmentations of other
 * modules follow. Without its `export {}`, every declaration is accessible, which the augmentations require.
 * @param {string} path
 * @param {string} text
 */
function rewrite(path, text) {
  const source = ts.createSourceFile(`${path}.d.ts`, text, ts.ScriptTarget.Latest, true);
  /** @type {Change[]} */
  const changes = [];
  /** @type {string[]} */
  const uses = [];
  /** @type {string[]} */
  const webGpu = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isStringLiteral(node) && node.text.startsWith(".")) {
      uses.push(nameOf(path, node.text));
      changes.push({ start: node.getStart(), end: node.end, by: JSON.stringify(inside + nameOf(path, node.text)) });
    }
    if (ts.isTypeReferenceNode(node) && node.typeName.getText().startsWith("GPU")) webGpu.push(node.typeName.getText());
    ts.forEachChild(node, visit);
  };
  const added = [];
  for (const statement of source.statements) {
    const other = addition(statement);
    if (other) {
      const body = (other.body?.getText() ?? "").slice(1, -1);
      added.push(ambient(inside + nameOf(path, other.name.text), [...importsFor(path, source, body), body].join("\n")));
    }
    if (other || isEmptyExport(statement)) {
      changes.push({ start: statement.getFullStart(), end: statement.end, by: "" });
      continue;
    }
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
    const declare = modifiers?.find(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword);
    if (declare) changes.push({ start: declare.getStart(), end: declare.end + 1, by: "" });
    visit(statement);
  }
  return { uses, webGpu, text: [ambient(inside + path, change(text, changes)), ...added].join("\n") };
}

/**
 * Returns the library's declarations as one text that declares the module `weightroom`. It also declares an empty
 * interface for each WebGPU type in use: these merge with the real ones if the DOM's types or @webgpu/types are present,
 * and otherwise nothing is missing.
 * @param {(path: string, text: string) => string} adapt removes what the build removes from a module
 */
export function libraryTypes(adapt) {
  const texts = emitDeclarations();
  /** @type {Map<string, string>} */
  const modules = new Map();
  const webGpu = new Set();
  /** @param {string} path */
  const take = (path) => {
    const text = texts.get(path);
    if (text === undefined || modules.has(path)) return;
    modules.set(path, "");
    const module = rewrite(path, adapt(path, text));
    modules.set(path, module.text);
    module.webGpu.forEach((name) => webGpu.add(name));
    module.uses.forEach(take);
  };
  take("index");
  const face = ambient("weightroom", `export * from ${JSON.stringify(`${inside}index`)};`);
  const interfaces = [...webGpu].map((name) => `interface ${name} {}\n`).join("");
  return [face, interfaces, ...modules.values()].join("\n");
}

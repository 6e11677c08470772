/**
 * Runs every `@example` of a docstring that a cell's author sees, on CPU:0, and proves that no public name lacks one.
 *
 * Public names are those of `declaredNames` in `cellApi.ts`:
 * - every function, class and constant that `src/index.ts` exports or a session adds (`print`, `plot`),
 * - every member of an exported namespace (`losses.huber`, `random.normal`),
 * - every public method and field of a class whose values cells hold (`Tensor.sum`, `Block.weights`).
 *
 * All of them need a docstring. Functions, methods, classes and exported constants also need an example; namespaces and
 * fields do not. A function whose docstring is only `@see Dense` is documented by the class Dense that it returns.
 * Interfaces that public functions take or return need a docstring for themselves and for each field, and no example.
 *
 * An example is the source of a cell: it imports nothing and may await. A line that ends in `// => JSON` asserts the value
 * of the expression statement or of the `const` that ends there. Values are awaited; tensors compare by `array()`, Maps and
 * objects by their entries, numbers within 1e-4, absolute or relative. NaN and Infinity may stand among the JSON.
 */
import { readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { setHost } from "../src/base/host";
import * as library from "../src/index";
import { builtInCatalogue } from "../src/session/answers/catalogue";
import { CellEvaluator } from "../src/session/cells/cellEvaluator";
import { applyEdits, type TextEdit } from "../src/session/cells/textPositions";
import { images } from "../src/session/show/images";
import { plot } from "../src/session/show/plot";
import { type DeclaredName, declaredNames } from "./cellApi";

const names = declaredNames(builtInCatalogue());

/** The docstring of a name: its own, or the class's where it only refers to the class that it returns. */
function docOf({ symbol, checker }: DeclaredName): { text: string; examples: string[] } {
  const read = (one: ts.Symbol) => ({
    text: ts.displayPartsToString(one.getDocumentationComment(checker)).trim(),
    examples: tagsOf(one, "example"),
  });
  const tagsOf = (one: ts.Symbol, name: string) =>
    one
      .getJsDocTags(checker)
      .filter((tag) => tag.name === name)
      .map((tag) => ts.displayPartsToString(tag.text).trim());
  const own = read(symbol);
  const returned = checker.getTypeOfSymbol(symbol).getCallSignatures()[0]?.getReturnType().symbol;
  const refers = own.text === "" && returned && tagsOf(symbol, "see").includes(returned.name);
  return refers ? read(returned) : own;
}

const documented = names.map((name) => ({ ...name, ...docOf(name) }));

function isField({ path, kind }: DeclaredName): boolean {
  return kind === "constant" && path.includes(".");
}

interface Assertion {
  line: number;
  expected: string;
}

const marker = /\/\/ => (.*)$/;

/** The code of an example with a call of `$assert` where a line asserts a value; lines stay where they are. */
function instrument(example: string): { code: string; assertions: Assertion[] } {
  const file = ts.createSourceFile("example.ts", example, ts.ScriptTarget.Latest, true);
  const assertions = example.split("\n").flatMap((text, index) => {
    const expected = marker.exec(text)?.[1];
    return expected === undefined ? [] : { line: index + 1, expected: expected.trim() };
  });
  const found = new Set<Assertion>();
  const edits: TextEdit[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    const line = file.getLineAndCharacterOfPosition(node.end).line + 1;
    const assertion = assertions.find((one) => one.line === line);
    if (assertion && ts.isExpressionStatement(node)) {
      const { expression } = node;
      edits.push(
        { offset: expression.getStart(file), remove: 0, insert: `await $assert(${line}, (` },
        { offset: expression.end, remove: 0, insert: "))" },
      );
      found.add(assertion);
    } else if (assertion && ts.isVariableStatement(node)) {
      const { name } = node.declarationList.declarations[0]!;
      const insert = `; await $assert(${line}, ${name.getText(file)});`;
      if (ts.isIdentifier(name)) {
        edits.push({ offset: node.end, remove: 0, insert });
        found.add(assertion);
      }
    } else ts.forEachChild(node, visit);
  };
  visit(file);
  const lost = assertions.find((assertion) => !found.has(assertion));
  if (lost) throw new Error(`line ${lost.line}: no expression and no const with one name ends here`);
  return { code: applyEdits(example, edits), assertions };
}

/** A value as JSON could write it. */
async function plain(given: unknown): Promise<unknown> {
  const value = await given;
  if (value instanceof library.Operand) return plain(await value.array());
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value !== "object" || value === null) return value ?? null;
  if (value instanceof Map) return plain(Object.fromEntries(value));
  if (Array.isArray(value) || ArrayBuffer.isView(value) || value instanceof Set) {
    return Promise.all(Array.from(value as Iterable<unknown>, plain));
  }
  const entries = Object.entries(value).filter(([, field]) => field !== undefined && typeof field !== "function");
  return Object.fromEntries(await Promise.all(entries.map(async ([key, field]) => [key, await plain(field)])));
}

/** Within 1e-4, absolute for numbers up to 1 and relative above. */
function alike(got: unknown, expected: unknown): boolean {
  if (typeof got === "number" && typeof expected === "number") {
    return Math.abs(got - expected) <= 1e-4 * Math.max(1, Math.abs(expected));
  }
  if (typeof got !== "object" || typeof expected !== "object" || got === null || expected === null) {
    return got === expected;
  }
  const [keys, others] = [Object.keys(got), Object.keys(expected)];
  const [own, other] = [got as Record<string, unknown>, expected as Record<string, unknown>];
  return (
    Array.isArray(got) === Array.isArray(expected) &&
    keys.length === others.length &&
    keys.every((key) => Object.hasOwn(other, key) && alike(own[key], other[key]))
  );
}

function parseExpected({ line, expected }: Assertion): unknown {
  try {
    return JSON.parse(expected.replace(/(?<!["\w])(NaN|-?Infinity)\b/g, '"$1"').replace(/^undefined$/, "null"));
  } catch {
    throw new Error(`line ${line}: what stands behind "// =>" is no JSON: ${expected}`);
  }
}

/** An empty folder, and the files that ship. */
function openFolder(): void {
  const files = new Map<string, Uint8Array>();
  setHost({
    readAsset: async (path) => new Uint8Array(readFileSync(new URL(`../public/${path}`, import.meta.url))),
    readFile: async (path) => {
      const bytes = files.get(path);
      if (!bytes) throw new Error(`File "${path}": not found in the notebook's folder.`);
      return bytes;
    },
    writeFile: async (path, bytes) => void files.set(path, bytes.slice()),
    listFiles: async () => [...files].map(([path, { length }]) => ({ path, size: length, modified: 0 })),
    deleteFile: async (path) => void files.delete(path),
  });
}

async function check(condition: unknown, message = ""): Promise<void> {
  if (!(await condition)) throw new library.CheckError(`Check failed. ${message}`);
}

/** Runs an example as a session runs a cell. @returns what is wrong with it, as sentences */
async function problemsOf(path: string, example: string): Promise<string[]> {
  const { code, assertions } = instrument(example);
  if (assertions.length === 0) return [`${path}: the example asserts nothing; end a line with "// => JSON".`];
  const problems: string[] = [];
  const reached = new Set<number>();
  const $assert = async (line: number, value: unknown) => {
    const assertion = assertions.find((one) => one.line === line)!;
    reached.add(line);
    const got = await plain(value);
    if (alike(got, parseExpected(assertion))) return;
    problems.push(`${path}, line ${line}: expected ${assertion.expected}, got ${JSON.stringify(got)}`);
  };
  openFolder();
  const { open: _open, setHost: _setHost, ...seen } = library;
  const session = { images, plot, print: () => undefined, check };
  const evaluator = new CellEvaluator({ ...seen, ...session, $assert });
  const result = await evaluator.run({ cell: "example", run: 1, source: code });
  if (!result.ok) {
    const line = evaluator.locationOf(result.error)?.line;
    return [...problems, `${path}, line ${line ?? "unknown"}: ${String(result.error)}`];
  }
  const missed = assertions.filter(({ line }) => !reached.has(line));
  return [...problems, ...missed.map(({ line, expected }) => `${path}, line ${line}: expected ${expected}, never ran`)];
}

describe("the examples of public names", () => {
  for (const { path, examples } of documented) {
    examples.forEach((example, index) => {
      const title = index === 0 ? path : `${path} (${index + 1})`;
      test(title, async () => expect(await problemsOf(path, example)).toEqual([]));
    });
  }
});

test("every public name has a docstring", () => {
  const missing = documented.filter(({ kind, text }) => kind !== "namespace" && text === "");
  expect(missing.map(({ path }) => path)).toEqual([]);
});

test("every public function, method, class and exported constant has an example", () => {
  const wanted = documented.filter((name) => name.kind !== "namespace" && !isField(name));
  expect(wanted.filter(({ examples }) => examples.length === 0).map(({ path }) => path)).toEqual([]);
});

/** The interfaces and object types of the project that a type is made of: what options and results are described by. */
function objectTypesOf(type: ts.Type, checker: ts.TypeChecker, depth = 0): ts.Type[] {
  if (depth > 4) return [];
  const inner = (types: readonly ts.Type[]) => types.flatMap((one) => objectTypesOf(one, checker, depth + 1));
  if (type.isUnionOrIntersection()) return inner(type.types);
  const { symbol } = type;
  const carriers = ["Promise", "Array", "ReadonlyArray", "Partial", "Map", "ReadonlyMap"];
  if (symbol && carriers.includes(symbol.name)) return inner(checker.getTypeArguments(type as ts.TypeReference));
  const isOurs = symbol?.declarations?.some(
    (one) =>
      (ts.isInterfaceDeclaration(one) || ts.isTypeLiteralNode(one)) &&
      /\/src\/(?!(session|protocol)\/protocol)/.test(one.getSourceFile().fileName),
  );
  const isClass = symbol?.declarations?.some((one) => ts.isClassDeclaration(one));
  return isOurs && !isClass && type.getCallSignatures().length === 0 ? [type] : [];
}

function hasDoc(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  return symbol.getDocumentationComment(checker).length > 0;
}

test("every interface that public functions take or return has a docstring, and so has every field", () => {
  const missing = new Set<string>();
  for (const { path, symbol, checker } of names) {
    const [signature] = checker.getTypeOfSymbol(symbol).getCallSignatures();
    if (!signature) continue;
    const types = [...signature.parameters.map((one) => checker.getTypeOfSymbol(one)), signature.getReturnType()];
    for (const one of types.flatMap((given) => objectTypesOf(given, checker))) {
      const holder = one.symbol.name;
      const isNamed = !holder.startsWith("__");
      if (isNamed && !hasDoc(one.symbol, checker)) missing.add(holder);
      for (const field of checker.getPropertiesOfType(one)) {
        if (!hasDoc(field, checker)) missing.add(isNamed ? `${holder}.${field.name}` : `${path}: ${field.name}`);
      }
    }
  }
  expect([...missing]).toEqual([]);
});

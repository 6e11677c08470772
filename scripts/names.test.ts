import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { root } from "./install.mjs";
import { listFiles } from "./sources.mjs";

const files = listFiles(root, "src", /./);

/** Folders whose files are kinds: each is named as cells call its kind, so that an op and a layer may share a name. */
const kindLists = new Set(
  files.filter((file) => basename(file) === "index.ts" && file !== "src/index.ts").map((file) => dirname(file)),
);

function groupBy<X>(list: readonly X[], keyOf: (one: X) => string): [key: string, items: X[]][] {
  const groups = new Map<string, X[]>();
  for (const one of list) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return [...groups];
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest, true);
}

function isType(node: ts.Node): node is ts.InterfaceDeclaration | ts.TypeAliasDeclaration | ts.ClassDeclaration {
  return ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isClassDeclaration(node);
}

const declarations = files
  .filter((file) => /\.tsx?$/.test(file))
  .flatMap((file) => {
    const types = parse(file).statements.filter(isType);
    return types.map((node) => ({
      name: node.name?.text ?? "default",
      file,
      isExported: node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false,
    }));
  });

test("every exported type, interface and class has a name of its own", () => {
  const exported = declarations.filter(({ isExported }) => isExported);
  const shared = groupBy(exported, ({ name }) => name).filter(([, list]) => list.length > 1);
  expect(shared.map(([name, list]) => `${name}: ${list.map(({ file }) => file).join(", ")}`)).toEqual([]);
});

test("no two files share a name, but for kinds, lists of kinds, and the texts of the two languages", () => {
  // The texts of a language are named after the part of the page that shows them, in both languages alike.
  const others = files.filter((file) => !/^src\/i18n\/(en|zh)\//.test(file) && basename(file) !== "index.ts");
  const isKind = (file: string) => kindLists.has(dirname(file));
  const shared = groupBy(others, (file) => basename(file).replace(/\.tsx?$/, ".ts")).filter(
    ([, list]) => list.length > 1 && !list.every(isKind),
  );
  expect(shared.map(([name, list]) => `${name}: ${list.join(", ")}`)).toEqual([]);
});

test("every language has the same files of texts", () => {
  const textsOf = (language: string) =>
    files.filter((file) => dirname(file) === `src/i18n/${language}`).map((file) => basename(file));
  expect(textsOf("zh")).toEqual(textsOf("en"));
});

test("every type that the glossary names is declared", () => {
  const glossary = readFileSync(join(root, "docs", "GLOSSARY.md"), "utf8");
  const named = [...glossary.matchAll(/`([A-Z][a-z]+[A-Za-z]*)`/g)].map(([, name]) => name!);
  const declared = new Set(declarations.map(({ name }) => name));
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !declared.has(name))).toEqual([]);
});

test("the glossary defines each term once", () => {
  const glossary = readFileSync(join(root, "docs", "GLOSSARY.md"), "utf8");
  const terms = [...glossary.matchAll(/^- \*\*([^*]+)\*\*/gm)].flatMap(([, list]) => list!.split(", "));
  expect(groupBy(terms, (term) => term).filter(([, list]) => list.length > 1)).toEqual([]);
});

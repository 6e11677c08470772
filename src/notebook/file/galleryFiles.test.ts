import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { readAddress } from "../../store/library/opening";
import { readData } from "../cells/dataSource";
import { encodeLink, linkSizes } from "../link/shareLink";
import type { NotebookDocument } from "../notebookDocument";
import { parseNotebook } from "./parseNotebook";
import { printNotebook } from "./printNotebook";

type Language = "en" | "zh";

interface Line {
  name: string;
  title: Record<Language, string>;
  description: Record<Language, string>;
}

const shelves = ["lessons", "gallery"] as const;
const index = shelves.flatMap((shelf) => indexOf(shelf).map((line) => ({ shelf, ...line })));

function folderOf(shelf: string): URL {
  return new URL(`../../../public/${shelf}/`, import.meta.url);
}

function indexOf(shelf: string): Line[] {
  return JSON.parse(readFileSync(new URL("index.json", folderOf(shelf)), "utf8")) as Line[];
}

function read(shelf: string, name: string, language: Language): { text: string; document: NotebookDocument } {
  const text = readFileSync(new URL(`${name}.${language}.ipynb`, folderOf(shelf)), "utf8");
  return { text, document: parseNotebook(text).document };
}

/** Returns the code without comments, with every string replaced by "". */
function codeOf(source: string): string {
  const options = { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, removeComments: true };
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ESNext, true);
  const withoutTexts = ts.transform(file, [
    (context) => (root) => {
      const visit = (node: ts.Node): ts.Node => {
        if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node))
          return ts.factory.createStringLiteral("");
        // The order of expressions in a template may depend on the language.
        if (ts.isTemplateExpression(node)) {
          const spans = node.templateSpans.map((span) => codeOf(span.expression.getText()));
          return ts.factory.createStringLiteral(spans.sort().join(" "));
        }
        return ts.visitEachChild(node, visit, context);
      };
      return visit(root) as ts.SourceFile;
    },
  ]).transformed[0]!;
  return ts.transpileModule(ts.createPrinter().printFile(withoutTexts), { compilerOptions: options }).outputText;
}

describe.each(index)("the notebook $name", ({ shelf, name, title, description }) => {
  const [en, zh] = [read(shelf, name, "en"), read(shelf, name, "zh")];

  test("is formatted as the app saves it, without outputs", () => {
    for (const { text, document } of [en, zh]) {
      expect(printNotebook(document)).toBe(text);
      expect(parseNotebook(text).outputs.size).toBe(0);
    }
  });

  test("has its title and description in both languages", () => {
    expect([en, zh].map(({ document }) => [document.title, document.language])).toEqual([
      [title.en, "en"],
      [title.zh, "zh"],
    ]);
    expect([description.en, description.zh].every((text) => text.length > 10)).toBe(true);
    expect(en.document.cells.some(({ source }) => /[\u4e00-\u9fff]/.test(source))).toBe(false);
    const texts = zh.document.cells.filter(({ type }) => type === "markdown");
    expect(texts.every(({ source }) => /[\u4e00-\u9fff]/.test(source))).toBe(true);
  });

  test("has the same cells in both languages, with the same code except comments and strings", () => {
    const shapeOf = ({ cells }: NotebookDocument) =>
      cells.map(({ id, type, kind, source }) => ({ id, type, kind, code: type === "code" ? codeOf(source) : "" }));
    expect(shapeOf(zh.document)).toEqual(shapeOf(en.document));
  });

  test("has data cells that the data form can show", () => {
    const forms = [en, zh].flatMap(({ document }) => document.cells.filter(({ kind }) => kind === "data"));
    expect(forms.filter(({ source }) => readData(source) === null)).toEqual([]);
  });

  test("fits into a link that most programs pass on", async () => {
    for (const { document } of [en, zh]) {
      expect((await encodeLink(document)).sizes.characters).toBeLessThan(linkSizes.warned);
    }
  });
});

test.each(shelves)("every notebook in %s is in its index", (shelf) => {
  const files = indexOf(shelf).flatMap(({ name }) => [`${name}.en.ipynb`, `${name}.zh.ipynb`]);
  expect(readdirSync(folderOf(shelf)).sort()).toEqual([...files, "index.json"].sort());
});

test("names are unique, and links between notebooks lead to existing names", () => {
  const names = index.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const links = index.flatMap(({ shelf, name }) =>
    (["en", "zh"] as const).flatMap((language) =>
      read(shelf, name, language).document.cells.flatMap(({ type, source }) =>
        type === "markdown" ? [...source.matchAll(/\]\((#[^)]*)\)/g)].map(([, address]) => address!) : [],
      ),
    ),
  );
  const addresses = links.map((link) => readAddress(link));
  expect(addresses.filter((address) => address.kind !== "gallery" || !names.includes(address.name))).toEqual([]);
});

test("each lesson links to the next", () => {
  const lessons = index.filter(({ shelf }) => shelf === "lessons");
  lessons.slice(1).forEach(({ name }, position) => {
    for (const language of ["en", "zh"] as const)
      expect(read("lessons", lessons[position]!.name, language).document.cells.at(-1)!.source).toContain(
        `(#gallery=${name})`,
      );
  });
});

test("two cells differ if their code differs", () => {
  expect(codeOf('print("a"); // b')).toBe(codeOf("print('c');"));
  expect(codeOf("print(`a ${x} b ${y}`)")).toBe(codeOf("print(`${y} und ${x}`)"));
  expect(codeOf("print(`a ${x}`)")).not.toBe(codeOf("print(`a ${y}`)"));
  expect(codeOf('print("a", 1)')).not.toBe(codeOf('print("a", 2)'));
});

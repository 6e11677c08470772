import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { readData } from "../store/dataSource";
import { encodeLink, linkSizes } from "./link";
import type { NotebookDocument } from "./notebookDocument";
import { parseNotebook } from "./parseNotebook";
import { printNotebook } from "./printNotebook";

const folder = new URL("../../public/gallery/", import.meta.url);
const index = JSON.parse(readFileSync(new URL("index.json", folder), "utf8")) as {
  name: string;
  title: { en: string; zh: string };
  description: { en: string; zh: string };
}[];

function read(name: string, language: "en" | "zh"): { text: string; document: NotebookDocument } {
  const text = readFileSync(new URL(`${name}.${language}.ipynb`, folder), "utf8");
  return { text, document: parseNotebook(text).document };
}

/** The code without comments, every text in it replaced by "". */
function codeOf(source: string): string {
  const options = { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, removeComments: true };
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ESNext, true);
  const withoutTexts = ts.transform(file, [
    (context) => (root) => {
      const visit = (node: ts.Node): ts.Node => {
        if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node))
          return ts.factory.createStringLiteral("");
        // The order of what a template holds may follow the language.
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

describe.each(index)("the notebook $name", ({ name, title, description }) => {
  const [en, zh] = [read(name, "en"), read(name, "zh")];

  test("is written as the app would save it, without outputs", () => {
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

  test("has the same cells in both languages, the code but for comments and texts", () => {
    const shapeOf = ({ cells }: NotebookDocument) =>
      cells.map(({ id, type, kind, source }) => ({ id, type, kind, code: type === "code" ? codeOf(source) : "" }));
    expect(shapeOf(zh.document)).toEqual(shapeOf(en.document));
  });

  test("has data cells that the data form can show", () => {
    const forms = [en, zh].flatMap(({ document }) => document.cells.filter(({ kind }) => kind === "data"));
    expect(forms.filter(({ source }) => readData(source) === null)).toEqual([]);
  });

  test("fits a link that most programs pass on", async () => {
    for (const { document } of [en, zh]) {
      expect((await encodeLink(document)).sizes.characters).toBeLessThan(linkSizes.warned);
    }
  });
});

test("every notebook in the folder is in the index", () => {
  const files = index.flatMap(({ name }) => [`${name}.en.ipynb`, `${name}.zh.ipynb`]);
  expect(readdirSync(folder).sort()).toEqual([...files, "index.json"].sort());
});

test("two cells differ where their code does", () => {
  expect(codeOf('print("a"); // b')).toBe(codeOf("print('c');"));
  expect(codeOf("print(`a ${x} b ${y}`)")).toBe(codeOf("print(`${y} und ${x}`)"));
  expect(codeOf("print(`a ${x}`)")).not.toBe(codeOf("print(`a ${y}`)"));
  expect(codeOf('print("a", 1)')).not.toBe(codeOf('print("a", 2)'));
});

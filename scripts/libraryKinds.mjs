/**
 * What the library leaves out of its sources: words that only the page shows. A kind keeps its name, its English title and its
 * fields, with types, defaults and ranges; its description, formula and source go, and all Chinese does.
 */
import ts from "typescript";
import { change } from "./libraryTypes.mjs";

const pageOnly = new Set(["description", "formula", "source"]);

/** @param {ts.ObjectLiteralExpression} literal @param {string} name */
function valueOf(literal, name) {
  const property = literal.properties.find((each) => each.name?.getText() === name);
  return property && ts.isPropertyAssignment(property) ? property.initializer : undefined;
}

/** Text in every language, `{ en: "...", zh: "..." }`. @param {ts.ObjectLiteralExpression} literal */
function isLocalized(literal) {
  return literal.properties.length === 2 && valueOf(literal, "en") && valueOf(literal, "zh");
}

/** Words that stand where they are used: nothing can read them but who reads the `info`. @param {ts.Expression} [value] */
function isText(value) {
  if (!value) return false;
  return ts.isObjectLiteralExpression(value) ? isLocalized(value) : ts.isStringLiteral(value) || isTemplate(value);
}

/** @param {ts.Expression} value */
function isTemplate(value) {
  return ts.isTemplateExpression(value) || ts.isNoSubstitutionTemplateLiteral(value);
}

/**
 * The names that go of an object literal: what a kind says of itself is known by its description, which every kind has.
 * @param {ts.ObjectLiteralExpression} literal
 */
function namesToDrop(literal) {
  if (isLocalized(literal)) return new Set(["zh"]);
  return isText(valueOf(literal, "description")) ? pageOnly : new Set();
}

/**
 * A source file of the library without the page's words, its lines kept.
 * @param {string} text
 */
export function withoutPageWords(text) {
  const source = ts.createSourceFile("kind.ts", text, ts.ScriptTarget.Latest, true);
  /** @type {import("./libraryTypes.mjs").Change[]} */
  const changes = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    const names = ts.isObjectLiteralExpression(node) ? namesToDrop(node) : new Set();
    if (ts.isObjectLiteralExpression(node)) {
      for (const property of node.properties) {
        if (!names.has(property.name?.getText())) visit(property);
        else changes.push({ start: property.getStart(), end: afterComma(text, property.end), by: "" });
      }
    } else ts.forEachChild(node, visit);
  };
  visit(source);
  return change(text, changes);
}

/** @param {string} text @param {number} end */
function afterComma(text, end) {
  return end + (/^\s*,/.exec(text.slice(end))?.[0].length ?? 0);
}

/**
 * The declarations that say so: what the library's own kinds leave out, those of its users may have.
 * @param {string} path below src, without ending
 * @param {string} text
 */
export function declarationsWithoutPageWords(path, text) {
  const optional = {
    "base/info": ["description: Localized;", "zh: string;"],
    "tensor/graph": ["description: string;"],
  };
  for (const property of optional[/** @type {keyof typeof optional} */ (path)] ?? []) {
    if (!text.includes(property)) throw new Error(`The declarations of src/${path}.ts have no "${property}".`);
    text = text.replace(property, property.replace(":", "?:"));
  }
  return text;
}

/** @returns {import("vite").Plugin} */
export function plainKinds() {
  return {
    name: "weightroom:plain-kinds",
    enforce: "pre",
    transform(code, id) {
      return /\/src\/.*\.ts$/.test(id) ? { code: withoutPageWords(code), map: null } : undefined;
    },
  };
}

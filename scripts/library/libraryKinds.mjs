/**
 * Removes texts that only the page shows from the library's sources. A kind keeps its name, its English title and its
 * fields with types, defaults and ranges. Its description, formula and source are removed, and so is all Chinese.
 */
import ts from "typescript";
import { change } from "./libraryTypes.mjs";

const pageOnly = new Set(["description", "formula", "source"]);

/** @param {ts.ObjectLiteralExpression} literal @param {string} name */
function valueOf(literal, name) {
  const property = literal.properties.find((each) => each.name?.getText() === name);
  return property && ts.isPropertyAssignment(property) ? property.initializer : undefined;
}

/**
 * Returns true for text in every language, `{ en: "...", zh: "..." }`.
 * @param {ts.ObjectLiteralExpression} literal
 */
function isLocalized(literal) {
  return literal.properties.length === 2 && valueOf(literal, "en") && valueOf(literal, "zh");
}

/**
 * Returns true for literal text, which only a reader of the `info` can access.
 * @param {ts.Expression} [value]
 */
function isText(value) {
  if (!value) return false;
  return ts.isObjectLiteralExpression(value) ? isLocalized(value) : ts.isStringLiteral(value) || isTemplate(value);
}

/** @param {ts.Expression} value */
function isTemplate(value) {
  return ts.isTemplateExpression(value) || ts.isNoSubstitutionTemplateLiteral(value);
}

/**
 * Returns the names of properties to remove from an object literal. A kind's `info` is recognized by its description.
 * @param {ts.ObjectLiteralExpression} literal
 */
function namesToDrop(literal) {
  if (isLocalized(literal)) return new Set(["zh"]);
  return isText(valueOf(literal, "description")) ? pageOnly : new Set();
}

/**
 * Returns a source file of the library without texts that only the page shows. Line numbers are kept.
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
 * Makes the properties that the library's kinds omit optional in the declarations. Users' own kinds may still have
 * them.
 * @param {string} path below src, without extension
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

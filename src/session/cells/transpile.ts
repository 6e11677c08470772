import { TokenType } from "sucrase/dist/esm/parser/tokenizer/types";
import {
  declaredNames,
  identifiers,
  importCalls,
  ParseError,
  removeTypes,
  type Script,
  type CellStatement,
  splitStatements,
} from "./parseCell";
import type { MakingCall } from "./blockSources";
import { type CallSpan, makingCalls } from "./makingCalls";
import { applyEdits, type TextEdit, mapThroughEdits } from "./textPositions";

/** The only name that a cell's code needs from us; `cellEvaluator.ts` binds it. */
export const bridgeName = "$weightroom";

/** The function that notes which call made a block, as `blockSources.ts` returns it. */
export const madeName = "$weightroomMade";

/** A cell as the body of an async function, on the lines of its source. */
export interface TranspiledCell extends Script {
  /** The names declared at its top level, each once, in order. */
  declared: string[];
  /** Every identifier in it, bound or free. */
  identifiers: Set<string>;
  /** Calls that may make blocks, by their spans in the source; `madeName` receives their indices. */
  calls: MakingCall[];
}

/** Replaces a statement but keeps its line breaks, so that the lines after it do not move. */
function replaceTokens(code: string, start: number, end: number, insert: string): TextEdit {
  const breaks = code.slice(start, end).replace(/[^\n]/g, "");
  return { offset: start, remove: end - start, insert: insert + breaks };
}

/** Converts `{ dense as d }` to `{ dense: d }`, `* as w` to `w`, and a default import to `{ default: d }`. */
function importPattern(clause: string): string[] {
  const all = /^\*\s*as\s+(\S+)$/.exec(clause);
  if (all) return [all[1]!];
  const [, first, rest] = /^(?!\{)([^\s,]+)\s*(?:,\s*([^]*))?$/.exec(clause) ?? [];
  if (first) return [`{ default: ${first} }`, ...(rest ? importPattern(rest) : [])];
  return [clause.replace(/\s+as\s+/g, ": ").replace(/\s*\n\s*/g, " ")];
}

/** `import ... from "weightroom"` becomes declarations; `import "weightroom"` becomes just a call. */
function importEdit({ tokens }: CellStatement, code: string): TextEdit {
  const name = tokens.findLast(({ type }) => type === TokenType.string)!;
  const start = tokens[0]!.start;
  const clause = code
    .slice(tokens[0]!.end, name.start)
    .replace(/\bfrom\s*$/, "")
    .trim();
  const value = `${bridgeName}.import(${code.slice(name.start, name.end)})`;
  const insert = clause
    ? `const ${importPattern(clause)
        .map((pattern) => `${pattern} = ${value}`)
        .join(", ")};`
    : `${value};`;
  return replaceTokens(code, start, tokens.at(-1)!.end, insert);
}

const declarationStarts = new Set([
  TokenType._class,
  TokenType._const,
  TokenType._function,
  TokenType._let,
  TokenType._var,
]);

/** A cell has no exports, but code copied from a module should run: the keyword is removed, the declaration kept. */
function exportEdit({ tokens }: CellStatement, code: string): TextEdit {
  const [keyword, next, after] = tokens as [(typeof tokens)[0], ...typeof tokens];
  const word = next && code.slice(next.start, next.end);
  if (next?.type === TokenType._default && after) return replaceTokens(code, keyword.start, after.start, "");
  if (next && (declarationStarts.has(next.type) || word === "async")) {
    return replaceTokens(code, keyword.start, next.start, "");
  }
  const from = tokens.find(({ type }) => type === TokenType.string);
  if (from) throw new ParseError("A cell cannot re-export from another module.", keyword.start);
  return replaceTokens(code, keyword.start, tokens.at(-1)!.end, ";");
}

/** The last expression becomes the cell's return value. */
function returnEdits({ tokens }: CellStatement): TextEdit[] {
  const end = tokens.findLast(({ type }) => type !== TokenType.semi)!.end;
  return [
    { offset: tokens[0]!.start, remove: 0, insert: "return (" },
    { offset: end, remove: 0, insert: ")" },
  ];
}

/** Wraps calls, `dense(2)` becomes `made(0,dense(2))`, without moving a line. */
function callEdits(calls: readonly CallSpan[]): TextEdit[] {
  return calls.flatMap(({ start, end }, index) => [
    { offset: start, remove: 0, insert: `${madeName}(${index},` },
    { offset: end, remove: 0, insert: ")" },
  ]);
}

function editsOf(statements: readonly CellStatement[], code: string, calls: readonly CallSpan[]): TextEdit[] {
  const last = statements.findLast(({ kind }) => kind !== "empty");
  const edits = statements.flatMap((statement) => [
    ...(statement.kind === "import" ? [importEdit(statement, code)] : []),
    ...(statement.kind === "export" ? [exportEdit(statement, code)] : []),
    ...(statement === last && statement.kind === "expression" ? returnEdits(statement) : []),
    ...importCalls(statement).map(({ start, end }) => ({
      offset: start,
      remove: end - start,
      insert: `${bridgeName}.importLater`,
    })),
  ]);
  // Equal offsets keep their order: `return (` goes before an `import(...)` or a call that begins the expression.
  return [...edits, ...callEdits(calls)].sort((a, b) => a.offset - b.offset);
}

/**
 * Converts TypeScript with top-level await to JavaScript for the body of an async function.
 * @throws ParseError with the offset in `source`.
 */
export function transpile(source: string): TranspiledCell {
  const script = removeTypes(source);
  try {
    const statements = splitStatements(script.code);
    const calls = statements.filter(({ kind }) => kind !== "import").flatMap(makingCalls);
    const edits = editsOf(statements, script.code, calls);
    const back = mapThroughEdits(edits);
    return {
      code: applyEdits(script.code, edits),
      toSource: (offset) => script.toSource(back(offset)),
      declared: [...new Set(statements.flatMap((statement) => declaredNames(statement, script.code)))],
      identifiers: new Set(statements.flatMap((statement) => identifiers(statement, script.code))),
      // The map of offsets is exact only inside tokens.
      calls: calls.map(({ start, end }) => ({ from: script.toSource(start), to: script.toSource(end - 1) + 1 })),
    };
  } catch (error) {
    throw error instanceof ParseError ? new ParseError(error.message, script.toSource(error.offset)) : error;
  }
}

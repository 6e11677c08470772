/**
 * Parses cells with sucrase's parser and tokens, so that no second parser has to be shipped. sucrase keeps its state in
 * a module, so nothing here may await between `initParser` and the end.
 */
import { HelperManager } from "sucrase/dist/esm/HelperManager";
import NameManager from "sucrase/dist/esm/NameManager";
import { parse } from "sucrase/dist/esm/parser";
import { isTopLevelDeclaration, nextToken, type Token } from "sucrase/dist/esm/parser/tokenizer";
import { ContextualKeyword } from "sucrase/dist/esm/parser/tokenizer/keywords";
import { TokenType } from "sucrase/dist/esm/parser/tokenizer/types";
import { initParser, state } from "sucrase/dist/esm/parser/traverser/base";
import { parseStatement } from "sucrase/dist/esm/parser/traverser/statement";
import TokenProcessor from "sucrase/dist/esm/TokenProcessor";
import RootTransformer from "sucrase/dist/esm/transformers/RootTransformer";
import type { OffsetMap } from "./textPositions";

/** JavaScript on the same lines as the source. */
export interface Script {
  code: string;
  toSource: OffsetMap;
}

export interface CellStatement {
  kind: "expression" | "import" | "export" | "empty" | "other";
  tokens: Token[];
}

/** A cell that does not parse; `offset` is the position in the parsed text. */
export class ParseError extends SyntaxError {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = "SyntaxError";
    this.offset = offset;
  }
}

/** sucrase's errors have `pos`, and their messages end with a position that is meaningless here. */
function toParseError(error: unknown): ParseError {
  const { message, pos } = error as { message: string; pos?: number };
  return new ParseError(message.replace(/^Error transforming .*?: | \(\d+:\d+\)$/g, ""), pos ?? 0);
}

/** Removes the types from TypeScript. Tokens may move along their line, but never to another. */
export function removeTypes(source: string): Script {
  try {
    const { tokens, scopes } = parse(source, false, true, false);
    const nameManager = new NameManager(source, tokens);
    const helperManager = new HelperManager(nameManager);
    const tokenProcessor = new TokenProcessor(source, tokens, false, true, helperManager);
    const { code, mappings } = new RootTransformer(
      { tokenProcessor, scopes, nameManager, helperManager, importProcessor: null },
      ["typescript"],
      false,
      // Unused imports are kept: only at run time is it known whether one is used as a value.
      { transforms: ["typescript"], disableESTransforms: true, keepUnusedImports: true },
    ).transform();
    return { code, toSource: mapThroughTokens(tokens, mappings) };
  } catch (error) {
    throw toParseError(error);
  }
}

function mapThroughTokens(tokens: readonly Token[], made: readonly (number | undefined)[]): OffsetMap {
  const starts = tokens.flatMap(({ start }, index) => {
    const from = made[index];
    return from === undefined ? [] : [{ from, start }];
  });
  return (offset) => {
    const next = starts.findIndex(({ from }) => from > offset);
    const { from, start } = starts.at(next < 0 ? -1 : next - 1) ?? { from: 0, start: 0 };
    const limit = starts[next]?.start ?? Infinity;
    return next === 0 ? 0 : Math.min(start + offset - from, limit);
  };
}

/** Splits a script without types into statements. */
export function splitStatements(code: string): CellStatement[] {
  const statements: CellStatement[] = [];
  try {
    initParser(code, false, false, false);
    nextToken();
    while (state.type !== TokenType.eof && !state.error) {
      const first = state.tokens.length;
      parseStatement(true);
      const tokens = state.tokens.slice(first);
      statements.push({ kind: kindOf(tokens, code), tokens });
    }
  } catch (error) {
    throw toParseError(error);
  }
  if (state.error) throw toParseError(state.error);
  return statements;
}

const keywordStatements = new Set([
  TokenType._break,
  TokenType._class,
  TokenType._const,
  TokenType._continue,
  TokenType._debugger,
  TokenType._do,
  TokenType._for,
  TokenType._function,
  TokenType._if,
  TokenType._let,
  TokenType._return,
  TokenType._switch,
  TokenType._throw,
  TokenType._try,
  TokenType._var,
  TokenType._while,
  TokenType._with,
  TokenType.at,
  TokenType.braceL,
]);

function kindOf(tokens: readonly Token[], code: string): CellStatement["kind"] {
  const [first, second] = tokens as [Token, Token | undefined];
  if (first.type === TokenType.semi) return "empty";
  if (first.type === TokenType._export) return "export";
  if (first.type === TokenType._import) return isImportCall(first, second) ? "expression" : "import";
  if (keywordStatements.has(first.type) || startsLikeName(first, second, code)) return "other";
  return "expression";
}

function isImportCall(first: Token, second: Token | undefined): boolean {
  return first.type === TokenType._import && (second?.type === TokenType.parenL || second?.type === TokenType.dot);
}

/** True for statements whose first token could be a name: `async function`, `label:`, `using x = y`, `await using x = y`. */
function startsLikeName(first: Token, second: Token | undefined, code: string): boolean {
  if (!second || first.type !== TokenType.name) return false;
  const sameLine = !code.slice(first.end, second.start).includes("\n");
  if (first.contextualKeyword === ContextualKeyword._async) return sameLine && second.type === TokenType._function;
  const using = [first, second].some((token) => token.contextualKeyword === ContextualKeyword._using);
  return second.type === TokenType.colon || (using && sameLine && second.type === TokenType.name);
}

/** Finds the calls of `import(...)` in a statement. */
export function importCalls({ tokens }: CellStatement): Token[] {
  return tokens.filter((token, index) => {
    const next = tokens[index + 1];
    return next?.type === TokenType.parenL && isImportCall(token, next);
  });
}

/** Returns the names that a statement declares at the top level of its cell. */
export function declaredNames({ tokens }: CellStatement, code: string): string[] {
  return tokens.filter((token) => isTopLevelDeclaration(token)).map((token) => code.slice(token.start, token.end));
}

export function identifiers({ tokens }: CellStatement, code: string): string[] {
  return tokens.filter(({ type }) => type === TokenType.name).map((token) => code.slice(token.start, token.end));
}

/** Calls in a cell that may make a block: `dense(10)`, `new MyBlock()`. */
import type { Token } from "sucrase/dist/esm/parser/tokenizer";
import { TokenType } from "sucrase/dist/esm/parser/tokenizer/types";
import type { CellStatement } from "./parseCell";

/** Offsets of a call in code without types, the end exclusive. */
export interface CallSpan {
  start: number;
  end: number;
}

/** Tokens before a name that make `name(...)` something other than a call of a variable. */
const notBefore = new Set([
  TokenType.dot,
  TokenType.questionDot,
  TokenType.hash,
  TokenType.at,
  TokenType._function,
  TokenType._new,
  TokenType._class,
]);

/** Tokens after the class of `new` that continue it in a way that is not followed here. */
const continuesClass = new Set([TokenType.dot, TokenType.questionDot, TokenType.bracketL, TokenType.backQuote]);

/** Returns the index of the token that closes the bracket at `open`. */
function closeOf(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (tokens[at]!.type === TokenType.parenL) depth++;
    if (tokens[at]!.type === TokenType.parenR && --depth === 0) return at;
  }
  return -1;
}

/** Returns the index of the last token of `new a.b(...)` or `new a`; -1 for `new.target`, computed and returned classes. */
function endOfNew(tokens: readonly Token[], at: number): number {
  let last = at + 1;
  if (tokens[last]?.type !== TokenType.name || tokens[at - 1]?.type === TokenType._new) return -1;
  while (tokens[last + 1]?.type === TokenType.dot && tokens[last + 2]?.type === TokenType.name) last += 2;
  const after = tokens[last + 1]?.type;
  if (after === TokenType.parenL) return closeOf(tokens, last + 1);
  return after !== undefined && continuesClass.has(after) ? -1 : last;
}

/** Returns the index of the last token of a call of a variable; -1 for a method `name(...) {`, an arrow, a keyword. */
function endOfCall(tokens: readonly Token[], at: number): number {
  const before = tokens[at - 1]?.type;
  if (tokens[at]!.contextualKeyword || tokens[at + 1]?.type !== TokenType.parenL) return -1;
  if (before !== undefined && notBefore.has(before)) return -1;
  const last = closeOf(tokens, at + 1);
  const after = tokens[last + 1]?.type;
  return after === TokenType.braceL || after === TokenType.arrow ? -1 : last;
}

/** Finds the calls of variables and constructors in a statement, outer ones first. */
export function makingCalls({ tokens }: CellStatement): CallSpan[] {
  return tokens.flatMap((token, at) => {
    const last =
      token.type === TokenType._new ? endOfNew(tokens, at) : token.type === TokenType.name ? endOfCall(tokens, at) : -1;
    return last < 0 ? [] : [{ start: token.start, end: tokens[last]!.end }];
  });
}

/** Finds the tokens to colour in WGSL, generated JavaScript and WebAssembly text. */
import type { DispatchDescription } from "../../protocol/protocol";

export type TokenKind = "comment" | "attribute" | "keyword" | "type" | "number" | "call";

export interface Token {
  kind: TokenKind;
  from: number;
  to: number;
}

type CodeLanguage = DispatchDescription["language"];

const wgslKeywords =
  "alias|break|case|const|continue|default|diagnostic|else|enable|fn|for|function|if|let|loop|override|return|struct|switch|var|while";
const wgslTypes = "array|atomic|bool|f16|f32|i32|u32|ptr|mat[234]x[234][fh]?|vec[234][fhiu]?";
const number = String.raw`\b(?<number>0x[\da-fA-F]+[iu]?|\d+\.?\d*(?:e[+-]?\d+)?[fhiu]?)\b`;

/** Generated JavaScript contains only tokens that WGSL has too. */
const likeWgsl = new RegExp(
  [
    String.raw`(?<comment>//[^\n]*|/\*[\s\S]*?\*/)`,
    String.raw`(?<attribute>@\w+)`,
    String.raw`\b(?<keyword>${wgslKeywords})\b`,
    String.raw`\b(?<type>${wgslTypes})\b`,
    number,
    String.raw`\b(?<call>[A-Za-z_]\w*)(?=\()`,
    // Names, so that no part of one is mistaken for another token.
    String.raw`[A-Za-z_]\w*`,
  ].join("|"),
  "g",
);

const likeWat = new RegExp(
  [
    String.raw`(?<comment>;;[^\n]*|\(;[\s\S]*?;\))`,
    String.raw`\b(?<call>[a-z]\w*(?:\.\w+)+)`,
    String.raw`\b(?<keyword>block|br|br_if|call|drop|else|end|export|func|if|local|loop|module|param|result|return|select|then)\b`,
    String.raw`\b(?<type>f32|f64|i32|i64|v128)\b`,
    number,
    String.raw`[A-Za-z_]\w*`,
  ].join("|"),
  "g",
);

const patterns: Record<CodeLanguage, RegExp> = { wgsl: likeWgsl, javascript: likeWgsl, webassembly: likeWat };

/** Tokens with a colour, in order. */
export function tokensOf(code: string, language: CodeLanguage): Token[] {
  const tokens: Token[] = [];
  for (const match of code.matchAll(patterns[language])) {
    const found = Object.entries(match.groups!).find(([, text]) => text !== undefined);
    if (found) tokens.push({ kind: found[0] as TokenKind, from: match.index, to: match.index + match[0].length });
  }
  return tokens;
}

/** Indents each line by the brackets around it and changes nothing else. For code without indentation. */
export function indented(code: string): string {
  let depth = 0;
  const lines = code.split("\n").map((line) => {
    const closes = /^\s*[})\]]/.test(line) ? 1 : 0;
    const text = `${"  ".repeat(Math.max(0, depth - closes))}${line.trimStart()}`;
    const bare = line.replace(/\/\/.*/, "");
    depth += (bare.match(/[{]/g)?.length ?? 0) - (bare.match(/[}]/g)?.length ?? 0);
    return text;
  });
  return lines.join("\n");
}

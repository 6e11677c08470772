/** Tells the parts of WGSL and of generated JavaScript apart, for colours. */

export type TokenKind = "comment" | "attribute" | "keyword" | "type" | "number" | "call";

export interface Token {
  /** Absent for what has no colour. */
  kind?: TokenKind;
  text: string;
}

const keywords =
  "alias|break|case|const|continue|default|diagnostic|else|enable|fn|for|function|if|let|loop|override|return|struct|switch|use strict|var|while";
const types = "array|atomic|bool|f16|f32|i32|u32|ptr|mat[234]x[234][fh]?|vec[234][fhiu]?";

const token = new RegExp(
  [
    String.raw`(?<comment>//[^\n]*|/\*[\s\S]*?\*/)`,
    String.raw`(?<attribute>@\w+)`,
    String.raw`\b(?<keyword>${keywords})\b`,
    String.raw`\b(?<type>${types})\b`,
    String.raw`\b(?<number>0x[\da-fA-F]+[iu]?|\d+\.?\d*(?:e[+-]?\d+)?[fhiu]?)\b`,
    String.raw`\b(?<call>[A-Za-z_]\w*)(?=\()`,
    // Names, so that no part of one is taken for something else.
    String.raw`[A-Za-z_]\w*`,
  ].join("|"),
  "g",
);

/** The whole text in parts; parts without a colour are joined. */
export function tokensOf(code: string): Token[] {
  const tokens: Token[] = [];
  let plainFrom = 0;
  for (const match of code.matchAll(token)) {
    const found = Object.entries(match.groups!).find(([, text]) => text !== undefined);
    if (!found) continue;
    if (match.index > plainFrom) tokens.push({ text: code.slice(plainFrom, match.index) });
    tokens.push({ kind: found[0] as TokenKind, text: match[0] });
    plainFrom = match.index + match[0].length;
  }
  if (plainFrom < code.length) tokens.push({ text: code.slice(plainFrom) });
  return tokens;
}

/** The text with each line set in by the brackets around it; nothing else is changed. For texts that come without. */
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

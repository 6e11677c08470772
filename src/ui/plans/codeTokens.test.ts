import { expect, test } from "vitest";
import { indented, tokensOf } from "./codeTokens";

function coloured(...[code, language]: Parameters<typeof tokensOf>): [string, string][] {
  return tokensOf(code, language).map(({ kind, from, to }) => [kind, code.slice(from, to)]);
}

test("WGSL is split into comments, attributes, keywords, types, numbers and calls", () => {
  const code = "// A sum.\n@compute @workgroup_size(64) fn main(x1: vec3u) { let a = min(f32(x1.y), 1.5e-3f); }";
  expect(coloured(code, "wgsl")).toEqual([
    ["comment", "// A sum."],
    ["attribute", "@compute"],
    ["attribute", "@workgroup_size"],
    ["number", "64"],
    ["keyword", "fn"],
    ["call", "main"],
    ["type", "vec3u"],
    ["keyword", "let"],
    ["call", "min"],
    ["type", "f32"],
    ["number", "1.5e-3f"],
  ]);
});

test("WebAssembly is split too, and part of a name is never a token", () => {
  const code = '(func (export "job0")\n  (local i32)\n  i32.const 0 ;; zero\n  v128.const i32x4 0x3f80 (; 1 ;)';
  expect(coloured(code, "webassembly")).toEqual([
    ["keyword", "func"],
    ["keyword", "export"],
    ["keyword", "local"],
    ["type", "i32"],
    ["call", "i32.const"],
    ["number", "0"],
    ["comment", ";; zero"],
    ["call", "v128.const"],
    ["number", "0x3f80"],
    ["comment", "(; 1 ;)"],
  ]);
  expect(coloured("letter x1 iffy.5", "javascript")).toEqual([["number", "5"]]);
});

test("lines are indented by the brackets around them", () => {
  const code = "(views) => {\nfor (let i = 0; i < 3; i++) {\n// not {\nF[i] = 1;\n}\n}";
  expect(indented(code)).toBe("(views) => {\n  for (let i = 0; i < 3; i++) {\n    // not {\n    F[i] = 1;\n  }\n}");
});

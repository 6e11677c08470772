import { expect, test } from "vitest";
import { indented, tokensOf } from "./codeTokens";

test("WGSL is told apart into comments, attributes, keywords, types, numbers and calls", () => {
  const code = "// A sum.\n@compute @workgroup_size(64) fn main(x1: vec3u) { let a = min(f32(x1.y), 1.5e-3f); }";
  const kinds = tokensOf(code).flatMap(({ kind, text }) => (kind ? [[kind, text]] : []));
  expect(kinds).toEqual([
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

test("the parts of a text are the text, whatever is in it", () => {
  for (const code of ["", "letter let", "a/*b*/c // d", "0x1fu + 3u - .5", "const v0 = fround(f2(F[i], 0.1));\n}"])
    expect(
      tokensOf(code)
        .map(({ text }) => text)
        .join(""),
    ).toBe(code);
});

test("lines are set in by the brackets around them", () => {
  const code = "(views) => {\nfor (let i = 0; i < 3; i++) {\n// not {\nF[i] = 1;\n}\n}";
  expect(indented(code)).toBe("(views) => {\n  for (let i = 0; i < 3; i++) {\n    // not {\n    F[i] = 1;\n  }\n}");
});

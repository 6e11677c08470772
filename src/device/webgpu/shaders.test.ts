import { expect, test } from "vitest";
import { functionsCalledBy, linkShader } from "./linkShader";
import { sources } from "../sources";

const files = [...sources];

function wrongFiles(test_: (name: string, text: string) => boolean): string[] {
  return files.filter(([name, text]) => !test_(name, text)).map(([name]) => name);
}

test("a shader file starts with a comment that has its name, and has at most 170 lines", () => {
  expect(
    wrongFiles((name, text) => text.startsWith(`// ${name.split("/")[1]}`) && text.split("\n").length <= 170),
  ).toEqual([]);
});

test("a function file contains only functions, one of which it is named after", () => {
  const functions = files.filter(([name]) => name.startsWith("functions/"));
  const wrong = functions.filter(
    ([name, text]) => !text.includes(`\nfn ${name.slice(10)}(`) || /@(compute|group)|^(var|struct|alias)/m.test(text),
  );
  expect(wrong).toEqual([]);
});

test("a program has one entry point, and every struct field has a comment", () => {
  const programs = files.filter(([name]) => !name.startsWith("functions/"));
  const wrong = programs.filter(([, text]) => {
    const fields = text.match(/^  \w+: .*$/gm)?.filter((line) => !line.includes("@builtin")) ?? [];
    return text.match(/@compute/g)?.length !== 1 || !fields.every((line) => /, +\/\/ \S/.test(line));
  });
  expect(wrong.map(([name]) => name)).toEqual([]);
});

test("the linker adds called functions, each after its own callees", () => {
  expect(
    functionsCalledBy("fn element(i: u32) -> T {\n  return sigmoid(relu(1.0)); // not tanh(x), exponential(x)\n}"),
  ).toEqual(["relu", "infinity", "is_nan", "exponential", "sigmoid"]);
});

test("the linker generates bindings and alias, and replaces element as a whole", () => {
  const text = linkShader(
    { file: "drivers/map", element: "fn element(i: u32) -> T {\n  return T(i);\n}" },
    ["int32"],
    "float32",
  );
  expect(text.match(/fn element\([\s\S]*?\n\}/g)).toEqual(["fn element(i: u32) -> T {\n  return T(i);\n}"]);
  expect(text.match(/^alias .*$/gm)).toEqual(["alias T = f32;"]);
  expect(text.match(/^@group.*$/gm)).toEqual([
    "@group(0) @binding(0) var<uniform> uniforms: Uniforms;",
    "@group(0) @binding(1) var<storage, read> input0: array<i32>;",
    "@group(0) @binding(2) var<storage, read_write> result: array<T>;",
  ]);
});

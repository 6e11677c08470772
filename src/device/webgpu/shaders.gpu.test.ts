import { expect, test } from "vitest";
import { plainShader } from "../../../scripts/library/plainShader.mjs";
import { sourceOf, sources } from "../sources";
import { functionsCalledBy } from "./linkShader";

async function messagesOf(gpu: GPUDevice, code: string): Promise<string[]> {
  const { messages } = await gpu.createShaderModule({ code }).getCompilationInfo();
  return messages.map(({ type, message, lineNum }) => `${type} at line ${lineNum}: ${message}`);
}

/** Returns each file with the functions that it calls. A function that uses `T` appears for both f32 and i32. */
function programs(): [name: string, text: string][] {
  return [...sources].flatMap(([name, text]) => {
    const called = functionsCalledBy(text).filter((other) => `functions/${other}` !== name);
    const functions = called.map((other) => sourceOf(`functions/${other}`)).join("\n");
    if (!name.startsWith("functions/")) return [[name, `${functions}\n${text}`]];
    const types = /\bT\b/.test(text.replace(/\/\/.*/g, "")) ? ["f32", "i32"] : ["f32"];
    return types.map((type) => [`${name} of ${type}`, `alias T = ${type};\n${functions}\n${text}`]);
  });
}

test.each([
  ["with comments", (text: string) => text],
  ["without comments, as in the library", plainShader],
])("every shader file compiles alone without messages, %s", async (_, rewrite) => {
  const adapter = await navigator.gpu.requestAdapter();
  const gpu = await adapter!.requestDevice();
  const list = programs().map(([name, text]) => [name, rewrite(text)] as const);
  expect(list.length).toBeGreaterThan(40);
  const messages = await Promise.all(list.map(([, code]) => messagesOf(gpu, code)));
  expect(
    Object.fromEntries(list.map(([name], index) => [name, messages[index]]).filter(([, found]) => found!.length > 0)),
  ).toEqual({});
  gpu.destroy();
});

test("the check detects compilation messages", async () => {
  const adapter = await navigator.gpu.requestAdapter();
  const gpu = await adapter!.requestDevice();
  gpu.pushErrorScope("validation");
  expect(await messagesOf(gpu, "fn f() -> f32 {\n  return 1;;\n}\nfn g() { undefined_name(); }")).not.toEqual([]);
  await gpu.popErrorScope();
  gpu.destroy();
});

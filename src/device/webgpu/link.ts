/**
 * Joins shader texts. Nothing is templated: files are compilable as they stand,
 * and the linker makes only the bindings, the lines `alias T` and `alias S` and one function,
 * `element`, which it replaces whole. It adds the function files that are called.
 */
import type { DType } from "../../base/dtype";
import type { Link } from "../backend";
import { sourceOf, sources } from "../sources";

/** A bool is stored as 0 or 1, because WGSL has no storable bool. */
const storedTypes: Record<DType, string> = { float32: "f32", int32: "i32", bool: "i32" };

const bindingLine = /^@group\(0\) @binding\(\d+\) .*;\n/gm;
const aliasLine = /^alias T = .*;\n/m;
const elementFunction = /^fn element\([\s\S]*?^\}\n/m;

/** The line `alias S`, for programs that name the type of their first input. */
function inputAlias(text: string, inputs: readonly DType[]): string[] {
  return inputs[0] && /\bS\b/.test(text) ? [`alias S = ${storedTypes[inputs[0]]};`] : [];
}

function bindings(inputs: readonly DType[], result: DType): string {
  const storage = inputs.map(
    (dtype, index) =>
      `@group(0) @binding(${index + 1}) var<storage, read> input${index}: array<${storedTypes[dtype]}>;`,
  );
  return [
    `alias T = ${storedTypes[result]};`,
    "@group(0) @binding(0) var<uniform> uniforms: Uniforms;",
    ...storage,
    `@group(0) @binding(${inputs.length + 1}) var<storage, read_write> result: array<T>;`,
  ].join("\n");
}

/** Replaces a part that the file must have. */
function replacePart(text: string, part: RegExp, by: string, file: string): string {
  if (!part.test(text)) throw new Error(`internal: ${file}.wgsl has no ${part.source}`);
  return text.replace(part, () => by);
}

const functionNames = new Set(
  [...sources.keys()].filter((name) => name.startsWith("functions/")).map((name) => name.slice("functions/".length)),
);

const call = /\b([a-z]\w*)\(/g;

/** The files of `shaders/functions/` that a text calls itself, by name. */
function directCalls(text: string): string[] {
  const code = text.replace(/\/\/.*/g, "");
  const names = new Set(Array.from(code.matchAll(call), ([, name]) => name!));
  return [...names].filter((name) => functionNames.has(name)).sort();
}

/** The files of `shaders/functions/` that a text calls, each after those that it calls itself. */
export function functionsCalledBy(text: string, seen = new Set<string>()): string[] {
  return directCalls(text).flatMap((name) => {
    if (seen.has(name)) return [];
    seen.add(name);
    return [...functionsCalledBy(sourceOf(`functions/${name}`), seen), name];
  });
}

/** The complete WGSL of a shader for inputs and a result of these dtypes. */
export function linkShader(link: Link, inputs: readonly DType[], result: DType): string {
  let text = replacePart(sourceOf(link.file), aliasLine, "", link.file).replace(bindingLine, "");
  if (link.element) text = replacePart(text, elementFunction, `${link.element.trim()}\n`, link.file);
  const functions = functionsCalledBy(text).map((name) => sourceOf(`functions/${name}`));
  return [bindings(inputs, result), ...inputAlias(text, inputs), ...functions, text].join("\n");
}

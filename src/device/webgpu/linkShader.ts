/**
 * Links shader files. There are no templates: every file compiles as it is. The linker generates only the bindings and
 * the lines `alias T` and `alias S`, replaces the function `element` as a whole, and adds the function files that are
 * called.
 */
import type { DType } from "../../base/dtype";
import type { Link } from "../backend";
import { sourceOf, sources } from "../sources";

/** A bool is stored as 0 or 1, because WGSL has no host-shareable bool. */
const storedTypes: Record<DType, string> = { float32: "f32", int32: "i32", bool: "i32" };

const bindingLine = /^@group\(0\) @binding\(\d+\) .*;\n/gm;
const aliasLine = /^alias T = .*;\n/m;
const elementFunction = /^fn element\([\s\S]*?^\}\n/m;

/** Returns the line `alias S` for programs that use the type of their first input. */
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

/** Replaces a part of a file. @throws Error if the file has no such part */
function replacePart(text: string, part: RegExp, by: string, file: string): string {
  if (!part.test(text)) throw new Error(`internal: ${file}.wgsl has no ${part.source}`);
  return text.replace(part, () => by);
}

const functionNames = new Set(
  [...sources.keys()].filter((name) => name.startsWith("functions/")).map((name) => name.slice("functions/".length)),
);

const call = /\b([a-z]\w*)\(/g;

/** Returns the names of the files in `shaders/functions/` that the code calls directly. */
function directCalls(text: string): string[] {
  const code = text.replace(/\/\/.*/g, "");
  const names = new Set(Array.from(code.matchAll(call), ([, name]) => name!));
  return [...names].filter((name) => functionNames.has(name)).sort();
}

/**
 * Returns the names of all files in `shaders/functions/` that the code calls, directly or not, each after its own callees.
 */
export function functionsCalledBy(text: string, seen = new Set<string>()): string[] {
  return directCalls(text).flatMap((name) => {
    if (seen.has(name)) return [];
    seen.add(name);
    return [...functionsCalledBy(sourceOf(`functions/${name}`), seen), name];
  });
}

/** Returns the complete WGSL of a shader for the dtypes of its inputs and result. */
export function linkShader(link: Link, inputs: readonly DType[], result: DType): string {
  let text = replacePart(sourceOf(link.file), aliasLine, "", link.file).replace(bindingLine, "");
  if (link.element) text = replacePart(text, elementFunction, `${link.element.trim()}\n`, link.file);
  const functions = functionsCalledBy(text).map((name) => sourceOf(`functions/${name}`));
  return [bindings(inputs, result), ...inputAlias(text, inputs), ...functions, text].join("\n");
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { sources } from "../../src/device/sources";
import { linkShader } from "../../src/device/webgpu/linkShader";
import * as library from "../../src/index";
import { bundleLibrary, entryFiles } from "./buildLibrary.mjs";
import { declarationsWithoutPageWords, withoutPageWords } from "./libraryKinds.mjs";
import { plainShader } from "./plainShader.mjs";

const made: string[] = [];

afterEach(() => made.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

/** Builds the module and imports it. */
async function builtLibrary(): Promise<typeof library> {
  const folder = mkdtempSync(join(tmpdir(), "library-"));
  made.push(folder);
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  mkdirSync(join(folder, "chunks"));
  for (const [name, { code }] of await bundleLibrary()) writeFileSync(join(folder, name), code);
  return import(/* @vite-ignore */ pathToFileURL(join(folder, "weightroom.js")).href);
}

/** Returns the `info` of every kind in a library, by `list/kind`. */
function infosOf(module: object): Record<string, unknown> {
  const lists = Object.entries(module).flatMap(([name, value]) =>
    value && typeof value === "object" ? Object.entries(value).map(([kind, each]) => [`${name}/${kind}`, each]) : [],
  );
  const all = [...Object.entries(module), ...lists] as [string, { info?: object } | null | undefined][];
  return Object.fromEntries(all.flatMap(([name, kind]) => (kind?.info ? [[name, kind.info]] : [])));
}

/** Returns the same value without Chinese, and without a kind's description, formula and source. */
function withoutWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutWords);
  if (typeof value !== "object" || value === null) return value;
  const left = new Set("zh" in value ? ["zh"] : "description" in value ? ["description", "formula", "source"] : []);
  const kept = Object.entries(value).filter(([name]) => !left.has(name));
  return Object.fromEntries(kept.map(([name, each]) => [name, withoutWords(each)]));
}

describe("the library's kinds", () => {
  test("keep names, English titles and fields, and omit texts that only the page shows", async () => {
    const [whole, built] = [infosOf(library), infosOf(await builtLibrary())];
    expect(Object.keys(whole).length).toBeGreaterThan(70);
    expect(built).toEqual(withoutWords(whole));
    expect(JSON.stringify(built)).not.toMatch(/\p{Script=Han}/u);
  });

  test("lose only those texts of an object, and keep its lines", () => {
    const text = `const info = {
  kind: "a",
  title: { en: "A", zh: "甲" },
  description: { en: "One.", zh: "一。" },
  formula:
    "x",
  source: "S",
  fields: [field("n", { zh: "数", en: "N" }, 1)],
};
const op = { info: { description: \`The gradient of \${name}.\` }, formula: "kept" };
`;
    expect(withoutPageWords(text).replace(/[ \n]+/g, " ")).toBe(
      `const info = { kind: "a", title: { en: "A", }, fields: [field("n", { en: "N" }, 1)], }; ` +
        `const op = { info: { }, formula: "kept" }; `,
    );
    expect(withoutPageWords(text).split("\n").length).toBeGreaterThan(8);
  });

  test("keep computed texts and those without a description beside them", () => {
    const text = `const a = { description: wide ? "w" : "n", source: "s" }; const b = { source: "s", en: "e" };
const { description } = c; const d = { description, formula: "f" };`;
    expect(withoutPageWords(text)).toBe(text);
  });

  test("declare this in their types", () => {
    const text = "interface Localized { en: string; zh: string; } interface KindInfo { description: Localized; }";
    expect(declarationsWithoutPageWords("base/info", text)).toBe(
      "interface Localized { en: string; zh?: string; } interface KindInfo { description?: Localized; }",
    );
    expect(declarationsWithoutPageWords("base/shape", text)).toBe(text);
    expect(() => declarationsWithoutPageWords("base/info", "")).toThrow("have no");
  });
});

describe("the library's chunks", () => {
  test("the entry is one file beside its list of names, and what is used later is loaded then", async () => {
    const files = await bundleLibrary();
    expect(entryFiles(files)).toEqual(["weightroom.js", "chunks/core.js"]);
    const later = ["checkDispatch", "compileForCpu", "webgpuBackend"].map((name) => `chunks/${name}.js`);
    expect([...files.keys()]).toEqual(expect.arrayContaining(later));
    // Texts of those parts that no minifier changes.
    const placesOf = (text: string) => [...files].flatMap(([name, { code }]) => (code.includes(text) ? [name] : []));
    expect(["createComputePipelineAsync", "internal: this job runs in JavaScript", "fn philox("].map(placesOf)).toEqual(
      [["chunks/webgpuBackend.js"], ["chunks/compileForCpu.js"], ["chunks/sources.js"]],
    );
  });

  test("a program compiles as soon as its compiler has arrived", async () => {
    const { compileFunction, plans, tensor } = await builtLibrary();
    const size = compileFunction((x: library.Tensor) => x.neg().abs(), { replay: true });
    const result = await size(tensor([1, -2]));
    expect(result.device).toBe("CPU:0");
    expect(await result.array()).toEqual([1, 2]);
    const [dispatch] = plans()[0]!.dispatches;
    expect(dispatch!.language).toBe("webassembly");
    expect((await dispatch!.check()).verdict).toBe("same");
  });
});

describe("the library's shaders", () => {
  /** Links every program after rewriting its texts. */
  function linked(rewrite: (text: string) => string): Record<string, string> {
    const whole = new Map(sources);
    const texts = sources as Map<string, string>;
    try {
      for (const [name, text] of whole) texts.set(name, rewrite(text));
      const programs = [...whole.keys()].filter((name) => !name.startsWith("functions/"));
      return Object.fromEntries(
        programs.map((file) => {
          const element = /^fn element\(.*\{/m.exec(whole.get(file)!)?.[0];
          const link = element === undefined ? { file } : { file, element: `${element}\n  return T(7);\n}` };
          return [file, linkShader(link, ["int32", "float32"], "float32")];
        }),
      );
    } finally {
      for (const [name, text] of whole) texts.set(name, text);
    }
  }

  test("link to the same programs as those with comments", () => {
    const [whole, plain] = [linked((text) => text), linked(plainShader)];
    const strip = (programs: Record<string, string>) =>
      Object.fromEntries(Object.entries(programs).map(([name, text]) => [name, plainShader(text)]));
    expect(Object.keys(plain).length).toBeGreaterThan(12);
    expect(strip(plain)).toEqual(strip(whole));
    expect(Object.values(plain).filter((text) => text.includes("//"))).toEqual([]);
    expect(Object.values(plain).filter((text) => text.includes("return T(7);")).length).toBeGreaterThan(4);
  });
});

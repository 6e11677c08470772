/**
 * Builds the library as a separate package in dist-library/: an ES module with the chunks that it loads later, the
 * declarations and the data sets. `npm pack ./dist-library` creates its tarball.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "vite";
import { root } from "../install.mjs";
import { declarationsWithoutPageWords, plainKinds } from "./libraryKinds.mjs";
import { libraryTypes } from "./libraryTypes.mjs";
import { plainShader } from "./plainShader.mjs";

export const libraryFolder = join(root, "dist-library");

/** @returns {import("vite").Plugin} */
function plainShaders() {
  return {
    name: "weightroom:plain-shaders",
    enforce: "pre",
    load(id) {
      if (!id.endsWith(".wgsl?raw")) return undefined;
      const text = plainShader(readFileSync(id.replace(/\?raw$/, ""), "utf8"));
      return { code: `export default ${JSON.stringify(text)};`, moduleType: "js" };
    },
  };
}

/**
 * Returns the chunk of a module: `core` for all that the entry imports at once, so that it is one file. Other modules
 * are distributed by the calls that load them.
 * @returns {(id: string, context: { getModuleInfo(id: string): { importedIds: readonly string[] } | null }) => string | null}
 */
function coreChunk() {
  /** @type {Set<string> | undefined} */
  let core;
  return (id, context) => {
    if (!core) {
      core = new Set([join(root, "src/index.ts")]);
      for (const each of core)
        for (const imported of context.getModuleInfo(each)?.importedIds ?? []) core.add(imported);
    }
    return core.has(id) ? "core" : null;
  };
}

/**
 * Returns the minified code of the entry, `weightroom.js`, and of its chunks. Class names are kept, because errors and
 * models show them.
 * @param {RegExp[]} external modules that remain imports
 * @returns {Promise<Map<string, LibraryFile>>} by file name
 */
export async function bundleLibrary(external = []) {
  const result = await build({
    configFile: false,
    root,
    logLevel: "silent",
    publicDir: false,
    plugins: [plainShaders(), plainKinds()],
    build: {
      write: false,
      target: "es2023",
      // Leaves `import()` as it is: in an application's build, Vite adds code that preloads styles.
      lib: { entry: "src/index.ts", formats: ["es"] },
      rollupOptions: {
        external,
        preserveEntrySignatures: "strict",
        output: {
          format: "es",
          entryFileNames: "weightroom.js",
          chunkFileNames: "chunks/[name].js",
          codeSplitting: { groups: [{ name: coreChunk() }] },
          minify: {
            compress: true,
            codegen: true,
            mangle: { toplevel: true, keepNames: { class: true, function: false } },
          },
        },
      },
    },
  });
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((each) => ("output" in each ? each.output : []));
  const chunks = outputs.filter((output) => output.type === "chunk");
  return new Map(chunks.map(({ fileName, code, imports }) => [fileName, { code, imports }]));
}

/** @typedef {{ code: string; imports: readonly string[] }} LibraryFile `imports` are the files that it imports at once. */

/**
 * Returns the names of the files that the entry imports at once, itself included.
 * @param {ReadonlyMap<string, LibraryFile>} files
 */
export function entryFiles(files) {
  const names = new Set(["weightroom.js"]);
  for (const name of names) for (const imported of files.get(name)?.imports ?? []) names.add(imported);
  return [...names].filter((name) => files.has(name));
}

/** Returns the package's manifest. The package has no dependencies. */
function manifest() {
  const { name, version, description, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const types = { types: "./weightroom.d.ts", default: "./weightroom.js" };
  const exports = { ".": types, "./data/*": "./data/*", "./package.json": "./package.json" };
  return {
    name,
    version,
    description,
    license,
    type: "module",
    exports,
    types: types.types,
    engines: { node: ">=20" },
  };
}

export async function buildLibrary() {
  const code = await bundleLibrary();
  const types = libraryTypes(declarationsWithoutPageWords);
  rmSync(libraryFolder, { recursive: true, force: true });
  mkdirSync(join(libraryFolder, "chunks"), { recursive: true });
  /** @type {[string, string][]} */
  const files = [
    ...[...code].map(([file, { code: text }]) => /** @type {[string, string]} */ ([file, text])),
    ["weightroom.d.ts", types],
    ["package.json", `${JSON.stringify(manifest(), undefined, 2)}\n`],
  ];
  for (const [file, text] of files) writeFileSync(join(libraryFolder, file), text);
  for (const file of ["LICENSE", "README.md"]) cpSync(join(root, file), join(libraryFolder, file));
  cpSync(join(root, "public", "data"), join(libraryFolder, "data"), { recursive: true });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await buildLibrary();

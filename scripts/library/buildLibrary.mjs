/**
 * Builds the library as a separate package in dist-library/: one ES module with its shaders, the declarations and the
 * data sets. `npm pack ./dist-library` creates its tarball.
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
 * Returns the minified code of the module. Class names are kept, because errors and models show them.
 * @param {RegExp[]} external modules that remain imports
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
      modulePreload: false,
      rollupOptions: {
        input: "src/index.ts",
        external,
        preserveEntrySignatures: "strict",
        output: {
          format: "es",
          codeSplitting: false,
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
  const chunks = outputs.flatMap((output) => (output.type === "chunk" ? [output.code] : []));
  if (chunks.length !== 1) throw new Error(`The library was bundled into ${chunks.length} modules, not one.`);
  return chunks[0] ?? "";
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
  mkdirSync(libraryFolder);
  /** @type {[string, string][]} */
  const files = [
    ["weightroom.js", code],
    ["weightroom.d.ts", types],
    ["package.json", `${JSON.stringify(manifest(), undefined, 2)}\n`],
  ];
  for (const [file, text] of files) writeFileSync(join(libraryFolder, file), text);
  for (const file of ["LICENSE", "README.md"]) cpSync(join(root, file), join(libraryFolder, file));
  cpSync(join(root, "public", "data"), join(libraryFolder, "data"), { recursive: true });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await buildLibrary();

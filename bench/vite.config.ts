/**
 * Builds the page or, with `--mode node`, the module for Node. The runtime is built from its sources, as for the app.
 */
import { fileURLToPath } from "node:url";
import { defineConfig, type UserConfig } from "vite";

/** The repository, because the runtime resolves its shaders from there. */
const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Not minified: TensorFlow.js sends the source of one of its functions to its threads, where names must match. Nothing
 * is inlined, because wasm is fetched by URL.
 */
const page: UserConfig = {
  build: {
    outDir: "bench/dist/page",
    target: "esnext",
    minify: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: Infinity,
    rolldownOptions: { input: "bench/index.html", checks: { pluginTimings: false } },
  },
};

/** Globals of CommonJS that modules lack, for TensorFlow.js's wasm. */
const commonJs = `
import { createRequire as requireFrom } from "node:module";
const require = requireFrom(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
`;

/**
 * Peers are bundled, because their modules are not valid ES modules for Node. Dawn is a native binary and stays external.
 */
const node: UserConfig = {
  ssr: { noExternal: true, external: ["webgpu"] },
  resolve: { alias: [{ find: "./tfjsWasmPaths", replacement: "./tfjsWasmPathsNode" }] },
  build: {
    outDir: "bench/dist/node",
    target: "node20",
    ssr: "bench/node.ts",
    minify: false,
    rolldownOptions: { output: { banner: commonJs } },
  },
};

export default defineConfig(({ mode }) => ({
  root,
  base: "./",
  publicDir: false,
  ...(mode === "node" ? node : page),
}));

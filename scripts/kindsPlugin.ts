import { fileURLToPath } from "node:url";
import { runnerImport, type Plugin } from "vite";
import type { Catalogue } from "../src/protocol/protocol.ts";

/** Contents of each virtual module: the name of its export and the value. */
const modules: Record<string, (catalogue: Catalogue) => Promise<[name: string, value: unknown]>> = {
  "virtual:kinds": async ({ blocks, initializers }) => ["kinds", { blocks, initializers }],
  // Loads TypeScript only if the editor's hints are requested.
  "virtual:cell-api": async (catalogue) => ["cellApi", (await import("./cellApi.ts")).cellApi(catalogue)],
};
const root = fileURLToPath(new URL("..", import.meta.url));

/** Evaluates `src/session/answers/catalogue.ts` in Node, at build time. */
async function readCatalogue() {
  type Module = { builtInCatalogue(): Catalogue };
  const entry = `${root}src/session/answers/catalogue.ts`;
  return runnerImport<Module>(entry, { root, configFile: false, logLevel: "warn" });
}

/**
 * Makes facts about the runtime available to the page before a session exists, as plain data. `virtual:kinds` contains
 * blocks and initializers, so that models are drawn with the page and nothing below them moves once the session has
 * started. `virtual:cell-api` contains the names that cells see, for the editor's hints.
 */
export function kindsPlugin(): Plugin {
  return {
    name: "weightroom:kinds",
    resolveId: (id) => (Object.hasOwn(modules, id) ? `\0${id}` : undefined),
    async load(id) {
      const read = modules[id.slice(1)];
      if (!id.startsWith("\0") || !read) return undefined;
      const { module, dependencies } = await readCatalogue();
      for (const file of dependencies) if (!file.includes("?")) this.addWatchFile(file);
      const [name, value] = await read(module.builtInCatalogue());
      // Engines parse JSON faster than the equivalent expression.
      return `export const ${name} = JSON.parse(${JSON.stringify(JSON.stringify(value))});`;
    },
  };
}

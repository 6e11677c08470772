import { fileURLToPath } from "node:url";
import { runnerImport, type Plugin } from "vite";
import type { Catalogue } from "../src/session/protocol.ts";

/** What each module holds of the catalogue, under the name that it is exported by. */
const modules: Record<string, (catalogue: Catalogue) => Promise<[name: string, value: unknown]>> = {
  "virtual:kinds": async ({ blocks, initializers }) => ["kinds", { blocks, initializers }],
  // TypeScript is loaded only where the editor's hints are asked for.
  "virtual:cell-api": async (catalogue) => ["cellApi", (await import("./cellApi.ts")).cellApi(catalogue)],
};
const root = fileURLToPath(new URL("..", import.meta.url));

/** What `src/session/catalogue.ts` says where it runs: in Node, at the build. */
async function readCatalogue() {
  type Module = { builtInCatalogue(): Catalogue };
  const entry = `${root}src/session/catalogue.ts`;
  return runnerImport<Module>(entry, { root, configFile: false, logLevel: "warn" });
}

/**
 * What the page knows of the runtime before a session is there, as plain data. `virtual:kinds`: blocks and initializers,
 * so that models are drawn with the page and do not move what is below them when the session has started.
 * `virtual:cell-api`: the names that cells see, for the editor's hints.
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
      // A text that is parsed is faster than the same as an expression.
      return `export const ${name} = JSON.parse(${JSON.stringify(JSON.stringify(value))});`;
    },
  };
}

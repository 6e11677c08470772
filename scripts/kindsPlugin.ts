import { fileURLToPath } from "node:url";
import { runnerImport, type Plugin } from "vite";
import type { Catalogue } from "../src/session/protocol.ts";

const kindsId = "virtual:kinds";
const resolvedKindsId = `\0${kindsId}`;
const root = fileURLToPath(new URL("..", import.meta.url));

/** What `src/session/catalogue.ts` says where it runs: in Node, at the build. */
async function readCatalogue() {
  type Module = { builtInCatalogue(): Catalogue };
  const entry = `${root}src/session/catalogue.ts`;
  return runnerImport<Module>(entry, { root, configFile: false, logLevel: "warn" });
}

/**
 * The kinds of blocks and initializers as plain data, `virtual:kinds`: what the session says of them once it is there,
 * so that models are drawn with the page and do not move what is below them when the session has started.
 */
export function kindsPlugin(): Plugin {
  return {
    name: "weightroom:kinds",
    resolveId: (id) => (id === kindsId ? resolvedKindsId : undefined),
    async load(id) {
      if (id !== resolvedKindsId) return undefined;
      const { module, dependencies } = await readCatalogue();
      for (const file of dependencies) if (!file.includes("?")) this.addWatchFile(file);
      const { blocks, initializers } = module.builtInCatalogue();
      const text = JSON.stringify(JSON.stringify({ blocks, initializers }));
      // A text that is parsed is faster than the same as an expression.
      return `export const kinds = JSON.parse(${text});`;
    },
  };
}

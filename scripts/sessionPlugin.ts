import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin, type Rollup, type ViteDevServer } from "vite";

/**
 * The page's Content-Security-Policy, the same in development and in the build. It has no `unsafe-*` for scripts. The
 * style nonce is for the <style> elements of the editor and of Vite.
 */
export const pageCsp = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'nonce-weightroom'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types weightroom default",
].join("; ");

const workerId = "virtual:session-worker";
const resolvedWorkerId = `\0${workerId}`;
const workerEntry = "src/session/worker.ts";
const frameEntry = "src/client/sandbox.ts";
/** Folders that the worker's bundle reads by `import.meta.glob`. Vite does not notice new files in them. */
const globbedFolders = ["src", "shaders"];

/** The repository's root. The plugin's outputs are the same for every page that requests them. */
const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

interface Target {
  mode: string;
  development: boolean;
}

/**
 * Turns each `import("./module")` of our sources into a static import, because a worker without network loads nothing
 * later. The bundler's own inlining wraps such a module, and all that it imports, in functions that run when it is
 * first used.
 */
function staticImports(): Plugin {
  return {
    name: "weightroom:static-imports",
    transform: {
      filter: { id: /\/src\/.*\.ts$/, code: /\bimport\(/ },
      handler(code) {
        const imports: string[] = [];
        const rewritten = code.replace(/\bimport\(("\.[^"]*")\)/g, (_, module: string) => {
          const name = `inlined${imports.length}`;
          imports.push(`import * as ${name} from ${module};`);
          return `Promise.resolve(${name})`;
        });
        // On the first line, so that source maps keep their lines.
        return { code: imports.join(" ") + rewritten, map: null };
      },
    },
  };
}

/**
 * Bundles an entry into one classic script. It is a strict IIFE because it gets evaluated: otherwise its variables
 * would be globals that cells see, and its code would run in sloppy mode.
 */
async function bundle(entry: string, { mode, development }: Target): Promise<Rollup.OutputChunk> {
  const result = await build({
    configFile: false,
    root,
    mode,
    logLevel: "warn",
    publicDir: false,
    plugins: [staticImports()],
    build: {
      write: false,
      minify: !development,
      modulePreload: false,
      sourcemap: development ? "inline" : "hidden",
      rollupOptions: {
        checks: { pluginTimings: false },
        input: resolve(root, entry),
        // Names are kept, because errors and models show those of their classes.
        output: { format: "iife", strict: true, codeSplitting: false, keepNames: true, entryFileNames: "[name].js" },
      },
    },
  });
  return (result as Rollup.RollupOutput).output[0];
}

/** Returns the source files of a bundle, for watching. */
function sourcesOf(chunk: Rollup.OutputChunk): string[] {
  const files = chunk.moduleIds.map((id) => id.replace(/\?.*$/, ""));
  return files.filter((file) => file.startsWith("/") && !file.includes("/node_modules/"));
}

function hash(text: string, encoding: "base64" | "hex"): string {
  return createHash("sha256").update(text).digest(encoding);
}

/** Returns sandbox.html with its script inlined and the script's hash as the only one that its CSP allows. */
async function framePage(target: Target): Promise<string> {
  const { code } = await bundle(frameEntry, { ...target, development: false });
  if (code.includes("</script")) throw new Error(`${frameEntry} must not contain a closing script tag.`);
  const template = await readFile(resolve(root, "sandbox.html"), "utf8");
  const page = template.replace("%SCRIPT%", () => code.trim());
  const script = /<script>([^]*)<\/script>/.exec(page)?.[1];
  if (script === undefined) throw new Error("sandbox.html has no <script>.");
  return page.replace("%HASH%", hash(script, "base64"));
}

/** Reloads the worker's text if a file that only a glob sees is added or removed. */
function watchGlobs(server: ViteDevServer): void {
  const folders = globbedFolders.map((folder) => `${resolve(root, folder)}/`);
  const reload = (file: string) => {
    const { client } = server.environments;
    const module = client?.moduleGraph.getModuleById(resolvedWorkerId);
    if (client && module && folders.some((folder) => file.startsWith(folder))) void client.reloadModule(module);
  };
  server.watcher.on("add", reload).on("unlink", reload);
}

/** Serves sandbox.html itself, because Vite would inject its client into it. */
function serveFrame(server: ViteDevServer, target: Target): void {
  server.middlewares.use((request, response, next) => {
    const path = (request.url ?? "").replace(/\?.*$/, "");
    if (path !== `${server.config.base}sandbox.html`) return next();
    framePage(target).then((page) => {
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      response.setHeader("Cache-Control", "no-cache");
      response.end(page);
    }, next);
  });
  server.watcher.on("change", (file) => {
    const changed = [frameEntry, "sandbox.html"].some((name) => file === resolve(root, name));
    if (changed) server.environments.client.hot.send({ type: "full-reload" });
  });
}

/**
 * Provides the parts of the session that are not ordinary modules: the worker's bundle as text
 * (`virtual:session-worker`), sandbox.html with its inlined script, and the page's CSP.
 */
export function sessionPlugin(): Plugin {
  let target: Target;
  let map: string | undefined;
  return {
    name: "weightroom:session",
    configResolved({ mode, command }) {
      target = { mode, development: command === "serve" };
    },
    resolveId: (id) => (id === workerId ? resolvedWorkerId : undefined),
    async load(id) {
      if (id !== resolvedWorkerId) return undefined;
      const chunk = await bundle(workerEntry, target);
      for (const file of sourcesOf(chunk)) this.addWatchFile(file);
      map = chunk.map?.toString();
      const source = JSON.stringify(`${chunk.code}\n//# sourceURL=session.js`);
      // Part of the frame's address, so that no cache pairs this page with an older frame.
      const frameVersion = JSON.stringify(hash(await framePage(target), "hex").slice(0, 8));
      return `export const frameVersion = ${frameVersion};\nexport default ${source};`;
    },
    transformIndexHtml: {
      order: "pre",
      handler: () => [
        {
          tag: "meta",
          attrs: { "http-equiv": "Content-Security-Policy", content: pageCsp },
          injectTo: "head-prepend",
        },
      ],
    },
    configureServer(server) {
      watchGlobs(server);
      serveFrame(server, target);
    },
    async generateBundle() {
      if (map) this.emitFile({ type: "asset", fileName: "session.js.map", source: map });
      this.emitFile({ type: "asset", fileName: "sandbox.html", source: await framePage(target) });
    },
  };
}

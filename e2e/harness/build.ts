import { tmpdir } from "node:os";
import { join } from "node:path";
import { mkdtemp } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { sessionPlugin } from "../../scripts/sessionPlugin";

/** Builds the harness like the app, into a temporary folder, and resolves to its path. */
export async function buildHarness(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), "weightroom-harness-"));
  await build({
    configFile: false,
    root: fileURLToPath(new URL(".", import.meta.url)),
    base: "./",
    logLevel: "warn",
    plugins: [sessionPlugin()],
    html: { cspNonce: "weightroom" },
    build: { outDir, assetsInlineLimit: 0 },
  });
  return outDir;
}

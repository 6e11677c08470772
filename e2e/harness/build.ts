import { tmpdir } from "node:os";
import { join } from "node:path";
import { mkdtemp } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { sessionPlugin } from "../../scripts/sessionPlugin";

/** Builds the harness as the app is built, into a folder of its own, and resolves to that. */
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

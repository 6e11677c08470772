import { createServer } from "node:net";
import { defineConfig } from "@playwright/test";
import { browserArguments, findBrowser } from "../scripts/browser.mjs";

/** Finds a free port. */
function freePort(): Promise<string> {
  return new Promise((done, fail) => {
    const server = createServer().once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => done(String(typeof address === "object" && address ? address.port : 0)));
    });
  });
}

// Workers load this file too: they get the port from the environment of the first process.
process.env.E2E_PORT ??= await freePort();
const address = `http://127.0.0.1:${process.env.E2E_PORT}/`;

function browser(webgpu: boolean) {
  return { executablePath: findBrowser() ?? undefined, args: browserArguments({ webgpu }) };
}

/**
 * Tests the built app (`npm run build` first), served as by any static host. Specs run with WebGPU;
 * `*.noWebgpu.spec.ts` runs in a browser without it.
 */
export default defineConfig({
  testDir: ".",
  outputDir: "../test-results",
  workers: 1,
  retries: 0,
  timeout: 60_000,
  forbidOnly: Boolean(process.env.CI),
  use: {
    baseURL: address,
    trace: "retain-on-failure",
    actionTimeout: 15_000,
    viewport: { width: 1280, height: 800 },
  },
  projects: [
    { name: "gpu", testIgnore: "**/*.noWebgpu.spec.ts", use: { launchOptions: browser(true) } },
    { name: "no-webgpu", testMatch: "**/*.noWebgpu.spec.ts", use: { launchOptions: browser(false) } },
  ],
  webServer: {
    command: `node scripts/serve.mjs dist --port ${process.env.E2E_PORT}`,
    cwd: "..",
    url: address,
    reuseExistingServer: false,
  },
});

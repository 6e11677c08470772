import { availableParallelism } from "node:os";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { browserArguments, findBrowser } from "./scripts/browser.mjs";
import { sessionPlugin } from "./scripts/sessionPlugin.ts";

/**
 * Tests read them as `import.meta.env.WEIGHTROOM_FULL`, in Node and in the browser alike. The other two say which seeds
 * `livingSession.gpu.test.ts` runs: how many, from which on.
 */
const names = ["WEIGHTROOM_FULL", "WEIGHTROOM_SEEDS", "WEIGHTROOM_FIRST_SEED"];
const env = Object.fromEntries(names.map((name) => [name, process.env[name] ?? ""]));

/** Tests of WebGPU, and tests of the device of the run: `CPU:0` in Node, `GPU:0` in Chromium. */
const gpuTests = "src/**/*.gpu.test.ts";
const devicesTests = "src/**/*.devices.test.ts";
const setupFiles = ["src/testing/seeded.ts"];

function browserProject(name: string, include: string, isolate: boolean) {
  return {
    // Found while tests run, a dependency would make Vite reload the page under them.
    optimizeDeps: { include: ["fast-check"] },
    test: {
      name,
      env,
      setupFiles,
      include: [include],
      testTimeout: 30_000,
      isolate,
      // A software adapter compiles the shaders of one file on all cores.
      fileParallelism: false,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({
          launchOptions: {
            executablePath: findBrowser() ?? undefined,
            // Tests of leaks call the garbage collector.
            args: [...browserArguments(), "--js-flags=--expose-gc"],
          },
        }),
        instances: [{ browser: "chromium" as const }],
      },
    },
  };
}

/**
 * `node` runs all tests except `*.gpu.test.ts`; `browser` runs those and `browser-shared` runs `*.devices.test.ts`, both
 * in Chromium. The files of `browser-shared` share a realm, in which the runtime is loaded once and each pipeline is
 * compiled once. All others have their own: with several workers, their order is not the same in every run, and many
 * files of `browser` replace or count the device.
 */
export default defineConfig({
  test: {
    projects: [
      {
        // Knows what `virtual:session-worker` is; the worker is bundled only where a test imports it.
        plugins: [sessionPlugin()],
        test: {
          name: "node",
          env,
          setupFiles,
          environment: "node",
          maxWorkers: availableParallelism(),
          // Generous: a machine that tests may be busy with other things.
          testTimeout: 30_000,
          include: ["src/**/*.test.{ts,tsx}", "scripts/**/*.test.ts", "bench/*.test.ts"],
          exclude: [gpuTests],
        },
      },
      browserProject("browser", gpuTests, true),
      browserProject("browser-shared", devicesTests, false),
    ],
  },
});

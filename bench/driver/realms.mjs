/** Realms in which systems are measured: pages of Chromium, or processes of Node. */
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { browserArguments, ensureBrowser } from "../../scripts/browser.mjs";
import { createStaticServer, listen } from "../../scripts/serve.mjs";

/**
 * @typedef {import("../realm").Calls} Calls
 *
 * Remote control of a realm.
 * @typedef {object} Remote
 * @property {<K extends keyof Calls>(name: K, ...args: Parameters<Calls[K]>) => Promise<Awaited<ReturnType<Calls[K]>>>} call
 * @property {() => Promise<void>} close
 *
 * @typedef {object} Realms
 * @property {(fresh: boolean) => Promise<Remote>} open
 * @property {string} name of the surrounding program
 * @property {() => Promise<void>} close
 */

const modules = fileURLToPath(new URL("../node_modules", import.meta.url));

/** Wasm threads need a page that is isolated from other origins. */
const isolation = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

/** Starts the GPU's driver, so that no system is charged with it. @param {Remote} remote */
async function warm(remote) {
  await remote.call("warmGpu");
  return remote;
}

/**
 * Opens pages of one browser. A fresh page has its own browser, profile and GPU process.
 * @param {string} folder the built page
 * @returns {Promise<Realms>}
 */
export async function openBrowserRealms(folder) {
  const { chromium } = await import("@playwright/test");
  const server = createStaticServer(folder, "/", isolation);
  const address = await listen(server, 0);
  const launch = () =>
    chromium.launch({
      executablePath: ensureBrowser(),
      args: [...browserArguments(), "--disable-gpu-shader-disk-cache"],
    });
  const shared = await launch();
  /** @param {import("@playwright/test").Browser} browser @param {() => Promise<void>} [end] @returns {Promise<Remote>} */
  const openPage = async (browser, end) => {
    const page = await browser.newPage();
    await page.goto(`${address}bench/`);
    await page.waitForFunction(() => window.bench);
    return {
      call: (name, ...args) =>
        page.evaluate(
          ([key, given]) => /** @type {any} */ (window.bench)[key](...given),
          /** @type {const} */ ([name, args]),
        ),
      close: end ?? (() => page.close()),
    };
  };
  return {
    name: `Chromium ${shared.version()}`,
    async open(fresh) {
      const browser = fresh ? await launch() : shared;
      return warm(await openPage(browser, fresh ? () => browser.close() : undefined));
    },
    async close() {
      await shared.close();
      server.close();
    },
  };
}

/** Returns the environment of Chromium's software Vulkan loader and driver, for machines without another. */
function softwareVulkan() {
  const folders = [dirname(ensureBrowser()), "/usr/lib/chromium", "/usr/lib/chromium-browser"];
  const folder = folders.find((place) => existsSync(join(place, "vk_swiftshader_icd.json")));
  if (!folder) return {};
  const libraries = [folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(":");
  return { VK_ICD_FILENAMES: join(folder, "vk_swiftshader_icd.json"), LD_LIBRARY_PATH: libraries };
}

/**
 * Returns the environment of Node processes. As in tests, they use SwiftShader unless WEIGHTROOM_GPU asks for
 * the machine's GPU.
 */
export function nodeEnvironment() {
  const own = process.env.WEIGHTROOM_GPU === "1" || process.env.VK_ICD_FILENAMES !== undefined;
  const told = { BENCH_CORES: String(availableParallelism()), BENCH_MODULES: modules };
  return { ...process.env, ...told, ...(own ? {} : softwareVulkan()) };
}

/**
 * Opens one process per realm, with Dawn as its WebGPU.
 * @param {string} entry the built module
 * @returns {Realms}
 */
export function openNodeRealms(entry) {
  const env = nodeEnvironment();
  return {
    name: `Node ${process.versions.node} with Dawn`,
    async open() {
      const child = fork(entry, { env, stdio: ["ignore", 2, 2, "ipc"] });
      /** @type {Map<number, { done: (value: any) => void, fail: (error: Error) => void }>} */
      const waiting = new Map();
      let next = 0;
      child.on("message", (/** @type {{ id: number, value?: unknown, error?: string }} */ { id, value, error }) => {
        const call = waiting.get(id);
        waiting.delete(id);
        if (error === undefined) call?.done(value);
        else call?.fail(new Error(error));
      });
      child.on("exit", (code, signal) => {
        for (const { fail } of waiting.values()) fail(new Error(`the process ended with ${signal ?? code}`));
        waiting.clear();
      });
      return warm({
        call: (name, ...args) =>
          new Promise((done, fail) => {
            waiting.set(++next, { done, fail });
            child.send({ id: next, name, args });
          }),
        async close() {
          child.kill("SIGKILL");
        },
      });
    },
    async close() {},
  };
}

/** Finds the Chrome or Chromium for tests and the notebook runner, or installs one. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "./install.mjs";

const isRoot = process.getuid?.() === 0;

/** @type {Partial<Record<NodeJS.Platform, string[]>>} */
const knownPlaces = {
  linux: [
    "/usr/bin/chromium",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
    "/opt/google/chrome/chrome",
    "/usr/bin/chromium-browser",
    "/snap/bin/chromium",
  ],
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ],
  win32: [process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"], process.env.LOCALAPPDATA]
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, "Google", "Chrome", "Application", "chrome.exe")),
};

/**
 * Returns true if a browser starts. On Ubuntu, /usr/bin/chromium-browser may be a script that only recommends a snap.
 * On Windows, `--version` would open a window, so there it suffices that the file exists.
 * @param {string} path
 */
function works(path) {
  if (!existsSync(path)) return false;
  return process.platform === "win32" || spawnSync(path, ["--version"], { stdio: "ignore" }).status === 0;
}

/** Returns the path of Playwright's Chromium, whether it is installed or not. */
function playwrightPath() {
  try {
    return createRequire(import.meta.url)("@playwright/test").chromium.executablePath();
  } catch {
    return "";
  }
}

/**
 * Returns the path of a browser, or null. CHROME_PATH comes first, then the usual locations, then Playwright's Chromium.
 * @returns {string | null}
 */
export function findBrowser() {
  const own = process.env.CHROME_PATH;
  if (own) {
    if (existsSync(own)) return own;
    throw new Error(`CHROME_PATH is ${own}, but there is no such file.`);
  }
  return [...(knownPlaces[process.platform] ?? []), playwrightPath()].find(works) ?? null;
}

/** @param {string} command @param {string[]} args */
function run(command, args) {
  console.error(`$ ${command} ${args.join(" ")}`);
  return spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2] }).status === 0;
}

function isDebian() {
  return existsSync("/etc/os-release") && /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"));
}

/** Installs Debian's package if root on Debian, otherwise Playwright's Chromium (with system libraries if root). */
function installBrowser() {
  const linuxRoot = isRoot && process.platform === "linux";
  if (linuxRoot && isDebian()) {
    const env = "DEBIAN_FRONTEND=noninteractive";
    const install = ["env", env, "apt-get", "install", "-y", "--no-install-recommends", "chromium"];
    return run("apt-get", ["update"]) && run("env", install.slice(1));
  }
  const cli = join(root, "node_modules", "@playwright", "test", "cli.js");
  return run(process.execPath, [cli, "install", ...(linuxRoot ? ["--with-deps"] : []), "chromium"]);
}

/** Returns the path of a browser, and installs one first if there is none. */
export function ensureBrowser() {
  const found = findBrowser();
  if (found) return found;
  console.error("No Chrome or Chromium found: installing one ...");
  const installed = installBrowser() ? findBrowser() : null;
  if (installed) return installed;
  throw new Error("No browser to test in: install Chrome or Chromium, or set CHROME_PATH to one, and run again.");
}

/**
 * Returns Chromium's arguments. By default SwiftShader computes WebGPU, so that tests behave the same on every machine.
 * WEIGHTROOM_GPU=1 leaves the choice of adapter to the browser, which prefers the machine's GPU. `webgpu: false` or
 * WEIGHTROOM_GPU=0 starts a browser without an adapter, even if there is a GPU.
 */
export function browserArguments({ webgpu = process.env.WEIGHTROOM_GPU !== "0" } = {}) {
  const own = process.env.WEIGHTROOM_GPU === "1";
  const software = own ? [] : ["--use-webgpu-adapter=swiftshader"];
  const linuxGpu = own && process.platform === "linux" ? ["--enable-features=Vulkan"] : [];
  return [
    // Chromium's sandbox does not start as root on Linux.
    ...(isRoot && process.platform === "linux" ? ["--no-sandbox"] : []),
    ...(webgpu
      ? ["--enable-unsafe-webgpu", ...software, ...linuxGpu]
      : ["--disable-gpu", "--disable-software-rasterizer"]),
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
}

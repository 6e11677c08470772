/** Finds the Chrome or Chromium that tests and the notebook runner use, or installs one. */
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
 * True for a browser that starts. On Ubuntu /usr/bin/chromium-browser may be a script that only asks for a snap;
 * on Windows `--version` would open a window, so there a file is enough.
 * @param {string} path
 */
function works(path) {
  if (!existsSync(path)) return false;
  return process.platform === "win32" || spawnSync(path, ["--version"], { stdio: "ignore" }).status === 0;
}

/** Where Playwright's own Chromium is, or would be. */
function playwrightPath() {
  try {
    return createRequire(import.meta.url)("@playwright/test").chromium.executablePath();
  } catch {
    return "";
  }
}

/**
 * The path of a browser, or null: CHROME_PATH, then the usual places, then Playwright's.
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

/** Debian's package as its root, else Playwright's Chromium (with the libraries it needs where root can add them). */
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

/** The path of a browser, installed now if there was none. */
export function ensureBrowser() {
  const found = findBrowser();
  if (found) return found;
  console.error("No Chrome or Chromium found: installing one ...");
  const installed = installBrowser() ? findBrowser() : null;
  if (installed) return installed;
  throw new Error("No browser to test in: install Chrome or Chromium, or set CHROME_PATH to one, and run again.");
}

/**
 * Chromium's arguments. WebGPU is on, and computed by SwiftShader, so that tests are the same on every machine;
 * WEIGHTROOM_GPU=1 leaves the choice of adapter to the browser, which takes the machine's own GPU.
 * `webgpu: false`, or WEIGHTROOM_GPU=0, gives a browser without an adapter, also where there is a GPU.
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

/**
 * Builds and packs the library, installs the tarball in an empty folder, and compiles and runs the README's code under
 * "As a library" there, with plain Node on CPU:0. If the npm package `webgpu` has been installed by hand
 * (`npm ci --prefix bench`), the code also runs on GPU:0.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildLibrary, libraryFolder } from "./buildLibrary.mjs";
import { root } from "../install.mjs";

const tsc = join(root, "node_modules/@typescript/native/bin/tsc");
/** Chromium's software driver, for machines without a Vulkan driver. */
const softwareDriver = "/usr/lib/chromium/vk_swiftshader_icd.json";

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string; env?: NodeJS.ProcessEnv }} options
 */
function run(command, args, { cwd, env }) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: "utf8",
    shell: process.platform === "win32" && command === "npm",
  });
  if (status === 0) return stdout;
  throw new Error(`${command} ${args.join(" ")}\n${error?.message ?? ""}${stdout}${stderr}`.slice(0, 4000));
}

/** @param {unknown} condition @param {string} what */
function ensure(condition, what) {
  if (!condition) throw new Error(`The library: ${what}.`);
}

/** Returns the README's code under "As a library" as one module, which ends by printing its results as JSON. */
function consumerCode() {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const section = readme.split("\n## As a library\n")[1]?.split("\n## ")[0] ?? "";
  const blocks = [...section.matchAll(/```ts\n([^]*?)```/g)].map(([, code]) => code);
  ensure(blocks.length === 2, `the README has ${blocks.length} code blocks under "As a library", not 2`);
  return `import { setSeed } from "weightroom";
setSeed(42);
${blocks.join("\n")}
// @ts-expect-error: tensors have the methods of ops and no others
X.noSuchMethod;
// @ts-expect-error: a tensor is not a number
const number: number = net.call(X);
await net.saveWeights("net.params");
const copy = sequential([dense(16, { activation: "relu" }), dense(1)]);
copy.build([null, 2]);
await copy.loadWeights("net.params");
const loss = await losses.meanSquaredError(y, copy.call(X)).item();
console.log(JSON.stringify({ device: X.device, loss, shape: train.x.shape }));
`;
}

/** Checks the types with and without the DOM's, including those of the library itself. @param {string} folder */
function compile(folder) {
  const declarations = readFileSync(join(folder, "node_modules/weightroom/weightroom.d.ts"), "utf8");
  ensure(
    /@throws ShapeError(?:(?!\*\/)[^])*@example(?:(?!\*\/)[^])*\*\/\s+export function matmul\(/.test(declarations),
    "its types have no docstrings",
  );
  writeFileSync(join(folder, "main.ts"), consumerCode());
  const types = ["--typeRoots", join(root, "node_modules/@types"), "--types", "node"];
  const strict = ["--strict", "--target", "es2023", "--module", "nodenext", "--skipLibCheck", "false", ...types];
  run(process.execPath, [tsc, ...strict, "--lib", "es2023", "main.ts"], { cwd: folder });
  // The DOM's types include those of WebGPU.
  run(process.execPath, [tsc, ...strict, "--noEmit", "--lib", "es2023,dom", "main.ts"], { cwd: folder });
}

/**
 * Runs the compiled module and checks its results.
 * @param {string} folder
 * @param {string} file
 * @param {string} device
 * @param {NodeJS.ProcessEnv} [env]
 */
function train(folder, file, device, env) {
  const output = run(process.execPath, [file], { cwd: folder, env });
  const found = JSON.parse(output.trim().split("\n").at(-1) ?? "");
  if (found.state) {
    console.log(`${device}: skipped (${found.state}), because it needs a Vulkan driver and its loader (libvulkan1)`);
    return;
  }
  ensure(found.device === device, `ran on ${found.device}, not on ${device}`);
  ensure(found.loss < 0.05, `the loss after training, saving and loading is ${found.loss}`);
  ensure(JSON.stringify(found.shape) === "[1437,8,8,1]", `digits have the shape ${found.shape}`);
  console.log(`${device}: trains to a loss of ${found.loss.toFixed(4)}`);
}

/** Returns the address of the npm package `webgpu`, one of the benchmarks' packages, or null if it is not installed. */
function findDawn() {
  try {
    return pathToFileURL(createRequire(join(root, "bench", "package.json")).resolve("webgpu")).href;
  } catch {
    return null;
  }
}

/** @param {string} folder @param {string} dawn */
function trainOnGpu(folder, dawn) {
  const prelude = `import { create, globals } from ${JSON.stringify(dawn)};
import { open } from "weightroom";
Object.assign(globalThis, globals);
const state = await open(create([]));
if (state === "ready") await import("./main.js");
else console.log(JSON.stringify({ state }));
`;
  writeFileSync(join(folder, "gpu.mjs"), prelude);
  const needsDriver = !process.env.VK_ICD_FILENAMES && existsSync(softwareDriver);
  train(folder, "gpu.mjs", "GPU:0", needsDriver ? { VK_ICD_FILENAMES: softwareDriver } : {});
}

async function main() {
  await buildLibrary();
  const folder = mkdtempSync(join(tmpdir(), "weightroom-library-"));
  try {
    run("npm", ["pack", libraryFolder, "--pack-destination", folder, "--silent"], { cwd: folder });
    const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
    const consumer = join(folder, "consumer");
    mkdirSync(consumer);
    writeFileSync(join(consumer, "package.json"), '{ "type": "module", "private": true }');
    const install = ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
    run("npm", [...install, join(folder, tarball)], { cwd: consumer });
    const installed = readdirSync(join(consumer, "node_modules")).filter((name) => !name.startsWith("."));
    ensure(installed.join() === "weightroom", `installs ${installed.join(", ")}`);
    compile(consumer);
    train(consumer, "main.js", "CPU:0");
    const dawn = findDawn();
    if (dawn) trainOnGpu(consumer, dawn);
    else console.log("GPU:0: skipped, because the npm package webgpu is not installed");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await main();

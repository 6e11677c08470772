import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { afterEach, describe, expect, test, vi } from "vitest";
import { browserArguments, findBrowser } from "./browser.mjs";
import { firstLoadFiles, overBudget } from "./checkBudget.mjs";
import { tierOf, tiers } from "./checkTiers.mjs";
import { root } from "./install.mjs";
import { createStaticServer, listen, listenOn } from "./serve.mjs";
import { isTest, listFiles } from "./sources.mjs";
import { countStep } from "./testReport.mjs";

const made: string[] = [];
const servers: Server[] = [];

afterEach(() => {
  made.splice(0).forEach((path) => rmSync(path, { recursive: true }));
  servers.splice(0).forEach((server) => server.close());
  vi.unstubAllEnvs();
});

function newFolder(): string {
  const path = mkdtempSync(join(tmpdir(), "house-"));
  made.push(path);
  return path;
}

describe("the static server", () => {
  async function serve(base: string): Promise<string> {
    const top = newFolder();
    const site = join(top, "site");
    mkdirSync(join(site, "assets"), { recursive: true });
    writeFileSync(join(top, "secret.txt"), "secret");
    writeFileSync(join(site, "index.html"), "<p>page</p>");
    writeFileSync(join(site, "assets", "a b.js"), "1");
    writeFileSync(join(site, "assets", "data.bin"), "12");
    const server = createStaticServer(site, base);
    servers.push(server);
    return listen(server, 0);
  }

  test("sends files with their type and no other headers by default", async () => {
    const address = await serve("/");
    const page = await fetch(address);
    const { connection, date, "keep-alive": _, ...headers } = Object.fromEntries(page.headers);
    expect([typeof connection, typeof date]).toEqual(["string", "string"]);
    expect(headers).toEqual({ "content-type": "text/html; charset=utf-8", "content-length": "11" });
    expect(await page.text()).toBe("<p>page</p>");
    const script = await fetch(`${address}assets/a%20b.js?v=1`);
    expect(script.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect((await fetch(`${address}assets/data.bin`)).headers.get("content-type")).toBe("application/octet-stream");
  });

  test("sends the headers that were passed in", async () => {
    const top = newFolder();
    writeFileSync(join(top, "index.html"), "<p>page</p>");
    const server = createStaticServer(top, "/", { "Cross-Origin-Opener-Policy": "same-origin" });
    servers.push(server);
    const { headers } = await fetch(await listen(server, 0));
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
  });

  test("serves nothing outside its folder and base, and only GET and HEAD", async () => {
    const address = await serve("/some/path/");
    const statusOf = async (path: string, method = "GET") => (await fetch(address + path, { method })).status;
    expect(await statusOf("some/path/")).toBe(200);
    expect(await statusOf("some/path/", "HEAD")).toBe(200);
    expect(await statusOf("some/path/", "POST")).toBe(405);
    expect(await statusOf("")).toBe(404);
    expect(await statusOf("some/path/none.js")).toBe(404);
    expect(await statusOf("some/path/assets/")).toBe(404);
    expect(await statusOf("some/path/..%2fsecret.txt")).toBe(404);
    expect(await statusOf("some/path/%2e%2e%2fsecret.txt")).toBe(404);
    expect(await statusOf("some/path/%ff")).toBe(404);
  });

  test("uses the next port if one is in use, unless --port forbids it", async () => {
    const [first, second, third] = [0, 0, 0].map(() => createStaticServer(newFolder())) as [Server, Server, Server];
    servers.push(first, second);
    const port = Number(new URL(await listen(first, 0)).port);
    expect(Number(new URL(await listen(second, port)).port)).toBeGreaterThan(port);
    await expect(listenOn(third, String(port))).rejects.toThrow(`Port ${port} is in use: choose another with --port.`);
    await expect(listenOn(third, "80a")).rejects.toThrow("--port must be a number up to 65535, not 80a.");
  });
});

describe("the browser of the tests", () => {
  test("is that of CHROME_PATH first, and an error if there is no such file", () => {
    vi.stubEnv("CHROME_PATH", process.execPath);
    expect(findBrowser()).toBe(process.execPath);
    vi.stubEnv("CHROME_PATH", join(root, "no-such-browser"));
    expect(findBrowser).toThrow("there is no such file");
  });

  test("computes in software unless WEIGHTROOM_GPU is set, and has no adapter without WebGPU", () => {
    const flags = (options?: { webgpu: boolean }) =>
      browserArguments(options).filter((flag) => /gpu|rasterizer/.test(flag));
    vi.stubEnv("WEIGHTROOM_GPU", "");
    expect(flags()).toEqual(["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"]);
    expect(flags({ webgpu: false })).toEqual(["--disable-gpu", "--disable-software-rasterizer"]);
    vi.stubEnv("WEIGHTROOM_GPU", "1");
    expect(flags()).toEqual(["--enable-unsafe-webgpu"]);
  });
});

describe("the counts of npm test", () => {
  function report(content: unknown): string {
    const file = join(newFolder(), "report.json");
    writeFileSync(file, JSON.stringify(content));
    return file;
  }

  test("come from the tools' reports", () => {
    const vitest = report({ numPassedTests: 5, numFailedTests: 2, numPendingTests: 1 });
    expect(countStep(1, "vitest", vitest)).toEqual({ passed: 5, failed: 2, skipped: 1 });
    const playwright = report({ stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 0 } });
    expect(countStep(1, "playwright", playwright)).toEqual({ passed: 3, failed: 2, skipped: 0 });
  });

  test("are one for a step without a report", () => {
    expect(countStep(0, undefined, "")).toEqual({ passed: 1, failed: 0, skipped: 0 });
    expect(countStep(2, undefined, "")).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  test("include a failure if a tool fails although every test passed, or if no test ran", () => {
    const passing = report({ numPassedTests: 5, numFailedTests: 0, numPendingTests: 0 });
    expect(countStep(0, "vitest", passing)).toEqual({ passed: 5, failed: 0, skipped: 0 });
    expect(countStep(1, "vitest", passing)).toEqual({ passed: 5, failed: 1, skipped: 0 });
    const none = report({ numPassedTests: 0, numFailedTests: 0, numPendingTests: 4 });
    expect(countStep(0, "vitest", none)).toEqual({ passed: 0, failed: 1, skipped: 4 });
    expect(countStep(0, "playwright", join(newFolder(), "absent.json"))).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe("the size budget", () => {
  test("counts the entry, its imports and its styles as the first load", () => {
    const html = `<link rel="icon" href="./icon.svg"><link rel="stylesheet" crossorigin href="./assets/a.css">
      <script type="module" crossorigin src="./assets/index.js"></script><link rel="modulepreload" href="./assets/b.js">`;
    expect(firstLoadFiles(html)).toEqual(["assets/a.css", "assets/index.js", "assets/b.js"]);
  });

  test("is exceeded by one byte too many, and by a page without a script", () => {
    expect(overBudget([{ name: "a", size: 100, limit: 100 }])).toEqual([]);
    expect(overBudget([{ name: "a", size: 101, limit: 100 }])).toEqual(["a"]);
    expect(overBudget([{ name: "first load", size: 0, limit: 100 }])).toEqual(["first load"]);
  });
});

describe("tsconfig.runtime.json", () => {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
  const config = ts.getParsedCommandLineOfConfigFile(join(root, "tsconfig.runtime.json"), {}, host)!;

  test("covers every file of the runtime, the notebook and the worker", () => {
    const page = new Set(["client", "i18n", "store", "ui"]);
    const covered = new Set(config.fileNames.map((file) => relative(root, file).replaceAll("\\", "/")));
    const left = listFiles(root, "src", /\.tsx?$/).filter((file) => {
      const tier = tierOf(file)?.name;
      return tier !== undefined && !page.has(tier) && !isTest(file) && !covered.has(file);
    });
    expect(covered.size).toBeGreaterThan(0);
    expect(left).toEqual([]);
  });

  test("rejects the DOM", () => {
    const file = join(newFolder(), "dom.ts");
    writeFileSync(file, "export const title = document.title;\nexport const scope = self.navigator;\n");
    const program = ts.createProgram([file], {
      ...config.options,
      configFilePath: join(root, "tsconfig.runtime.json"),
    });
    const messages = program
      .getSemanticDiagnostics()
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ""));
    expect(messages).toEqual([expect.stringContaining("Cannot find name 'document'.")]);
  });
});

describe("folders", () => {
  /** They grow with the number of kinds, and each of their files can be read alone. */
  const listsOfKinds = new Set(["src/tensor/ops", "src/nn/blocks", "shaders/functions"]);

  test("hold at most 25 files unless they are lists of kinds", () => {
    const counts = new Map<string, number>();
    const files = ["src", "shaders", "scripts", "bench", "e2e"].flatMap((folder) => listFiles(root, folder, /./));
    for (const file of files) {
      const folder = dirname(file);
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
    expect([...counts].filter(([folder, count]) => count > 25 && !listsOfKinds.has(folder))).toEqual([]);
    for (const folder of listsOfKinds) expect(counts.get(folder)).toBeGreaterThan(0);
  });
});

describe("documents", () => {
  const documents = [...listFiles(root, "docs", /\.md$/), "README.md", "CONTRIBUTING.md"];
  /** Examples in ADDING.md. */
  const examples = /\/(cube|scale|alternating|absoluteCube|specificity|signSgd|halveOnPlateau|NAME)\.ts$/;

  test("name only files of src that exist", () => {
    const missing = documents.flatMap((file) =>
      [...readFileSync(join(root, file), "utf8").matchAll(/\bsrc\/[\w./-]+\.(?:tsx?|css|md)\b/g)]
        .filter(([path]) => !existsSync(join(root, path)) && !examples.test(path))
        .map(([path]) => `${file}: ${path}`),
    );
    expect(missing).toEqual([]);
  });
});

describe("docs/ARCHITECTURE.md", () => {
  const text = readFileSync(join(root, "docs", "ARCHITECTURE.md"), "utf8");
  const runtime = ["base", "device", "tensor", "plan", "nn", "train"];
  const rows = [...text.matchAll(/^\| `(\w+)` +\|[^|]*\|([^|]*)\|([^|]*)\|$/gm)].map(([, name, central, uses]) => ({
    name,
    central: central!.trim().replaceAll("`", ""),
    uses: uses!.trim().replace("the runtime", runtime.join(" ")).split(/[ ,]+/).filter(Boolean),
  }));

  test("lists the tiers of the check in order, with the allowed imports of each", () => {
    expect(rows.map(({ name, uses }) => ({ name, uses }))).toEqual(tiers.map(({ name, uses }) => ({ name, uses })));
  });

  test("names a central file of each tier that has files", () => {
    const files = listFiles(root, "src", /\.tsx?$/);
    for (const { name, central } of rows) {
      const has = files.some((file) => tierOf(file)?.name === name);
      expect({ name, tier: central ? tierOf(central)?.name : undefined }).toEqual({
        name,
        tier: has ? name : undefined,
      });
      if (central) expect(files).toContain(central);
    }
  });

  test("names every subfolder of a tier, and no other", () => {
    const table = text.split("## Folders")[1]!.split("\n## ")[0]!;
    const named = [...table.matchAll(/^\| `(\w+)` +\|(.*)\|$/gm)].flatMap(([, tier, cell]) =>
      [...cell!.matchAll(/`((?:\w+\/)+)`/g)].map(([, path]) => `src/${tier}/${path!.slice(0, -1)}`),
    );
    const folders = [...new Set(listFiles(root, "src", /./).map((file) => dirname(file)))];
    const subfolders = folders
      .filter((folder) => !/^src\/testing\b|^src(\/\w+)?$/.test(folder))
      .map((folder) => folder.split("/").slice(0, 3).join("/"));
    expect(subfolders.filter((folder) => !named.includes(folder))).toEqual([]);
    const isFolder = (path: string) => folders.some((folder) => folder === path || folder.startsWith(`${path}/`));
    expect(named.filter((path) => !isFolder(path))).toEqual([]);
  });

  test("states the reason of every dependency at run time, and of nothing else", () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { dependencies: object };
    const table = text.split("## Dependencies at run time")[1]!.split("\n## ")[0]!;
    const named = [...table.matchAll(/^\| (`[^|]+)\|/gm)].flatMap(([, cell]) => cell!.match(/[^`, ]+/g) ?? []);
    expect(named.sort()).toEqual(Object.keys(dependencies).sort());
  });
});

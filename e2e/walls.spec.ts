import { rm } from "node:fs/promises";
import type { Server } from "node:http";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { pageCsp } from "../scripts/sessionPlugin";
import { createStaticServer, listen } from "../scripts/serve.mjs";
import { type Attack, attacks, type PageState } from "./attacks";
import { createControlServer } from "./control";
import { buildHarness } from "./harness/build";
import type { Harness } from "./harness/main";
import { type Foreign, openForeign, recordRequests } from "./listeners";

interface Site {
  server: Server;
  origin: string;
  requests: string[];
  foreign: Foreign;
}

let folder: string;
let control: Site;
let walled: Site;
let page: Page;
const complaints: string[] = [];

async function openSite(server: Server): Promise<Site> {
  const requests = recordRequests(server);
  const origin = (await listen(server, 0)).replace(/\/$/, "");
  return { server, origin, requests, foreign: await openForeign() };
}

/** Opens our page and records all violations of its policy and everything that reaches it from elsewhere. */
async function openWalledPage(browser: Browser): Promise<Page> {
  const opened = await (await browser.newContext()).newPage();
  opened.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
  await opened.exposeFunction("complain", (complaint: string) => complaints.push(complaint));
  await opened.addInitScript(() => {
    if (self !== top) return;
    const reached = { broadcasts: [] as string[], messages: [] as string[] };
    Object.assign(globalThis, { reached });
    new BroadcastChannel("attack").addEventListener("message", ({ data }) => reached.broadcasts.push(data));
    addEventListener("message", ({ data }) => {
      if (!["alive", "failed"].includes(data?.type)) reached.messages.push(JSON.stringify(data));
    });
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
      const { complain } = globalThis as unknown as { complain: (complaint: string) => void };
      complain(`CSP: ${violatedDirective} ${blockedURI}`);
    });
  });
  await opened.goto(walled.origin);
  await opened.evaluate(() => (globalThis as unknown as { harness: Harness }).harness.client.start());
  return opened;
}

test.beforeAll(async ({ browser }) => {
  folder = await buildHarness();
  control = await openSite(createControlServer());
  walled = await openSite(createStaticServer(folder));
  page = await openWalledPage(browser);
  // The page has loaded everything it needs: from here on, its server gets no requests.
  walled.requests.length = 0;
});

test.afterAll(async () => {
  await page.context().close();
  for (const { server, foreign } of [control, walled]) {
    foreign.close();
    server.closeAllConnections();
    server.close();
  }
  await rm(folder, { recursive: true });
});

function namesFor({ foreign, origin }: Site, index: number) {
  return { http: `${foreign.http}/${index}`, tcp: foreign.tcp, udp: foreign.udp, own: origin };
}

/** Evidence of an attack in the page without walls. */
async function seenInControl(attack: Attack, opened: Page, value: boolean, before: Foreign["bytes"], asked: number) {
  const { foreign, requests } = control;
  if (typeof attack.seen === "function") {
    return attack.seen(
      await opened.evaluate(() => (globalThis as unknown as { readState: () => PageState }).readState()),
    );
  }
  const evidence = {
    http: foreign.requests.includes(`/${attacks.indexOf(attack)}`),
    tcp: foreign.bytes.tcp > before.tcp,
    udp: foreign.bytes.udp > before.udp,
    own: requests.length > asked,
    value,
  };
  return evidence[attack.seen];
}

/** Runs the attack in the page without walls, where it has to succeed to count as an attack. */
async function succeedsInControl(attack: Attack, browser: Browser): Promise<void> {
  const context = await browser.newContext();
  const opened = await context.newPage();
  await opened.goto(control.origin);
  const before = { ...control.foreign.bytes };
  const loaded = attack.realm === "window" ? 0 : 1;
  const asked = control.requests.length + loaded;
  const names = namesFor(control, attacks.indexOf(attack));
  let value = false;
  const running = opened
    .evaluate((order) => (globalThis as unknown as { attack: (order: object) => Promise<unknown> }).attack(order), {
      realm: attack.realm,
      code: attack.code,
      names,
    })
    // The page navigated away, or the code failed after the attack had succeeded.
    .then(
      (result) => (value = result === true),
      () => false,
    );
  await expect
    .poll(() => seenInControl(attack, opened, value, before, asked), {
      message: `"${attack.name}" has to succeed without walls`,
      timeout: 5000,
      intervals: [50],
    })
    .toBe(true);
  void running;
  await context.close();
}

/** Runs the attack as a cell and resolves to its output: `true` if it claims success. */
async function runAsCell(attack: Attack): Promise<string> {
  const names = { ...namesFor(walled, attacks.indexOf(attack)), port: undefined };
  const source = `const { ${Object.keys(names).join(", ")} } = ${JSON.stringify(names)};
    await Promise.race([
      (async () => { ${attack.code} })().then((value) => value === true, (error) => "refused: " + error),
      new Promise((done) => setTimeout(done, 2500, "silent")),
    ])`;
  return page.evaluate(
    async ({ source: text, run }) => {
      const { client, events } = (globalThis as unknown as { harness: Harness }).harness;
      const outputs = () =>
        events.flatMap((event) => (event.kind === "output" && event.run === run ? [event.output] : []));
      const result = await client.request({ kind: "run", cell: "cell", run, source: text }).catch(String);
      const shown = outputs().map((output) => ("text" in output ? output.text : output.type));
      return `${shown.join(" ")} ${typeof result === "string" ? result : (result.error?.message ?? result.status)}`;
    },
    { source, run: attacks.indexOf(attack) + 1 },
  );
}

function readPageState(): Promise<PageState> {
  return page.evaluate(async () => {
    const { harness, reached } = globalThis as unknown as {
      harness: Harness;
      reached: Pick<PageState, "broadcasts" | "messages">;
    };
    const { held = [] } = await navigator.locks.query();
    return {
      ...reached,
      polluted: "polluted" in {},
      answers: [],
      outputs: harness.events.flatMap((event) =>
        event.kind === "output"
          ? [{ cell: event.cell, type: event.output.type, text: "text" in event.output ? event.output.text : "" }]
          : [],
      ),
      files: [...harness.files.keys()],
      locks: held.map(({ name = "" }) => name),
    };
  });
}

for (const attack of attacks) {
  test(`a cell cannot use ${attack.name}`, async ({ browser }) => {
    await succeedsInControl(attack, browser);
    const shown = await runAsCell(attack);
    if (attack.seen === "value") expect(shown).not.toMatch(/\btrue\b/);
    if (typeof attack.seen === "function") expect(attack.seen(await readPageState())).toBe(false);
    expect({
      requests: walled.requests,
      foreign: walled.foreign.requests,
      bytes: walled.foreign.bytes,
      url: page.url(),
      frames: page.frames().length,
    }).toEqual({
      requests: [],
      foreign: [],
      bytes: { http: 0, tcp: 0, udp: 0 },
      url: `${walled.origin}/`,
      frames: 2,
    });
  });
}

test("after all attacks, nothing was sent, stored or reported", async () => {
  await page.waitForTimeout(1000);
  const stored = await page.evaluate(async () => {
    const files: string[] = [];
    for await (const name of (await navigator.storage.getDirectory()).keys()) files.push(name);
    return {
      databases: await indexedDB.databases(),
      caches: await caches.keys(),
      localStorage: localStorage.length,
      sessionStorage: sessionStorage.length,
      files,
      workers: (await navigator.serviceWorker.getRegistrations()).length,
    };
  });
  expect({ ...stored, cookies: await page.context().cookies() }).toEqual({
    databases: [],
    caches: [],
    localStorage: 0,
    sessionStorage: 0,
    files: [],
    workers: 0,
    cookies: [],
  });
  expect({ complaints, foreign: walled.foreign.requests, bytes: walled.foreign.bytes }).toEqual({
    complaints: [],
    foreign: [],
    bytes: { http: 0, tcp: 0, udp: 0 },
  });
});

test("the session still works, and the page dropped invalid messages", async () => {
  const [dropped, result] = await page.evaluate(async () => {
    const { client } = (globalThis as unknown as { harness: Harness }).harness;
    const answer = await client.request({ kind: "run", cell: "last", run: 1, source: "1 + 1" });
    return [client.dropped, answer.status] as const;
  });
  expect(result).toBe("ok");
  expect(dropped).toBeGreaterThan(0);
});

test("the page's policy allows no unsafe script, and Trusted Types are on", async () => {
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content");
  expect(policy).toBe(pageCsp);
  const scripts = pageCsp.split("; ").find((directive) => directive.startsWith("script-src"));
  expect(scripts).toBe("script-src 'self'");
  // In a task of the page: code evaluated by the test itself may use eval in spite of the policy.
  const refused = await page.evaluate(
    () =>
      new Promise<string[]>((done) => {
        const sinks = [
          () => (document.body.innerHTML = "<b>x</b>"),
          () => new Worker("/worker.js"),
          // oxlint-disable-next-line no-implied-eval -- to see it refused
          () => new Function("return 1"),
          () => (document.createElement("iframe").srcdoc = "<b>x</b>"),
          () => document.createElement("script").setAttribute("src", "/x.js"),
        ];
        const attempt = (sink: () => unknown) => {
          try {
            sink();
            return "allowed";
          } catch (error) {
            return (error as Error).name;
          }
        };
        setTimeout(() => done(sinks.map(attempt)));
      }),
  );
  expect(refused).toEqual(["TypeError", "TypeError", "EvalError", "TypeError", "TypeError"]);
});

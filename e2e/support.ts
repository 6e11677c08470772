import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type BrowserContext, type Page } from "@playwright/test";
import { createStaticServer, listen } from "../scripts/serve.mjs";

export { expect };

/** True in `npm run test:full`, which runs the whole matrix of languages, themes, widths and devices. */
export const isFull = Boolean(process.env.WEIGHTROOM_FULL);

/** Problems of a page that the reader does not see. */
export interface Complaints {
  list: string[];
  /** Allows complaints that a test provokes on purpose. */
  allow(pattern: RegExp): void;
  /** Observes another context too: a second reader. */
  watch(context: BrowserContext): Promise<void>;
}

/** Collects console errors, uncaught errors of page and workers, and violations of the Content-Security-Policy. */
async function hear(context: BrowserContext, add: (complaint: string) => void): Promise<void> {
  context.on("console", (message) => {
    if (message.type() === "error") add(`console: ${message.text()}`);
  });
  context.on("weberror", (error) => add(`uncaught: ${String(error.error())}`));
  await context.exposeBinding("reportViolation", (_, violation: string) => add(`CSP: ${violation}`));
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) => {
      const report = (globalThis as { reportViolation?: (violation: string) => void }).reportViolation;
      report?.(`${violatedDirective} refused ${blockedURI} ${sample}`);
    });
  });
}

/** Playwright's test, failing on complaints of the page: errors in the console, uncaught errors, CSP violations. */
export const test = base.extend<{ complaints: Complaints }>({
  complaints: [
    async ({ context }, use) => {
      const list: string[] = [];
      const allowed: RegExp[] = [];
      const watch = (other: BrowserContext) => hear(other, (complaint) => list.push(complaint));
      await watch(context);
      await use({ list, watch, allow: (pattern) => void allowed.push(pattern) });
      const left = list.filter((complaint) => !allowed.some((pattern) => pattern.test(complaint)));
      expect(left, "the page complained").toEqual([]);
    },
    { auto: true },
  ],
});

/** Serves the built app under a path, like a host with other sites; returns the address and a function to close it. */
export async function serveUnder(path: string): Promise<{ address: string; close(): void }> {
  const server = createStaticServer("dist", path);
  const address = await listen(server, 0);
  return { address: address.slice(0, -1) + path, close: () => void server.close() };
}

/** Fails on serious or critical findings of axe in the current page. */
export async function checkAccessibility(page: Page): Promise<void> {
  // A dialog that is still fading in has no contrast yet.
  await page.evaluate(() => {
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    return Promise.allSettled(ending.map(({ finished }) => finished));
  });
  // The page's only frame is the session's, which shows nothing: the document alone is analysed, in its own page.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"], preload: false });
  const { violations } = await axe.analyze();
  const findings = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ html }) => html) }));
  expect(findings).toEqual([]);
}

/** Saves a screenshot for people in test-results/screens. */
export async function screenshot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `test-results/screens/${name}.png`, animations: "disabled" });
}

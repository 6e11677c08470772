import { chromium, type Locator, type Page } from "@playwright/test";
import { browserArguments, findBrowser } from "../scripts/browser.mjs";
import { createStaticServer, listen } from "../scripts/serve.mjs";
import { recordRequests } from "./listeners";
import { NotebookPage } from "./notebookPage";
import { expect, isFull, test } from "./support";

/**
 * Guaranteed response time of Stop, in milliseconds from the click until the page shows that the cell has stopped. Only
 * `test:full` asserts it, because other work on the machine delays the page's timers and frames.
 */
const promised = 250;

declare global {
  /** From the click on Stop to the cell's "Stopped", and the longest time without a frame in between. */
  var stopTimes: { shown: number; worstFrame: number } | undefined;
}

/** Measures inside the page: the messages of a test would add to the time. */
function measureStop(): void {
  document.addEventListener(
    "click",
    ({ target, timeStamp }) => {
      const button = (target as Element).closest("button");
      if (!`${button?.textContent} ${button?.getAttribute("aria-label")}`.includes("Stop")) return;
      let worstFrame = 0;
      let last = performance.now();
      const frame = (now: number) => {
        worstFrame = Math.max(worstFrame, now - last);
        last = now;
        const stopped = [...document.querySelectorAll('[data-status="cancelled"]')].length > 0;
        if (stopped) globalThis.stopTimes = { shown: performance.now() - timeStamp, worstFrame };
        else requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    },
    { capture: true },
  );
}

const endless: [about: string, code: string, keepsValues: boolean][] = [
  ["a loop that never awaits", "while (true) {}", false],
  ["a loop that enqueues work without end", "let x = ones([64, 64]);\nwhile (true) x = x.matmul(x).tanh();", false],
  [
    "a loop that awaits the device",
    "let x = ones([64, 64]);\nwhile (true) {\n  x = x.matmul(x).tanh();\n  await x.data();\n}",
    true,
  ],
  [
    "a loop that catches what Stop throws",
    "while (true) {\n  try {\n    await ones([2]).data();\n  } catch {}\n}",
    false,
  ],
  ["a promise that never settles", "await new Promise(() => {});", false],
];

/** Other programs may occupy the processor during one attempt: the best of several shows what the page can do. */
const attempts = 5;

/** Runs the endless cell, stops it, and returns what the page measured. */
async function stopOnce(page: Page, loop: Locator): Promise<NonNullable<typeof globalThis.stopTimes>> {
  await page.evaluate(() => (globalThis.stopTimes = undefined));
  await loop.getByRole("button", { name: "Run this cell" }).click();
  await expect(loop.getByText("Running", { exact: true })).toBeAttached();
  await page.waitForTimeout(300);
  await page.getByRole("button", { name: "Stop", exact: true }).first().click();
  await expect(loop.getByText("Stopped", { exact: true })).toBeAttached();
  await expect.poll(() => page.evaluate(() => globalThis.stopTimes)).toBeDefined();
  return (await page.evaluate(() => globalThis.stopTimes))!;
}

for (const [about, code, keepsValues] of endless) {
  test(`Stop ends ${about}, and the notebook is kept`, async ({ page }, testInfo) => {
    await page.addInitScript(measureStop);
    const notebook = new NotebookPage(page);
    await notebook.openNew();
    const first = await notebook.addCell("Code");
    await notebook.write(first, "const kept = 41;");
    await notebook.run(first);
    const loop = await notebook.addCell("Code");
    await notebook.write(loop, code);

    const times = await stopOnce(page, loop);
    // The notebook is complete and can run again: with the old values if the session stopped cooperatively, otherwise
    // by the note's button.
    await expect(notebook.cells).toHaveCount(2);
    await expect(first.getByText(keepsValues ? "Done" : "Not run in this session", { exact: true })).toBeAttached();
    const note = loop.getByRole("status").filter({ hasText: "A new session has started" });
    await expect(note).toHaveCount(keepsValues ? 0 : 1);
    if (!keepsValues) {
      await note.getByRole("button", { name: "Run all cells above" }).click();
      await notebook.expectRan(first);
    }
    const after = await notebook.addCell("Code");
    await notebook.write(after, "kept + 1");
    await notebook.run(after);
    await expect(notebook.outputs(after)).toHaveText("42");

    for (let attempt = 1; isFull && attempt < attempts && times.shown >= promised; attempt++) {
      const again = await stopOnce(page, loop);
      times.shown = Math.min(times.shown, again.shown);
      times.worstFrame = Math.min(times.worstFrame, again.worstFrame);
    }
    testInfo.annotations.push({ type: "milliseconds", description: JSON.stringify(times) });
    if (isFull) {
      expect(times.shown).toBeLessThan(promised);
      expect(times.worstFrame).toBeLessThan(promised);
    }
  });
}

/** Reports the page's state to its server, because a test's own connection ends with the frame's process. */
function reportBeats(): void {
  setInterval(() => {
    const cells = [...document.querySelectorAll("section, [role=region]")];
    const statuses = [...document.querySelectorAll("[data-status]")].map((element) =>
      element.getAttribute("data-status"),
    );
    const beat = {
      cells: cells.filter((cell) => /cell \d+ of/.test(cell.getAttribute("aria-label") ?? "")).length,
      statuses,
    };
    void fetch(`beat?${encodeURIComponent(JSON.stringify(beat))}`).catch(() => undefined);
    // After the crash, runs the first cell again, like a reader would.
    if (statuses.includes("error")) {
      document.querySelector<HTMLButtonElement>('button[aria-label="Run this cell"]')?.click();
    }
  }, 250);
}

test("a cell that runs out of memory damages neither the page nor the notebook", async () => {
  test.slow();
  const server = createStaticServer("dist");
  const requests = recordRequests(server);
  const address = await listen(server, 0);
  const beats = () =>
    requests
      .filter((request) => request.includes("/beat?"))
      .map(
        (request) => JSON.parse(decodeURIComponent(request.split("?")[1]!)) as { cells: number; statuses: string[] },
      );
  const args = [...browserArguments(), "--js-flags=--max-old-space-size=128"];
  const browser = await chromium.launch({ executablePath: findBrowser() ?? undefined, args });
  const page = await browser.newPage();
  await page.addInitScript(reportBeats);
  const notebook = new NotebookPage(page);
  await notebook.openNew(address);
  const first = await notebook.addCell("Code");
  await notebook.write(first, "const kept = 41;");
  await notebook.run(first);
  const hog = await notebook.addCell("Code");
  await notebook.write(hog, "const held = [];\nwhile (true) held.push(new Array(1e5).fill(Math.random()));");
  await hog.getByRole("button", { name: "Run this cell" }).click();

  // The page says that the session is gone, and the first cell's values with it ...
  await expect.poll(() => beats().some(({ statuses }) => statuses.includes("lost")), { timeout: 30_000 }).toBe(true);
  const atCrash = beats().length;
  // ... still shows both cells, and runs the first one in a new session.
  await expect
    .poll(
      () =>
        beats()
          .slice(atCrash)
          .some(({ cells, statuses }) => cells === 2 && statuses[0] === "ok"),
      { timeout: 30_000 },
    )
    .toBe(true);
  await browser.close();
  server.close();
});

import type { Locator, Page } from "@playwright/test";
import { NotebookPage } from "./notebookPage";
import { checkAccessibility, expect, test } from "./support";

/** The cell whose source contains this text. */
function cellWith(page: Page, text: string): Locator {
  return page
    .getByRole("region", { name: /^Code cell/ })
    .filter({ hasText: text })
    .first();
}

/** The number of bytes in a text such as `2 MB` or `1.13 kB`. */
function bytesIn(text: string): number {
  const [, number, unit] = /([\d.,]+) (B|kB|MB|GB)/.exec(text) ?? [];
  return Number(number?.replaceAll(",", "")) * 1000 ** ["B", "kB", "MB", "GB"].indexOf(unit ?? "");
}

async function openLesson(page: Page): Promise<NotebookPage> {
  const notebook = new NotebookPage(page);
  await notebook.open("/#gallery=6-devices");
  await expect(page.getByRole("heading", { name: "6. Devices", level: 1 })).toBeVisible();
  return notebook;
}

async function runThrough(notebook: NotebookPage): Promise<void> {
  await notebook.runAll();
  await expect(cellWith(notebook.page, "const truth =").getByText("Done", { exact: true })).toBeAttached({
    timeout: 60_000,
  });
  await expect(notebook.page.getByText("Failed ·")).toHaveCount(0);
}

test("rows (26) to (28): the device as a table, the names of devices, their number", async ({ page }) => {
  const notebook = await openLesson(page);
  for (const text of ["const info", "for (const name of", "const asked"]) await notebook.run(cellWith(page, text));
  const table = cellWith(page, "const info")
    .getByRole("group", { name: "Devices" })
    .getByRole("region", { name: "GPU:0" });
  await expect(table.getByRole("row", { name: /^Vendor/ })).toContainText("google");
  await expect(table.getByRole("row", { name: /^Architecture/ })).toContainText("swiftshader");
  await expect(table.getByRole("row", { name: /^Largest tensor/ })).toContainText(/(GB|MB)[\d,]+ bytes/);
  await expect(table.getByRole("row", { name: /^Workgroups per dimension/ })).toContainText("65,535");
  await expect(table.getByText("core-features-and-limits")).toBeVisible();

  const names = cellWith(page, "for (const name of").getByRole("group", { name: "Outputs" });
  for (const text of ["CPU:0 is here", "GPU:0 is here", 'got "GPU:1"', "GPUs: 1"])
    await expect(names).toContainText(text);
  await expect(cellWith(page, "const asked")).toContainText('["GPU:0", "CPU:0", ["GPU:0"]]');
});

test("row (29): the chip's bytes increase with a tensor and decrease when it is disposed of", async ({ page }) => {
  const notebook = await openLesson(page);
  await notebook.run(cellWith(page, "const kind ="));
  const chip = page.getByRole("button", { name: /^GPU:0/ });
  const before = bytesIn(await chip.innerText());
  await notebook.run(cellWith(page, "const large ="));
  await expect(chip).toContainText("MB");
  await expect.poll(async () => bytesIn(await chip.innerText()) - before).toBeGreaterThan(1.9e6);
  await notebook.run(cellWith(page, "large.dispose()"));
  await expect(chip).not.toContainText("MB");

  await chip.click();
  const panel = page.getByRole("dialog", { name: "Compute devices" });
  for (const device of ["GPU:0", "GPU:1", "CPU:0"])
    await expect(panel.getByRole("region", { name: device })).toBeVisible();
  await expect(panel.getByRole("region", { name: "GPU:0" }).getByRole("row", { name: /^Peak memory/ })).toContainText(
    "2",
  );
  await checkAccessibility(page);
  await page.keyboard.press("Escape");

  await notebook.run(cellWith(page, "let refused"));
  await expect(cellWith(page, "let refused")).toContainText(
    /DeviceMemoryError: zeros: expected at most \d+ bytes, got \d+ bytes/,
  );
});

test("the panel updates while a cell runs", async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.openNew();
  const cell = await notebook.addCell("Code");
  await notebook.write(
    cell,
    "const held = zeros([250_000]);\nawait held.data();\nawait new Promise((resolve) => setTimeout(resolve, 6000));\nheld.dispose();",
  );
  await cell.getByRole("button", { name: "Run this cell" }).click();
  await page.getByRole("button", { name: /^GPU:0/ }).click();
  const device = page.getByRole("dialog", { name: "Compute devices" }).getByRole("region", { name: "GPU:0" });
  await expect(device).toContainText("1 MB in use");
  await expect(device).toContainText("0 B in use", { timeout: 15_000 });
});

test("rows (30) to (33): errors with remedies, copies, plots read by pointer, by keyboard and as a table", async ({
  page,
}) => {
  test.setTimeout(180_000);
  const notebook = await openLesson(page);
  await runThrough(notebook);
  await expect(cellWith(page, "X.add(Y);")).toContainText('Copy one of them first: .to("GPU:1").');
  await expect(cellWith(page, "Z.to(second) === Z")).toContainText("Passed · no copy, but Z itself");
  await expect(cellWith(page, "const places")).toContainText('[["GPU:0", "GPU:0"], ["GPU:1", "GPU:1"]]');

  const lines = page.getByRole("figure", { name: "A copy and an addition" });
  await lines.scrollIntoViewIfNeeded();
  await expect(lines.locator("canvas")).toBeVisible();
  await expect(lines.getByRole("list", { name: "Series" })).toContainText("copy to GPU:1add 1");
  const place = lines.getByRole("slider", { name: "Position along elements" });
  await expect(place).toHaveAccessibleDescription(
    /^Line plot of 4 points along elements, from 4096 to 262144\. copy to GPU:1: time \(ms\) from/,
  );
  await place.focus();
  for (const [key, x] of [
    ["ArrowRight", 4096],
    ["ArrowRight", 16384],
    ["End", 262144],
    ["ArrowLeft", 65536],
    ["Home", 4096],
  ] as const) {
    await page.keyboard.press(key);
    await expect(place).toHaveAttribute(
      "aria-valuetext",
      new RegExp(`^elements ${x}: copy to GPU:1 [\\d.]+, add 1 [\\d.]+$`),
    );
  }
  const box = (await place.boundingBox())!;
  await page.mouse.move(box.x + box.width - 20, box.y + box.height / 3);
  await expect(lines.getByText(/^elements 262144: /)).toBeVisible();

  const bars = page.getByRole("figure", { name: "The same additions in more and more ops" });
  await bars.scrollIntoViewIfNeeded();
  await bars.getByText("Values (5 rows)").click();
  await expect(bars.getByRole("row")).toHaveCount(6);
  await expect(bars.getByRole("row").last()).toContainText(/^256[\d.]+$/);

  const training = page.getByRole("figure", { name: "Two devices and one" });
  await training.scrollIntoViewIfNeeded();
  await expect(training.locator("canvas")).toBeVisible();
  await checkAccessibility(page);
});

test("a plot is drawn in the theme's colours, and redrawn when the theme or the width changes", async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.openNew();
  const cell = await notebook.addCell("Code");
  await notebook.write(
    cell,
    'plot({ title: "Two bars", kind: "bar", x: ["a", "b"], series: [{ name: "n", y: [1, 2] }] })',
  );
  await notebook.run(cell);
  const canvas = page.getByRole("figure", { name: "Two bars" }).locator("canvas");
  await expect(canvas).toBeVisible();
  /** The most frequent colour among the drawn pixels. */
  const colour = () =>
    canvas.evaluate((element: HTMLCanvasElement) => {
      const { data } = element.getContext("2d")!.getImageData(0, 0, element.width, element.height);
      const counts = new Map<string, number>();
      for (let at = 0; at < data.length; at += 4) {
        if (data[at + 3] !== 255) continue;
        const key = [data[at], data[at + 1], data[at + 2]].join();
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
    });
  await page.evaluate(() => (document.documentElement.dataset.theme = "light"));
  await expect.poll(colour).toBe("29,92,184");
  await page.evaluate(() => (document.documentElement.dataset.theme = "dark"));
  await expect.poll(colour).toBe("90,156,255");
  const wide = (await canvas.boundingBox())!.width;
  await page.setViewportSize({ width: 390, height: 800 });
  await expect.poll(async () => (await canvas.boundingBox())!.width).toBeLessThan(wide);
  await expect.poll(colour).toBe("90,156,255");
});

import { readFileSync } from "node:fs";
import { expect, type Browser, type Page } from "@playwright/test";
import { NotebookPage } from "./notebookPage";

/** Calls the net, and prints how far a run on the CPU differs, relative to the largest result. */
const feedCode = `
const scores = net.call(X);
const there = await scores.data();
net.to("CPU:0");
const here = await net.call(X.to("CPU:0")).data();
net.to(X.device);
const largest = Math.max(...here.map(Math.abs));
const apart = Math.max(...here.map((value, i) => Math.abs(value - there[i])));
print(\`on \${scores.device}: \${apart <= 1e-5 * largest ? "as the CPU says" : \`\${apart} apart\`}\`);
scores`.trim();

/** Prints every bit of the net's output as text. */
const bitsCode = `print("bits", ...new Uint32Array(Float32Array.from(await net.call(X).data()).buffer));`;

async function compose(notebook: NotebookPage): Promise<void> {
  const { page } = notebook;
  const cell = await notebook.addCell("Model");
  const tree = cell.getByRole("tree", { name: "Blocks of net" });
  // A new model comes with three layers: remove them, so that all blocks are composed here.
  for (const place of [2, 1, 0]) {
    await tree.getByRole("treeitem", { level: 2 }).nth(place).focus();
    await page.keyboard.press("Delete");
    await expect(tree.getByRole("treeitem", { level: 2 })).toHaveCount(place);
  }
  for (const [kind, count] of [
    ["flatten", 1],
    ["dense", 2],
    ["dense", 3],
  ] as const) {
    await cell.getByRole("button", { name: "Add a block at the end of Sequential" }).click();
    await page.getByRole("searchbox", { name: "Search blocks" }).fill(kind);
    await page.getByRole("menuitem", { name: kind }).click();
    await expect(tree.getByRole("treeitem", { level: 2 })).toHaveCount(count);
  }
  const hidden = tree.getByRole("treeitem", { level: 2 }).nth(1);
  await hidden.getByRole("textbox", { name: "Units" }).fill("256");
  await page.keyboard.press("Enter");
  await hidden.getByRole("button", { name: /Activation$/ }).click();
  await page.getByRole("option", { name: "relu", exact: true }).click();
  await expect(tree.getByRole("treeitem", { name: /^Dense, 256, relu/ })).toBeVisible();
}

async function weightsMenu(page: Page, item: string): Promise<void> {
  await page.getByRole("button", { name: "Weights", exact: true }).first().click();
  await page.getByRole("menuitem", { name: item }).click();
}

/**
 * The complete journey: compose, feed real images, download, reinitialize, upload, the same bits; copy the link, open
 * it elsewhere, run, the same shapes.
 */
export async function journey(
  page: Page,
  browser: Browser,
  device: string,
  watch: (page: Page) => Promise<void>,
): Promise<void> {
  const notebook = new NotebookPage(page);
  await notebook.open();
  await notebook.newNotebook();
  await notebook.addCell("Data");
  await compose(notebook);
  const feed = await notebook.addCell("Code");
  await notebook.write(feed, feedCode);
  const bits = await notebook.addCell("Code");
  await notebook.write(bits, bitsCode);
  await notebook.runAll();
  await notebook.expectRan(bits);

  await expect(notebook.outputs(feed)).toContainText(`on ${device}: as the CPU says`);
  await expect(feed.getByRole("grid").or(feed.getByRole("table"))).toBeVisible();
  await expect(feed.getByText("[32, 10]").first()).toBeVisible();
  const tree = notebook.cell(2).getByRole("tree", { name: "Blocks of net" });
  await expect(tree.getByRole("treeitem", { name: /^Dense, 256, relu.*\[batch, 256\]/ })).toBeVisible();
  const first = await notebook.printed(bits);

  const downloading = page.waitForEvent("download");
  await weightsMenu(page, "Download .safetensors");
  const file = await (await downloading).path();
  expect(readFileSync(file).length).toBe(
    8 + Number(readFileSync(file).readBigUInt64LE(0)) + 4 * (64 * 256 + 256 + 2560 + 10),
  );

  await weightsMenu(page, "Reinitialize with a new seed");
  await notebook.run(bits);
  await expect.poll(() => notebook.printed(bits)).not.toBe(first);

  const choosing = page.waitForEvent("filechooser");
  await weightsMenu(page, "Upload a weight file…");
  await (
    await choosing
  ).setFiles({ name: "mine.safetensors", mimeType: "application/octet-stream", buffer: readFileSync(file) });
  const report = page.getByRole("dialog", { name: "Load mine.safetensors into net" });
  await expect(report.getByText("All 4 match.")).toBeVisible();
  await expect(report.getByRole("row", { name: /1\/kernel.*\[64, 256\].*matches/ })).toBeVisible();
  await report.getByRole("button", { name: "Load", exact: true }).click();
  await expect(report).toBeHidden();
  await notebook.run(bits);
  await expect.poll(() => notebook.printed(bits)).toBe(first);

  await page.getByRole("button", { name: "Share", exact: true }).click();
  const link = await page.getByRole("dialog").getByRole("textbox", { name: "Link" }).inputValue();
  const other = await (await browser.newContext()).newPage();
  await watch(other);
  const reader = new NotebookPage(other);
  await reader.open(link);
  await expect(other.getByText("Its code was written by someone else and has not been run.")).toBeVisible();
  await expect(reader.cell(2).getByRole("treeitem", { name: /^Dense, 256, relu, Shape not known yet/ })).toBeVisible();
  await expect(reader.cell(3).getByRole("group", { name: "Outputs" })).toHaveCount(0);
  await reader.runAll();
  await reader.expectRan(reader.cell(4));
  await expect(reader.outputs(reader.cell(3))).toContainText(`on ${device}: as the CPU says`);
  await expect(reader.cell(3).getByText("[32, 10]").first()).toBeVisible();
  await other.context().close();
}

import type { Locator, Page } from "@playwright/test";
import { NotebookPage } from "./notebookPage";
import { expect, test } from "./support";

/** Opens a lesson from the left pane and runs all of it. */
async function runLesson(page: Page, title: string): Promise<NotebookPage> {
  const notebook = new NotebookPage(page);
  await notebook.open();
  await openFromLibrary(page, title);
  await notebook.runAll();
  await expectDone(notebook);
  return notebook;
}

async function openFromLibrary(page: Page, title: string): Promise<void> {
  await page.getByRole("region", { name: "Lessons" }).getByRole("button", { name: title }).click();
  await expect(page.getByRole("heading", { name: title, level: 1 })).toBeVisible();
}

/** Every cell has run, and all checks passed. */
async function expectDone(notebook: NotebookPage): Promise<void> {
  const ran = notebook.page.getByRole("region", { name: /^(Code|Model|Data) cell/ });
  await notebook.expectRan(ran.last());
  await expect(ran.filter({ has: notebook.page.getByText("Done", { exact: true }) })).toHaveCount(await ran.count());
  await expect(notebook.page.getByText("Passed ·").first()).toBeVisible();
  await expect(notebook.page.getByText("Failed ·")).toHaveCount(0);
}

/** The cell whose source contains this text. */
function cellWith(notebook: NotebookPage, text: string): Locator {
  return notebook.page
    .getByRole("region", { name: /^(Code|Data) cell/ })
    .filter({ hasText: text })
    .first();
}

test("rows (1) to (6): the first lesson runs completely, and a question accepts its answer", async ({ page }) => {
  const notebook = await runLesson(page, "1. Layers and blocks");
  const call = cellWith(notebook, "const y = net.call(X);");
  await expect(call.getByRole("group", { name: /^Tensor/ })).toContainText("[2, 10]float32");

  const question = cellWith(notebook, "const count: number | null");
  await question.scrollIntoViewIfNeeded();
  await notebook.write(
    question,
    `const count: number | null = 420;
check(count === fixed.summary().totals.trainable, "counted once");`,
  );
  await notebook.run(question);
  await expect(question.getByText("Passed · counted once")).toBeVisible();
});

test("rows (7) to (16): weights are tables by path, a custom initializer a histogram, a click copies a path", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const notebook = await runLesson(page, "2. Parameters");
  const weights = cellWith(notebook, "net.layers[2].weights");
  await expect(weights.getByRole("group", { name: /^2\/kernel / })).toContainText("[4, 1]float32");
  await expect(weights.getByRole("group", { name: /^2\/bias / })).toContainText("[1]float32");

  const custom = cellWith(notebook, "function halfZero");
  const chosen = custom.getByRole("radio", { name: "Histogram" });
  await expect(chosen).toBeChecked();
  await custom.getByRole("radio", { name: "Heatmap" }).click();
  await expect(custom.getByRole("radio", { name: "Heatmap" })).toBeChecked();

  const nested = cellWith(notebook, "function fourBlocks");
  await expect(nested.getByRole("row", { name: /0\/block-3\/1/ })).toContainText("20");
  await expect(nested.getByRole("row", { name: /Total/ })).toContainText("85");

  const outline = page.getByRole("complementary", { name: "Inspector" });
  await outline
    .getByRole("row", { name: /^kernel/ })
    .first()
    .click();
  await page.getByRole("button", { name: "Copy the path 1/kernel" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("1/kernel");
});

test("row (17): the joints show no shapes until the first input, then all of them", async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open();
  await openFromLibrary(page, "3. Deferred initialization");
  const model = page.getByRole("region", { name: /^Model cell/ }).first();
  await notebook.run(model);
  await expect(model.getByText("not built")).toBeVisible();
  await expect(model).not.toContainText("[batch, 256]");

  await notebook.runAll();
  await expectDone(notebook);
  for (const shape of ["[batch, 20]", "[batch, 256]", "[batch, 10]"]) await expect(model).toContainText(shape);
  await expect(model).toContainText("7,946 parameters");
  await expect(cellWith(notebook, "let misfit")).toContainText('Dense "0": expected input [batch, 20], got [2, 30].');
});

test("rows (18) and (19): a lesson links to the next, and custom layers are used in models", async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open("/#gallery=3-deferred-initialisation");
  const link = page.getByRole("link", { name: "4. Custom layers" });
  await link.scrollIntoViewIfNeeded();
  // The editors above it get their height when they come near the viewport: until then, the link moves.
  await expect(cellWith(notebook, "const count: number | null").getByRole("textbox")).toBeVisible();
  await link.click();
  await expect(page.getByRole("heading", { name: "4. Custom layers", level: 1 })).toBeVisible();
  await notebook.runAll();
  await expectDone(notebook);
  await expect(cellWith(notebook, "class CenteredLayer")).toContainText("[5]int32");
  const stacked = page.getByRole("region", { name: /^Model cell/ }).last();
  await expect(stacked.getByRole("treeitem", { name: /^MyDense, 8, / })).toBeVisible();
  await expect(stacked.getByRole("treeitem", { name: /^MyDense, 1, / })).toBeVisible();
  await expect(stacked).toContainText("529 parameters");
});

test("Chinese readers see the lessons in Chinese, before the gallery", async ({ browser, baseURL }) => {
  const context = await browser.newContext({ locale: "zh-CN", baseURL });
  const page = await context.newPage();
  await page.goto("/#gallery=1-layers-and-blocks");
  await expect(page.getByRole("heading", { name: "1. 层和块", level: 1 })).toBeVisible();
  const titles = page.getByRole("region", { name: "课程", exact: true }).getByRole("button");
  await expect(titles.first()).toContainText("1. 层和块");
  await expect(page.getByRole("region", { name: "示例" }).getByRole("button")).toContainText("欢迎来到 Weightroom");
  await context.close();
});

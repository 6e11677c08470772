import type { Locator, Page } from "@playwright/test";
import { expectSource, NotebookPage } from "./notebookPage";
import { checkAccessibility, expect, screenshot, test } from "./support";

/** A new notebook with one model cell that has this source. */
async function openModel(
  page: Page,
  source: string,
): Promise<{ notebook: NotebookPage; cell: Locator; tree: Locator }> {
  const notebook = new NotebookPage(page);
  await notebook.openNew();
  const cell = await notebook.addCell("Model");
  await writeModel(page, cell, source);
  return { notebook, cell, tree: cell.getByRole("tree") };
}

/** Writes a model cell's source and returns to its blocks. */
async function writeModel(page: Page, cell: Locator, source: string): Promise<void> {
  await showCode(cell);
  await cell.getByRole("textbox", { name: /^Source of/ }).click();
  await page.keyboard.press("ControlOrMeta+A");
  // Inserting text over a selection of several lines makes Chromium copy style attributes, which the CSP rejects.
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(source);
  await cell.getByRole("radio", { name: "Blocks" }).click();
}

async function showCode(cell: Locator): Promise<void> {
  await cell.getByRole("radio", { name: "Code" }).click();
}

/** The title of each card, from top to bottom. */
function cards(tree: Locator): Promise<string[]> {
  return tree
    .getByRole("treeitem")
    .evaluateAll((items) =>
      items.map((item) => item.getAttribute("aria-label")!.replace(/, (Shape|Shared|Used) .*/, "")),
    );
}

const nested = `const net = sequential([
  flatten(), // to a row
  dense(32, { activation: "relu" }),
  sequential([dropout(0.5)], { name: "inner" }),
]);`;

test("everything can be done by keyboard, is announced, and can be undone by name", async ({ page }) => {
  const { cell, tree } = await openModel(page, nested);
  const said = cell.locator("[aria-live=polite]");
  await tree.getByRole("treeitem", { name: /^net/ }).focus();
  await page.keyboard.press("ArrowDown");
  await expect(tree.getByRole("treeitem", { name: /^Flatten/ })).toBeFocused();

  await page.keyboard.press("Alt+ArrowDown");
  await expect
    .poll(() => cards(tree))
    .toEqual(["net, Sequential", "Dense, 32, relu", "Flatten", "Sequential, inner", "Dropout, 0.5"]);
  await expect(said).toHaveText("Flatten moved to position 2 of 3 in Sequential.");
  await expect(tree.getByRole("treeitem", { name: /^Flatten/ })).toBeFocused();

  await page.keyboard.press("ControlOrMeta+d");
  await expect.poll(() => cards(tree)).toContain("Flatten");
  await expect(tree.getByRole("treeitem", { name: /^Flatten/ })).toHaveCount(2);
  await page.keyboard.press("Delete");
  await expect(tree.getByRole("treeitem", { name: /^Flatten/ })).toHaveCount(1);

  await page.keyboard.press("+");
  await page.getByRole("searchbox", { name: "Search blocks" }).fill("drop");
  await page.keyboard.press("Enter");
  const added = tree.getByRole("treeitem", { name: /^Dropout/, level: 2 });
  await expect(added).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(added.getByRole("textbox", { name: "Rate" })).toBeFocused();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("1.5");
  await page.keyboard.press("Enter");
  await expect(tree.getByRole("alert")).toHaveText("Between 0 and 0.99.");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("0.25");
  await page.keyboard.press("Enter");
  await expect(tree.getByRole("treeitem", { name: /^Dropout, 0.25/ })).toBeFocused();

  await expect(page.getByRole("button", { name: "Undo: change rate of Dropout" })).toBeVisible();
  await page.keyboard.press("ControlOrMeta+z");
  await page.keyboard.press("ControlOrMeta+z");
  await expect(page.getByRole("button", { name: "Undo: remove Flatten" })).toBeVisible();
  await expectSource(
    cell,
    `const net = sequential([
  dense(32, { activation: "relu" }),
  flatten(), // to a row
  sequential([dropout(0.5)], { name: "inner" }),
]);`,
  );
});

test("cards and palette entries are dragged with the mouse", async ({ page }) => {
  const { cell, tree } = await openModel(page, nested);
  const drag = async (from: Locator, to: Locator): Promise<void> => {
    await from.scrollIntoViewIfNeeded();
    const [start, end] = [(await from.boundingBox())!, (await to.boundingBox())!];
    await page.mouse.move(start.x + 14, start.y + start.height / 2);
    await page.mouse.down();
    await page.mouse.move(start.x + 30, start.y + start.height / 2, { steps: 3 });
    await page.mouse.move(end.x + 60, end.y + end.height / 2, { steps: 8 });
    await page.mouse.up();
  };
  await drag(tree.locator('[data-path="0/0"] [data-grip]'), tree.locator('[data-slot="0/2:1"]'));
  await expect
    .poll(() => cards(tree))
    .toEqual(["net, Sequential", "Dense, 32, relu", "Sequential, inner", "Dropout, 0.5", "Flatten"]);
  const palette = page.getByRole("region", { name: "Blocks", exact: true });
  await drag(palette.getByRole("button", { name: "Dense" }), tree.locator('[data-slot="0:0"]'));
  await expect.poll(async () => (await cards(tree))[1]).toBe("Dense, 10");
  await expectSource(
    cell,
    `const net = sequential([
  dense(10),
  dense(32, { activation: "relu" }),
  sequential([
    dropout(0.5),
    flatten(), // to a row
  ], { name: "inner" }),
]);`,
  );
});

test("code that is not a composition stays code, and a half-typed cell keeps its cards", async ({ page }) => {
  const { cell, tree } = await openModel(
    page,
    "const shared = dense(4);\nconst net = sequential([shared, relu(), shared]);",
  );
  await expect
    .poll(() => cards(tree))
    .toEqual(["shared, Dense, 4", "net, Sequential", "Code, shared", "Code, relu()", "Code, shared"]);
  await writeModel(page, cell, "const net = sequential([dense(");
  await expect(cell.getByRole("status").filter({ hasText: "line 1" })).toBeVisible();
  await expect(tree.getByRole("button", { name: /^Add a block/ })).toHaveCount(0);
  await expect
    .poll(() => cards(tree))
    .toEqual(["shared, Dense, 4", "net, Sequential", "Code, shared", "Code, relu()", "Code, shared"]);
});

test("shapes become known by a call; a weight is read, rejects a word, and is set to 42", async ({ page }) => {
  const { notebook, tree } = await openModel(page, "const net = sequential([dense(3), dense(2)]);");
  await expect(tree.getByTitle("Shape not known yet")).toHaveCount(3);
  const call = await notebook.addCell("Code");
  await notebook.write(call, "net.call(ones([5, 4]))");
  await notebook.runAll();
  await notebook.expectRan(call);
  await expect(tree.getByText(/^\[(batch|5), [432]\]$/)).toHaveCount(3);
  await tree.getByRole("treeitem", { name: /^Dense, 3/ }).focus();
  const inspector = page.getByRole("complementary", { name: "Inspector" });
  await expect(inspector.getByText("Built")).toBeVisible();
  await inspector.getByRole("button", { name: /^0\/kernel/ }).click();
  await inspector.getByRole("radio", { name: "Table" }).click();
  await expect(inspector.getByRole("grid")).toBeVisible();
  const value = inspector.getByRole("textbox", { name: "Value at [0, 0]" });
  await value.fill("many");
  await page.keyboard.press("Enter");
  await expect(inspector.getByRole("alert")).toHaveText("Enter a number, such as 42 or -0.5.");
  await value.fill("42");
  await page.keyboard.press("Enter");
  await expect(inspector.getByRole("gridcell").first()).toHaveText(/^42/);
  await checkAccessibility(page);
  await screenshot(page, "inspector");

  const outline = inspector.getByRole("treegrid", { name: "Models in the session" });
  await outline.getByRole("row", { name: /^1, Dense/ }).click();
  await expect(tree.getByRole("treeitem", { name: /^Dense, 2/ })).toHaveAttribute("aria-selected", "true");
});

test("a convolutional model is built from the palette, and its shapes are right once it runs", async ({ page }) => {
  const { notebook, cell, tree } = await openModel(page, "const net = sequential([reshape([8, 8, 1]), dense(10)]);");
  await tree.getByRole("treeitem", { name: /^Reshape/ }).focus();
  for (const [search, title] of [
    ["conv2d", "Convolution"],
    ["normal", "Batch normalization"],
    ["max", "Max pooling"],
    ["global", "Global average pooling"],
  ] as const) {
    await page.keyboard.press("+");
    await page.getByRole("searchbox", { name: "Search blocks" }).fill(search);
    await expect(page.getByRole("menuitem").first()).toContainText(title);
    await page.keyboard.press("Enter");
    await expect(tree.getByRole("treeitem", { name: new RegExp(`^${title}`) })).toBeFocused();
  }
  await expectSource(
    cell,
    `const net = sequential([
  reshape([8, 8, 1]),
  conv2d(32, 3),
  batchNorm(),
  maxPool2d(2),
  globalAvgPool2d(),
  dense(10),
]);`,
  );
  const call = await notebook.addCell("Code");
  await notebook.write(call, "net.call(ones([2, 64]))");
  await notebook.runAll();
  await notebook.expectRan(call);
  for (const shape of ["8, 8, 1", "6, 6, 32", "3, 3, 32", "32", "10"])
    await expect(tree.getByText(new RegExp(`^\\[(batch|2), ${shape}\\]$`)).first()).toBeVisible();
  await tree.getByRole("treeitem", { name: /^Batch normalization/ }).focus();
  const inspector = page.getByRole("complementary", { name: "Inspector" });
  for (const weight of ["gamma", "beta", "movingMean", "movingVariance"])
    await expect(inspector.getByRole("button", { name: new RegExp(`^2/${weight}`) })).toBeVisible();
  await checkAccessibility(page);
  await screenshot(page, "convolutions");
});

test.describe("on a phone, in Chinese, in the dark", () => {
  test.use({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    locale: "zh-CN",
    colorScheme: "dark",
  });

  test("blocks are added, changed and moved by touch", async ({ page }) => {
    await page.goto("/");
    const tree = page.getByRole("tree").first();
    await tree.scrollIntoViewIfNeeded();
    const before = await cards(tree);
    await tree
      .locator('[data-path="0/1"]')
      .getByRole("button", { name: /的操作$/ })
      .tap();
    await page.getByRole("menuitem", { name: /^上移/ }).tap();
    await expect.poll(() => cards(tree)).toEqual([before[0], before[2], before[1], ...before.slice(3)]);
    await tree.getByRole("button", { name: /末尾添加块$/ }).tap();
    await page.getByRole("menuitem", { name: /dropout/ }).tap();
    await expect.poll(async () => (await cards(tree)).length).toBe(before.length + 1);
    await checkAccessibility(page);
    await screenshot(page, "composer-phone");
    await tree
      .locator('[data-path="0/0"]')
      .getByRole("button", { name: /的操作$/ })
      .tap();
    await page.getByRole("menuitem", { name: "在检查器中查看" }).tap();
    await expect(page.getByRole("complementary", { name: "检查器" })).toBeVisible();
  });
});

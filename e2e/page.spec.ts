import type { Page } from "@playwright/test";
import { NotebookPage } from "./notebookPage";
import { checkAccessibility, expect, isFull, screenshot, test } from "./support";

/** The page in the languages, themes and widths that it supports. Each of them is in one of the first two. */
const faces = [
  { language: "en-US", theme: "light", width: 1280, runAll: "Run all", share: "Share" },
  { language: "zh-CN", theme: "dark", width: 390, runAll: "全部运行", share: "分享" },
  { language: "zh-CN", theme: "light", width: 1280, runAll: "全部运行", share: "分享" },
  { language: "en-US", theme: "dark", width: 390, runAll: "Run all", share: "Share" },
] as const;

async function noSidewaysScroll(page: Page) {
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
}

for (const { language, theme, width, runAll, share } of faces.slice(0, isFull ? faces.length : 2)) {
  test.describe(`${language}, ${theme}, ${width} px`, () => {
    test.use({ locale: language, colorScheme: theme, viewport: { width, height: 844 }, hasTouch: width < 500 });

    test("is accessible and fits its width, before and after a run", async ({ page }) => {
      await page.goto("/");
      await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
      await expect(page.locator("html")).toHaveAttribute("lang", language);
      await expect(page.getByRole("heading", { level: 2 }).first()).toBeVisible();
      await checkAccessibility(page);
      await noSidewaysScroll(page);
      await page.getByRole("button", { name: runAll }).click();
      await expect(page.getByRole("button", { name: runAll })).toBeEnabled({ timeout: 45_000 });
      await checkAccessibility(page);
      await noSidewaysScroll(page);
      await screenshot(page, `welcome-${language}-${theme}-${width}`);
      await page.getByRole("button", { name: share, exact: true }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await checkAccessibility(page);
    });
  });
}

/** How far elements moved without user input: the sum of the browser's layout shifts. */
async function shifted(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const observer = new PerformanceObserver((list) => {
          const shifts = list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[];
          resolve(shifts.reduce((sum, { value, hadRecentInput }) => sum + (hadRecentInput ? 0 : value), 0));
        });
        observer.observe({ type: "layout-shift", buffered: true });
        // Without any shift, nothing is ever reported.
        setTimeout(() => resolve(0), 500);
      }),
  );
}

for (const width of [1280, 390]) {
  test.describe(`${width} px`, () => {
    test.use({ viewport: { width, height: 844 }, hasTouch: width < 500 });

    for (const name of ["welcome", "4-custom-layers", ...(isFull ? ["2-parameters"] : [])]) {
      test(`the layout does not shift while ${name} loads`, async ({ page }) => {
        await page.goto(`/#gallery=${name}`);
        await expect(page.getByRole("button", { name: "Run all" })).toBeEnabled({ timeout: 20_000 });
        await page.waitForLoadState("networkidle");
        expect(await shifted(page)).toBeLessThan(0.01);
      });

      test(`editors replace the text of ${name} without moving its lines`, async ({ page }) => {
        let come = () => {};
        const wanted = new Promise<void>((resolve) => (come = resolve));
        await page.route(/createEditor/, async (route) => {
          await wanted;
          await route.continue();
        });
        await page.goto(`/#gallery=${name}`);
        const cell = page.getByRole("region", { name: /^Code cell/ }).first();
        const source = cell.getByLabel(/^Source of/);
        const text = await source.innerText({ timeout: 20_000 });
        const heights = (lines: string) =>
          cell.locator(lines).evaluateAll((all) => all.map((line) => line.getBoundingClientRect().height));
        const before = await heights("pre > code");
        await cell.scrollIntoViewIfNeeded();
        come();
        await expect(cell.getByRole("textbox")).toBeVisible({ timeout: 20_000 });
        await expect.poll(() => heights(".cm-line")).toEqual(before);
        expect((await source.innerText()).trim()).toBe(text.trim());
      });
    }
  });
}

test("the chosen language and theme are remembered", async ({ page }) => {
  await page.goto("/");
  const choose = async (name: string) => {
    await page.getByRole("button", { name: /^(Language and theme|语言与主题)$/ }).click();
    await page.getByRole("menuitemradio", { name }).click();
  };
  await choose("中文");
  await expect(page.getByRole("button", { name: "全部运行" })).toBeVisible();
  await page.keyboard.press("Escape");
  await choose("深色");
  await page.reload();
  await expect(page.getByRole("button", { name: "全部运行" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("undo and redo name their steps, for cells and text alike", async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.openNew();
  const cell = await notebook.addCell("Code");
  await notebook.write(cell, "1 + 41");
  await page.getByRole("button", { name: "Undo: typing" }).click();
  await expect(cell.getByRole("textbox", { name: /^Source of/ })).toHaveText("");
  await page.getByRole("button", { name: "Undo: add code cell" }).click();
  await expect(notebook.cells).toHaveCount(0);
  await page.keyboard.press("ControlOrMeta+Shift+Z");
  await page.getByRole("button", { name: "Redo: typing" }).click();
  await expect(notebook.cell(1).getByRole("textbox", { name: /^Source of/ })).toHaveText("1 + 41");
});

test("an error points at its line, and the line's button moves the cursor there", async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.openNew();
  const cell = await notebook.addCell("Code");
  await notebook.write(cell, "const a = 1;\n\nnull.x;");
  await cell.getByRole("button", { name: "Run this cell" }).click();
  await expect(cell.getByRole("alert")).toContainText("TypeError");
  await cell.getByRole("button", { name: "Line 3" }).click();
  await page.keyboard.type("// ");
  await expect(cell.getByRole("textbox", { name: /^Source of/ })).toHaveText(/\/\/ .*x;$/);
  await expect(cell.getByText("Edited since it ran")).toBeVisible();
});

test("console output appears under its cell, with warnings and errors marked, and in the browser's own console", async ({
  page,
  complaints,
}) => {
  complaints.allow(/console: no good/);
  const heard: string[] = [];
  page.on("console", (message) => heard.push(`${message.type()} ${message.text()}`));
  const notebook = new NotebookPage(page);
  await notebook.openNew();
  const cell = await notebook.addCell("Code");
  await notebook.write(cell, 'console.log("seen", [1, 2]);\nconsole.warn("take care");\nconsole.error("no good");');
  await notebook.run(cell);
  const outputs = cell.getByRole("group", { name: "Outputs" });
  await expect(outputs).toContainText("seen [1, 2]");
  await expect(outputs.getByRole("group", { name: "Warning" })).toHaveText("take care");
  await expect(outputs.getByRole("group", { name: "Error" })).toHaveText("no good");
  await expect.poll(() => heard).toEqual(expect.arrayContaining(["warning take care", "error no good"]));
});

test("a cell is added, run, moved and deleted by keyboard only", async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.openNew();
  const text = await notebook.addCell("Text");
  await page.keyboard.type("# By hand");
  await page.keyboard.press("ControlOrMeta+Enter");
  await expect(text.getByRole("heading", { name: "By hand" })).toBeVisible();
  await page.keyboard.press("b");
  await expect(notebook.cells).toHaveCount(2);
  await expect(notebook.cell(2).getByRole("textbox")).toBeFocused();
  await page.keyboard.type("6 * 7");
  await page.keyboard.press("ControlOrMeta+Enter");
  await notebook.expectRan(notebook.cell(2));
  await expect(notebook.outputs(notebook.cell(2))).toHaveText("42");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Alt+ArrowUp");
  await expect(page.getByRole("region", { name: "Code cell 1 of 2" })).toBeFocused();
  await page.keyboard.press("Shift+Backspace");
  await expect(notebook.cells).toHaveCount(1);
});

test("an edited copy of a link is saved, and offered next to the link", async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open();
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const link = await page.getByRole("dialog").getByRole("textbox", { name: "Link" }).inputValue();
  await page.goto("about:blank");
  await notebook.open(link);
  await expect(page.getByRole("textbox", { name: "Notebook title" })).toHaveValue("Welcome to Weightroom");
  await page.getByRole("textbox", { name: "Notebook title" }).fill("My version");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("listitem").filter({ hasText: "My version" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("textbox", { name: "Notebook title" })).toHaveValue("Welcome to Weightroom");
  await page.getByRole("button", { name: "Open my copy" }).click();
  await expect(page.getByRole("textbox", { name: "Notebook title" })).toHaveValue("My version");
});

test("a truncated link is reported, and another notebook is shown", async ({ page }) => {
  await page.goto("/#nb=1.abcdef.x");
  await expect(page.getByRole("alert")).toContainText("The link is incomplete: its end was cut off.");
  await expect(page.getByRole("heading", { level: 2 }).first()).toBeVisible();
});

test("files are uploaded, saved by cells, downloaded and deleted", async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.openNew();
  const panel = page.getByRole("region", { name: "Files" });
  const choosing = page.waitForEvent("filechooser");
  await panel.getByRole("button", { name: "Upload" }).click();
  await (await choosing).setFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("hello") });
  await expect(panel.getByRole("listitem")).toHaveText(/notes\.txt.*5 B/);
  const downloading = page.waitForEvent("download");
  await panel.getByRole("button", { name: "Download notes.txt" }).click();
  expect((await downloading).suggestedFilename()).toBe("notes.txt");
  await page.reload();
  await panel.getByRole("button", { name: "Delete notes.txt" }).click();
  await expect(panel.getByText("No files yet.")).toBeVisible();
});

test("names are completed while typing, and explained on a key press or on hover", async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.openNew();
  const cell = await notebook.addCell("Code");
  const editor = cell.getByRole("textbox", { name: /^Source of/ });
  const list = page.getByRole("listbox", { name: "Completions" });
  await editor.click();
  await page.keyboard.type("const x = random.nor");
  await expect(list.getByRole("option", { name: "normal", exact: true })).toBeVisible();
  await expect(page.locator(".cm-completionInfo")).toContainText(
    "normal(shape: Shape, options?: RandomOptions): Tensor",
  );
  await page.waitForTimeout(100);
  await page.keyboard.press("Tab");
  await page.keyboard.type("([2]);\nx.rel");
  await expect(list.getByRole("option", { name: "relu", exact: true })).toBeVisible();
  await page.waitForTimeout(100);
  await page.keyboard.press("Enter");
  await page.keyboard.type("()");
  await expect(editor).toHaveText(/const x = random\.normal\(\[2\]\);.*x\.relu\(\)$/s);
  await page.keyboard.press("ControlOrMeta+Home");
  for (let step = 0; step < 18; step++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ControlOrMeta+k");
  await page.keyboard.press("ControlOrMeta+i");
  const hint = page.locator(".cm-hint");
  await expect(hint).toContainText("normal(shape: Shape");
  await page.keyboard.press("Escape");
  await expect(hint).toBeHidden();
  await expect(editor).toBeFocused();
  await editor.getByText("relu").hover();
  await expect(hint).toContainText("relu(): Tensor");
  await notebook.run(cell);
});

test.describe("by touch, in 中文", () => {
  test.use({ locale: "zh-CN", viewport: { width: 390, height: 844 }, hasTouch: true });

  test("the list of names fits the screen, and a tapped name is explained", async ({ page }) => {
    await page.goto("/");
    await page.getByRole("button", { name: "课程", exact: true }).tap();
    await page.getByRole("button", { name: "新建笔记本" }).tap();
    await page.getByRole("group", { name: "添加单元格" }).last().getByRole("button", { name: /^代码/ }).tap();
    const editor = page.getByRole("textbox", { name: /源代码|源码/ });
    await editor.tap();
    await page.keyboard.type("den");
    const list = page.getByRole("listbox", { name: "补全建议" });
    await list.getByRole("option", { name: "dense" }).tap();
    await expect(editor).toHaveText("dense");
    await noSidewaysScroll(page);
    await editor.getByText("dense").tap();
    await expect(page.locator(".cm-hint")).toContainText("每个输出都是全部输入的加权和再加偏置。");
    await noSidewaysScroll(page);
  });
});

test("scores are warned about under the fit, states are not shown as frozen, and epochs are integers", async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.openNew();
  const cell = await notebook.addCell("Code");
  const code = `
const net = sequential([dense(3), batchNorm(), dense(2, { biasInitializer: initializers.constant(3) })]);
net.compile({ loss: "sparseCategoricalCrossentropy" });
const history = await net.fit(ones([4, 2]), [0, 1, 0, 1], { epochs: 3 });
print(plot(history));`;
  await notebook.write(cell, code);
  await notebook.run(cell);
  await expect(cell.getByRole("group", { name: "Warning" })).toContainText("fromLogits: true");
  await expect(cell.getByText("Line plot of 3 points along epoch, from 1 to 3.")).toBeAttached();
  await page.getByRole("complementary", { name: "Inspector" }).getByText("Batch normalization").click();
  await expect(page.getByRole("button", { name: /movingMean/ })).toContainText("state");
  await expect(page.getByRole("button", { name: /movingMean/ })).not.toContainText("frozen");
});

test.describe("in 中文", () => {
  test.use({ locale: "zh-CN" });

  test("the frame of an error is translated, names and shapes are unchanged", async ({ page }) => {
    await page.goto("/");
    await page.getByRole("button", { name: "新建笔记本" }).click();
    await page.getByRole("group", { name: "添加单元格" }).last().getByRole("button", { name: /^代码/ }).click();
    await page.getByRole("textbox", { name: /源码/ }).click();
    await page.keyboard.insertText("zeros([2, 3]).matmul(onse([3]))");
    await page.keyboard.press("ControlOrMeta+Enter");
    await expect(page.getByRole("alert")).toContainText(/ReferenceError.*onse 未定义。你是不是想写 `ones`？/s);
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.press("Delete");
    await page.keyboard.insertText("zeros([1048576, 1048576])");
    await page.keyboard.press("ControlOrMeta+Enter");
    await expect(page.getByRole("alert")).toContainText(
      /DeviceMemoryError.*zeros：期望 最多 \d+ 字节，实际为 4398046511104 字节。/s,
    );
    await expect(page.getByRole("alert")).toContainText("请缩小张量");
  });
});

test("a notebook from a link is saved with one click, and Share says which files are not included", async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.open();
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const link = await page.getByRole("dialog").getByRole("textbox", { name: "Link" }).inputValue();
  await expect(page.getByRole("dialog")).not.toContainText("not included");
  await page.goto("about:blank");
  await notebook.open(link);
  const mine = page.getByRole("region", { name: "My notebooks" });
  await expect(mine.getByRole("listitem")).toHaveCount(0);
  const note = page.getByRole("status").filter({ hasText: "not in My notebooks yet" });
  await note.getByRole("button", { name: "Save" }).click();
  await expect(mine.getByRole("listitem").filter({ hasText: "Welcome to Weightroom" })).toBeVisible();
  await expect(note).toBeHidden();
  const panel = page.getByRole("region", { name: "Files" });
  const choosing = page.waitForEvent("filechooser");
  await panel.getByRole("button", { name: "Upload" }).click();
  await (
    await choosing
  ).setFiles({ name: "mine.npy", mimeType: "application/octet-stream", buffer: Buffer.from("hello") });
  await expect(panel.getByRole("listitem")).toHaveCount(1);
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await expect(page.getByRole("dialog")).toContainText("Its file is not included: mine.npy.");
});

test("two tabs with the same notebook warn about each other, and show the other's changes", async ({
  page,
  context,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.openNew();
  await page.getByRole("textbox", { name: "Notebook title" }).fill("Shared");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("listitem").filter({ hasText: "Shared" })).toBeVisible();
  const other = await context.newPage();
  await other.goto(page.url());
  const open = other.getByRole("alert").filter({ hasText: "open in another tab" });
  await expect(open).toBeVisible();
  await page.getByRole("textbox", { name: "Notebook title" }).fill("Written first");
  await page.keyboard.press("Enter");
  const changed = other.getByRole("alert").filter({ hasText: "Another tab has changed this notebook" });
  await changed.getByRole("button", { name: "Show the other version" }).click();
  await expect(other.getByRole("textbox", { name: "Notebook title" })).toHaveValue("Written first");
  await expect(changed).toBeHidden();
  await other.close();
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("a software GPU suggests CPU:0, which is chosen with one click and remembered", async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.openNew();
  const cell = await notebook.addCell("Code");
  await notebook.write(cell, "ones([2]).device");
  await notebook.run(cell);
  await expect(notebook.outputs(cell)).toHaveText('"GPU:0"');
  const chip = page.getByRole("button", { name: /GPU:0.*CPU:0 is faster/ });
  await chip.click();
  await page.getByRole("dialog").getByRole("button", { name: "Compute on CPU:0" }).click();
  await expect(page.getByRole("dialog").getByRole("button", { name: "Compute on GPU:0" })).toBeVisible();
  await page.keyboard.press("Escape");
  await notebook.run(cell);
  await expect(notebook.outputs(cell)).toHaveText('"CPU:0"');
  await page.reload();
  await expect(page.getByRole("button", { name: /^CPU:0/ })).toBeVisible({ timeout: 20_000 });
  await notebook.run(cell);
  await expect(notebook.outputs(cell)).toHaveText('"CPU:0"');
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test("a weight report fits without scrolling sideways", async ({ page }) => {
    const notebook = new NotebookPage(page);
    await notebook.open();
    await page.getByRole("button", { name: "Lessons", exact: true }).tap();
    await notebook.newNotebook();
    const cell = await notebook.addCell("Code");
    const code =
      'const net = sequential([dense(3)]); net.call(ones([2, 4]));\nawait net.saveWeights("w.safetensors");\n';
    await notebook.write(cell, `${code}await net.loadWeights("w.safetensors")`);
    await notebook.run(cell);
    const report = cell.getByRole("group", { name: "Weights of file and model" });
    await expect(report.getByRole("row", { name: /0\/kernel.*\[4, 3\].*matches/ })).toBeVisible();
    await expect.poll(() => report.evaluate((box) => box.scrollWidth <= box.clientWidth)).toBe(true);
    await checkAccessibility(page);
    await noSidewaysScroll(page);
  });
});

import { readFileSync } from "node:fs";
import type { Locator, Page } from "@playwright/test";
import { attack, dictionary } from "../src/testing/pickles";
import { NotebookPage } from "./notebookPage";
import { checkAccessibility, expect, screenshot, test } from "./support";

interface Dropped {
  name: string;
  /** One byte per character. */
  content: string;
}

/** Drops files like a user does from another window. */
async function drop(page: Page, target: Locator, files: readonly Dropped[]): Promise<void> {
  const dataTransfer = await page.evaluateHandle((list) => {
    const transfer = new DataTransfer();
    for (const { name, content } of list)
      transfer.items.add(new File([Uint8Array.from(content, (character) => character.charCodeAt(0))], name));
    return transfer;
  }, files);
  await target.dispatchEvent("dragover", { dataTransfer });
  await expect(page.getByText("Drop to open a notebook or add files to the folder.")).toBeVisible();
  await target.dispatchEvent("drop", { dataTransfer });
}

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");

function filesOf(page: Page): Locator {
  return page.getByRole("region", { name: "Files" });
}

/** The button that expands and collapses a file in the panel. */
function fileButton(page: Page, path: string): Locator {
  return filesOf(page).getByRole("button", { name: new RegExp(`^${path.replaceAll(".", "\\.")} \\d`) });
}

async function tensorsIn(page: Page, path: string): Promise<Locator> {
  const button = fileButton(page, path);
  if ((await button.getAttribute("aria-expanded")) === "false") await button.click();
  return filesOf(page).getByRole("list", { name: `Tensors in ${path}` });
}

async function expectLessonDone(notebook: NotebookPage): Promise<void> {
  await notebook.expectRan(notebook.page.getByRole("region", { name: /^Code cell/ }).last());
  await expect(notebook.page.getByText("Failed ·")).toHaveCount(0);
}

function cellWith(page: Page, text: string): Locator {
  return page
    .getByRole("region", { name: /^Code cell/ })
    .filter({ hasText: text })
    .first();
}

test("rows (20) to (25): the lesson runs completely, its files are inspected, and they survive a reload", async ({
  page,
}) => {
  // A whole lesson, and three page loads.
  test.slow();
  const notebook = new NotebookPage(page);
  await notebook.open("/#gallery=5-files");
  await expect(page.getByRole("heading", { name: "5. Files", level: 1 })).toBeVisible();
  await notebook.runAll();
  await expectLessonDone(notebook);

  await expect(cellWith(page, "const x2 = await load").getByRole("group", { name: /^Tensor/ })).toContainText(
    "[4]int32",
  );
  await expect(
    cellWith(page, "const built = new MLP()").getByRole("row", { name: /hidden\/kernel.*matches/ }),
  ).toBeVisible();
  await expect(cellWith(page, "async function refusalOf")).toContainText(
    '"out/kernel" is [256, 5], in the file [256, 10]',
  );

  // Row (20): one tensor.
  const one = await tensorsIn(page, "x-file.npy");
  await expect(filesOf(page).getByText("NumPy array · one tensor")).toBeVisible();
  await expect(one.getByRole("listitem")).toHaveText(["[4] int32 0 1 2 3"]);
  // Rows (21), (22): several tensors, each with its own dtype.
  await expect((await tensorsIn(page, "xy-files.npz")).getByRole("listitem")).toHaveText([
    "arr_0 [4] int32 0 1 2 3",
    "arr_1 [4] float32 0 0 0 0",
  ]);
  await expect(filesOf(page).getByText("NumPy archive · a list of 2")).toBeVisible();
  await expect((await tensorsIn(page, "mydict.safetensors")).getByRole("listitem")).toHaveText([
    /^x \[4\] int32/,
    /^y \[4\] float32/,
  ]);
  // Row (23): weights by path, with their values.
  const weights = await tensorsIn(page, "mlp.params");
  await expect(weights.getByRole("listitem")).toHaveCount(4);
  await weights.getByRole("button", { name: /^hidden\/kernel \[20, 256\] float32/ }).click();
  const values = page.getByRole("dialog", { name: "mlp.params · hidden/kernel" });
  await expect(values.getByRole("grid", { name: /Table of \[20, 256\]/ })).toBeVisible();
  await expect(values.getByText("5,120")).toBeVisible();
  await checkAccessibility(page);
  await values.getByRole("radio", { name: "Heatmap" }).click();
  await expect(values.getByRole("img", { name: /Heatmap of \[20, 256\]/ })).toBeVisible();
  await values.getByRole("radio", { name: "Histogram" }).click();
  await expect(values.getByRole("img", { name: /^Histogram\. 32 bins/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(values).toBeHidden();

  // Row (25): a new session, the same folder.
  const names = ["mlp.params", "mydict.npz", "mydict.safetensors", "tied.params", "x-file.npy", "xy-files.npz"];
  for (const path of names) await expect(fileButton(page, path)).toBeVisible();
  await page.getByRole("button", { name: "Restart session" }).click();
  await expect(page.getByRole("button", { name: "Run all" })).toBeEnabled({ timeout: 20_000 });
  for (const path of names) await expect(fileButton(page, path)).toBeVisible();
  await page.reload();
  await expect(page.getByRole("button", { name: "Run all" })).toBeEnabled({ timeout: 20_000 });
  for (const path of names) await expect(fileButton(page, path)).toBeVisible();
  const again = cellWith(page, "const kept = await load");
  await again.scrollIntoViewIfNeeded();
  await notebook.run(again);
  await expect(again.getByText("Passed · still there")).toBeVisible();
});

test("row (22): a dictionary that NumPy pickled is dropped and loaded; one that would run a program shows the reason for its rejection", async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.openNew();
  await drop(page, page.getByRole("main"), [{ name: "mydict.npy", content: latin1(dictionary) }]);
  const tensors = filesOf(page).getByRole("list", { name: "Tensors in mydict.npy" });
  await expect(tensors.getByRole("listitem")).toHaveText(["x [2] int32 1 2", "__proto__ [1, 2] int16 1 2"]);
  const cell = await notebook.addCell("Code");
  await notebook.write(cell, '(await load("mydict.npy")).x');
  await notebook.run(cell);
  await expect(cell.getByRole("group", { name: /^Tensor/ })).toContainText("[2]int32");

  await drop(page, filesOf(page), [{ name: "attack.npy", content: latin1(attack) }]);
  await expect(filesOf(page).getByRole("alert")).toContainText('names "os.system", which Python would run');
  await checkAccessibility(page);
  await screenshot(page, "files-attack");
});

test("row (25): a file is downloaded, deleted, restored, and a name conflict is asked about", async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.openNew();
  const cell = await notebook.addCell("Code");
  await notebook.write(cell, 'await save("x-file.npy", arange(4));');
  await notebook.run(cell);
  const panel = filesOf(page);

  const downloading = page.waitForEvent("download");
  await panel.getByRole("button", { name: "Download x-file.npy" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("x-file.npy");
  const content = readFileSync(await download.path());
  expect([content.length, [...new Int32Array(new Uint8Array(content.subarray(128)).buffer)]]).toEqual([
    144,
    [0, 1, 2, 3],
  ]);

  // By keyboard only.
  await panel.getByRole("button", { name: "Delete x-file.npy" }).focus();
  await page.keyboard.press("Enter");
  await expect(panel.getByText("No files yet.")).toBeVisible();
  await expect(panel.getByRole("button", { name: "Restore" })).toBeFocused();
  await page.keyboard.press("Enter");
  await fileButton(page, "x-file.npy").focus();
  await page.keyboard.press("Enter");
  await expect(panel.getByRole("list", { name: "Tensors in x-file.npy" })).toContainText("0 1 2 3");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const values = page.getByRole("dialog", { name: "x-file.npy" });
  await expect(values.getByRole("gridcell", { name: "3" })).toBeVisible();
  await page.keyboard.press("Escape");

  const other = { name: "x-file.npy", content: "not what it says" };
  await drop(page, page.getByRole("main"), [other]);
  const question = page.getByRole("dialog", { name: "x-file.npy already exists" });
  await checkAccessibility(page);
  await question.getByRole("button", { name: "Keep both" }).click();
  await expect(panel.getByRole("alert")).toContainText("A .npy file begins with");
  await expect(panel.getByRole("listitem")).toHaveText([/^x-file-2\.npy 16 B/, /^x-file\.npy 144 B/]);
  await drop(page, page.getByRole("main"), [other]);
  await question.getByRole("button", { name: "Replace" }).click();
  await expect(panel.getByRole("listitem")).toHaveText([/^x-file-2\.npy 16 B/, /^x-file\.npy 16 B/]);
});

test("a file that a cell overwrites is shown with its new content", async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.openNew();
  const cell = await notebook.addCell("Code");
  await notebook.write(cell, 'await save("x.npy", full([2], 1.5));');
  await notebook.run(cell);
  await expect(await tensorsIn(page, "x.npy")).toContainText("[2] float32 1.500 1.500");
  await notebook.write(cell, 'await save("x.npy", full([3], 7));');
  await notebook.run(cell);
  await expect(await tensorsIn(page, "x.npy")).toContainText("[3] float32 7 7 7");
});

test("a weight file from the file chooser is reported in a dialog that takes the focus and returns it", async ({
  page,
}) => {
  const notebook = new NotebookPage(page);
  await notebook.openNew();
  const model = await notebook.addCell("Model");
  await notebook.run(model);
  page.on("filechooser", (chooser) => {
    void chooser.setFiles({ name: "w.safetensors", mimeType: "application/octet-stream", buffer: Buffer.from("no") });
  });
  const button = model.getByRole("button", { name: "Weights", exact: true });
  await button.click();
  await page.getByRole("menuitem", { name: "Upload a weight file…" }).click();
  const report = page.getByRole("dialog", { name: "Load w.safetensors into net" });
  await expect(report).toBeFocused();
  // React Aria checks again after half a second.
  await page.waitForTimeout(700);
  await expect(report).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(report).toBeHidden();
  await expect(button).toBeFocused();
});

const faces = [
  { language: "en-US", theme: "dark", files: "Files", upload: "Upload", list: "Tensors in mydict.npy", close: "Close" },
  { language: "zh-CN", theme: "light", files: "文件", upload: "上传", list: "mydict.npy 中的张量", close: "关闭" },
] as const;

for (const { language, theme, files, upload, list, close } of faces) {
  test.describe(`on a phone, ${language}, ${theme}`, () => {
    test.use({ locale: language, colorScheme: theme, viewport: { width: 390, height: 844 }, hasTouch: true });

    test("a file is uploaded, opened and inspected by touch", async ({ page }) => {
      await page.goto("/");
      await page.getByRole("navigation").getByRole("button", { name: files }).tap();
      const panel = page.getByRole("region", { name: files, exact: true });
      const choosing = page.waitForEvent("filechooser");
      await panel.getByRole("button", { name: upload }).tap();
      await (
        await choosing
      ).setFiles({ name: "mydict.npy", mimeType: "application/octet-stream", buffer: Buffer.from(dictionary) });
      await panel.getByRole("list", { name: list }).getByRole("button", { name: /^x / }).tap();
      const values = page.getByRole("dialog", { name: "mydict.npy · x" });
      await expect(values.getByRole("grid")).toBeVisible();
      await checkAccessibility(page);
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      await screenshot(page, `files-${language}-${theme}-390`);
      await values.getByRole("button", { name: close }).last().tap();
      await expect(values).toBeHidden();
    });
  });
}

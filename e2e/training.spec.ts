import { expect, type Locator } from "@playwright/test";
import { NotebookPage } from "./notebookPage";
import { test } from "./support";

const source = `const { train, test } = await datasets.spiral({ count: 2000 });
const net = sequential([dense(32, { activation: "tanh" }), dense(32, { activation: "tanh" }), dense(2)]);
const loss = (yTrue, yPred) => losses.sparseCategoricalCrossentropy(yTrue, yPred, { fromLogits: true });
net.compile({ optimizer: optimizers.adam({ learningRate: 0.01 }), loss, metrics: ["accuracy"] });
const history = await net.fit(train.x, train.y, { epochs: EPOCHS, validationSplit: 0.2 });
print(history.run.stopped, history.loss.length > 0);`;

/** The progress of the training in percent. */
async function percent(bar: Locator): Promise<number> {
  return Number(await bar.getAttribute("aria-valuenow"));
}

test("a training shows its progress, pauses, resumes and is ended with a click", async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.openNew();
  const cell = await notebook.addCell("Code");
  await notebook.write(cell, source.replace("EPOCHS", "100000"));
  await cell.getByRole("button", { name: "Run this cell" }).click();
  const training = cell.getByRole("group", { name: "Training" });
  await expect(training.getByText(/^epoch [\d,]+ of 100,000$/)).toBeVisible({ timeout: 20_000 });
  await expect(training.getByText(/ rows\/s$/)).toBeVisible();
  await expect(training.getByText(/ left$/)).toBeVisible();
  await training.getByRole("button", { name: "Pause" }).click();
  await expect(training.getByText("paused", { exact: true })).toBeVisible();
  const at = await training.getByText(/^epoch /).innerText();
  await page.waitForTimeout(600);
  expect(await training.getByText(/^epoch /).innerText()).toBe(at);
  await training.getByRole("button", { name: "Resume" }).click();
  await expect(training.getByText(/^epoch /)).not.toHaveText(at);
  await training.getByRole("button", { name: "End training" }).click();
  await notebook.expectRan(cell);
  await expect(training.getByText(/^took /)).toBeVisible();
  await expect(training.getByRole("button")).toHaveCount(0);
  await expect(cell.getByText("stop() true")).toBeVisible();
});

test("a training that ends by itself has a full bar, and one line in the cell", async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.openNew();
  const cell = await notebook.addCell("Code");
  await notebook.write(cell, source.replace("EPOCHS", "5"));
  await notebook.run(cell);
  const bars = cell.getByRole("progressbar", { name: "Training" });
  await expect(bars).toHaveCount(1);
  await expect.poll(() => percent(bars)).toBe(100);
  await expect(cell.getByText(/^valAccuracy 0\.\d+$/)).toBeVisible();
  await expect(cell.getByText("null true")).toBeVisible();
});

test("Stop ends a training: nothing is left to pause, and the page can train again", async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.openNew();
  const cell = await notebook.addCell("Code");
  await notebook.write(cell, source.replace("EPOCHS", "100000"));
  await cell.getByRole("button", { name: "Run this cell" }).click();
  const training = cell.getByRole("group", { name: "Training" });
  await expect(training.getByText(/ rows\/s$/)).toBeVisible({ timeout: 20_000 });
  await page.keyboard.press("Escape");
  await page.getByRole("banner").getByRole("button", { name: /^Stop/ }).click();
  await expect(cell.getByText("Stopped", { exact: true })).toBeAttached();
  await expect(training.getByText(/^took /)).toBeVisible();
  await expect(training.getByRole("button")).toHaveCount(0);
  const next = await notebook.addCell("Code");
  await notebook.write(next, source.replace("EPOCHS", "2"));
  await expect(page.getByRole("button", { name: "Run all" })).toBeEnabled({ timeout: 20_000 });
  await notebook.run(next);
  await expect(next.getByText("null true")).toBeVisible();
});

import type { Locator, Page } from "@playwright/test";
import { NotebookPage } from "./notebookPage";
import { checkAccessibility, expect, test } from "./support";

const training = `setSeed(3);
const net = sequential([dense(32, { activation: "relu", name: "hidden" }), dense(10, { name: "out" })]);
const x = random.normal([64, 200]);
const y = random.integers([64], 0, 10);
const optimizer = optimizers.adam();
const loss = () => losses.sparseCategoricalCrossentropy(y, net.call(x), { fromLogits: true });
for (let step = 0; step < 4; step++) await optimizer.minimize(loss, net);`;

const fitting = `${training.slice(0, training.indexOf("const optimizer"))}
const loss = (yTrue, yPred) => losses.sparseCategoricalCrossentropy(yTrue, yPred, { fromLogits: true });
net.compile({ optimizer: optimizers.adam(), loss });
const history = await net.fit(x, y, { epochs: 2, batchSize: 32 });`;

const splitting = `await optimizer.minimize(async () => {
  const value = loss();
  if ((await value.item()) > 1e6) print("large");
  return value;
}, net);`;

/** Opens a dispatch, then measures and checks it. */
async function tryDispatch(dispatch: Locator): Promise<void> {
  await dispatch.getByRole("button", { name: /^Dispatch/ }).press("Enter");
  await expect(dispatch.getByRole("region", { name: "WGSL code of this dispatch" })).toContainText("@compute");
  await dispatch.getByRole("button", { name: "Measure time" }).press("Enter");
  await expect(dispatch.getByText(/^[\d.,]+ (ms|µs) per run$/)).toBeVisible();
  await expect(dispatch.getByText(/on copies, fastest of several$/)).toBeVisible();
  await dispatch.getByRole("button", { name: "Check against the CPU" }).press("Enter");
  await expect(dispatch.getByText(/match the CPU(\.|; the rest differ only by rounding\.)$/)).toBeVisible();
}

async function trained(page: Page, source: string): Promise<{ notebook: NotebookPage; cell: Locator }> {
  const notebook = new NotebookPage(page);
  await notebook.openNew();
  const cell = await notebook.addCell("Code");
  await notebook.write(cell, source);
  await notebook.run(cell);
  return { notebook, cell };
}

test("the dispatches of a cell's compiled steps are read, timed and checked against the CPU", async ({ page }) => {
  const { notebook, cell } = await trained(page, `${training}\nconst before = await net.weights[0].data();`);
  // The first step is computed op by op: on a GPU, a plan is compiled when its graph occurs again.
  await expect(cell.getByText("Compiled: minimize() on GPU:0, 3 steps")).toBeVisible();
  await cell.getByRole("button", { name: "Show shaders" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "Shaders of this cell's compiled steps" });
  const list = dialog.getByRole("list", { name: "Dispatches of minimize()" });
  await expect(list.getByRole("button", { name: /^Dispatch/ })).not.toHaveCount(1);
  await tryDispatch(list.getByRole("listitem").first());
  await checkAccessibility(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  const after = await notebook.addCell("Code");
  await notebook.write(
    after,
    "const now = await net.weights[0].data(); print(now.every((value, i) => value === before[i]));",
  );
  await notebook.run(after);
  await expect(notebook.outputs(after)).toHaveText("true");
});

test("the inspector shows the shaders of a block, and they can be tried after training", async ({ page }) => {
  await trained(page, fitting);
  await page
    .getByRole("treegrid", { name: "Models in the session" })
    .getByRole("row", { name: /^hidden, Dense/ })
    .click();
  const shaders = page.getByRole("region", { name: "Shaders", exact: true });
  await expect(shaders.getByText("ran 4 times")).toBeVisible();
  const own = shaders.getByRole("list", { name: "Dispatches of fit()" });
  const forward = page.getByRole("button", { name: /^Dispatch \d+ (.* )?Dense hidden matmul, add, relu/ });
  await tryDispatch(own.getByRole("listitem").filter({ has: forward }).first());
  await checkAccessibility(page);
});

test("a step that is split by a read says so, with the location and the remedy", async ({ page }) => {
  const { notebook, cell } = await trained(page, training);
  const note = cell.getByRole("note");
  await expect(note).toHaveCount(0);
  const second = await notebook.addCell("Code");
  await notebook.write(second, splitting);
  await notebook.run(second);
  const said = second.getByRole("note");
  await expect(said).toContainText("A value is read inside minimize(), which splits its step into 2 parts.");
  await expect(said).toContainText("Return the tensor and read it after the call");
  await checkAccessibility(page);
  await said.getByRole("button", { name: "Line 3" }).click();
  await page.keyboard.press("End");
  await page.keyboard.type(" // here");
  await expect(second.getByRole("textbox")).toContainText('print("large"); // here');
});

import { NotebookPage } from "./notebookPage";
import { expect, test } from "./support";

test("without WebGPU, the lesson on devices runs completely on two logical processors and says so", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const notebook = new NotebookPage(page);
  await notebook.open("/#gallery=6-devices");
  await expect(page.getByText("Then this lesson runs on CPU:0 alone")).toBeVisible();
  await notebook.runAll();
  const cell = (text: string) =>
    page
      .getByRole("region", { name: /^Code cell/ })
      .filter({ hasText: text })
      .first();
  await expect(cell("const truth =").getByText("Done", { exact: true })).toBeAttached({ timeout: 60_000 });
  await expect(page.getByText("Failed ·")).toHaveCount(0);
  await expect(cell("const info").getByRole("region", { name: "CPU:0" })).toContainText("Largest tensor");
  await expect(cell("const asked")).toContainText('["CPU:0", "CPU:0", ["CPU:0"]]');
  await expect(cell("const [first, second]")).toContainText("CPU:0 CPU:1");
  await expect(cell("X.add(Y);")).toContainText('Copy one of them first: .to("CPU:1").');
  await expect(cell("const places")).toContainText('[["CPU:0", "CPU:0"], ["CPU:1", "CPU:1"]]');
  for (const name of ["A copy and an addition", "The same additions in more and more ops", "Two devices and one"]) {
    const figure = page.getByRole("figure", { name });
    await figure.scrollIntoViewIfNeeded();
    await expect(figure.locator("canvas")).toBeVisible();
  }
  await page.getByRole("button", { name: /^CPU:0/ }).click();
  const panel = page.getByRole("dialog", { name: "Compute devices" });
  await expect(panel).toContainText("no graphics adapter, so everything runs on the processor (CPU:0)");
  await expect(panel.getByRole("region", { name: "CPU:1" })).toBeVisible();
});

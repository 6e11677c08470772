import { journey } from "./journey";
import { expect, test } from "./support";

test("without WebGPU, the page says so, and everything works on CPU:0", async ({ page, browser, complaints }) => {
  test.setTimeout(120_000);
  await page.goto("/");
  const chip = page.getByRole("button", { name: /CPU:0/ });
  await chip.click();
  await expect(
    page
      .getByRole("dialog")
      .getByText(/adapter/i)
      .first(),
  ).toBeVisible();
  await journey(page, browser, "CPU:0", (other) => complaints.watch(other.context()));
});

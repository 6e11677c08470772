import { expect, serveUnder, test } from "./support";

test("the build works under any path of a simple static host, and requests nothing from any other", async ({
  page,
}) => {
  const { address, close } = await serveUnder("/some/path/");
  const requests: string[] = [];
  const failures: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("response", (response) => {
    if (response.status() !== 200) failures.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(address);
  // The whole chain: page, frame, worker, adapter.
  await expect(page.getByRole("button", { name: "GPU:0" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Run all" })).toBeEnabled();
  expect(requests.filter((url) => !url.startsWith(address) && !url.startsWith("data:"))).toEqual([]);
  expect(requests.length).toBeGreaterThan(5);
  expect(failures).toEqual([]);
  close();
});

import { journey } from "./journey";
import { test } from "./support";

test("a network is composed, fed, saved, loaded and shared, on the GPU", async ({ page, browser, complaints }) => {
  test.setTimeout(120_000);
  await journey(page, browser, "GPU:0", (other) => complaints.watch(other.context()));
});

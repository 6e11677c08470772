import { NotebookPage } from "./notebookPage";
import { expect, test } from "./support";

test("behind the frame's policy CPU:0 still multiplies in WebAssembly", async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.open();
  await notebook.newNotebook();
  const cell = await notebook.addCell("Code");
  await notebook.write(
    cell,
    `const x = ones([64, 64], { device: "CPU:0" });
print(deviceInfo("CPU:0").description, "gives", await x.matmul(x).sum().item());`,
  );
  await notebook.run(cell);
  await expect(cell.getByText(/products by WebAssembly (relaxed )?SIMD gives 262144/)).toBeVisible();
});

import { NotebookPage } from "./notebookPage";
import { expect, test } from "./support";

test("under the frame's policy, CPU:0 still multiplies and runs its plans in WebAssembly", async ({ page }) => {
  const notebook = new NotebookPage(page);
  await notebook.openNew();
  const cell = await notebook.addCell("Code");
  await notebook.write(
    cell,
    `const x = ones([64, 64], { device: "CPU:0" });
print(deviceInfo("CPU:0").description, "gives", await x.matmul(x).sum().item());
const squares = compileFunction((of: Tensor) => of.square().add(1));
const [sum] = await (await squares(x)).sum([0, 1]).reshape([1]).array() as number[];
print("squares by", plans()[0].dispatches.map(({ language }) => language).join(), "give", sum);`,
  );
  await notebook.run(cell);
  await expect(cell.getByText(/products by WebAssembly (relaxed )?SIMD gives 262144/)).toBeVisible();
  await expect(cell.getByText("squares by webassembly give 8192")).toBeVisible();
});

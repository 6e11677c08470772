import type { Locator, Page } from "@playwright/test";
import { expectSource, NotebookPage } from "./notebookPage";
import { checkAccessibility, expect, screenshot, test } from "./support";

const myDense = `/** A custom dense layer. */
class MyDense extends Block {
  constructor(public units: number, public scale = 1) {
    super();
  }

  build(inputShape: number[]) {
    this.weight = this.addWeight("weight", [inputShape.at(-1)!, this.units], {
      initializer: initializers.ones(),
    });
  }

  forward(X: Tensor) {
    return X.matmul(this.weight).mul(this.scale);
  }
}`;

async function openNew(page: Page): Promise<NotebookPage> {
  const notebook = new NotebookPage(page);
  await notebook.openNew();
  return notebook;
}

/** A code cell with the class, a model cell with an empty model, and a code cell that calls it. */
async function openWithClass(page: Page) {
  const notebook = await openNew(page);
  const declaring = await notebook.addCell("Code");
  await notebook.write(declaring, myDense);
  const model = await notebook.addCell("Model");
  await writeModel(page, model, "const net = sequential([]);");
  const calling = await notebook.addCell("Code");
  await notebook.write(calling, "net.call(ones([2, 3])).shape");
  return { notebook, declaring, model, calling, tree: model.getByRole("tree") };
}

async function writeModel(page: Page, cell: Locator, source: string): Promise<void> {
  await cell.getByRole("radio", { name: "Code" }).click();
  await cell.getByRole("textbox", { name: /^Source of/ }).click();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(source);
  await cell.getByRole("radio", { name: "Blocks" }).click();
}

const yours = (page: Page) =>
  page.getByRole("region", { name: "Blocks", exact: true }).getByRole("list", { name: "Your blocks" });

test("row (19): a class declared in a cell is in the palette, for mouse and keyboard, and its arguments are fields", async ({
  page,
}) => {
  const { notebook, model, calling, tree } = await openWithClass(page);
  await yours(page).getByRole("button", { name: "MyDense" }).click();
  const first = tree.getByRole("treeitem", { name: /^MyDense, 8, 1/ });
  await expect(first).toBeVisible();

  await tree.getByRole("treeitem", { name: /^net/ }).focus();
  await page.keyboard.press("+");
  await page.getByRole("searchbox", { name: "Search blocks" }).fill("mydense");
  await expect(page.getByRole("menuitem", { name: /MyDense/ })).toContainText("A custom dense layer.");
  await page.keyboard.press("Enter");
  await expect(tree.getByRole("treeitem", { name: /^MyDense/ })).toHaveCount(2);

  const second = tree.getByRole("treeitem", { name: /^MyDense/ }).last();
  await expect(second).toBeFocused();
  await page.keyboard.press("Enter");
  const units = second.getByRole("textbox", { name: "units" });
  await expect(units).toBeFocused();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("many");
  await page.keyboard.press("Enter");
  await expect(second.getByRole("alert")).toHaveText("Enter a number.");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("5");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Undo: change units of MyDense" })).toBeVisible();
  await expectSource(model, "const net = sequential([new MyDense(8, 1), new MyDense(5, 1)]);");

  await notebook.runAll();
  await notebook.expectRan(calling);
  await expect(calling.getByRole("group", { name: "Outputs" })).toContainText("[2, 5]");
  await expect(tree.getByText("[batch, 8]")).toBeVisible();
  await expect(tree.getByText("64 parameters")).toBeVisible();
  await checkAccessibility(page);
  await screenshot(page, "own-blocks");
});

test("row (19): a class is read again when its cell changes; a model that uses it is stale once it has run", async ({
  page,
}) => {
  const { notebook, declaring, model, calling, tree } = await openWithClass(page);
  await yours(page).getByRole("button", { name: "MyDense" }).click();
  await notebook.runAll();
  await notebook.expectRan(calling);

  await notebook.write(
    declaring,
    myDense.replace("public scale = 1", 'public scale = 1, mode: "wide" | "deep" = "wide"'),
  );
  const card = tree.getByRole("treeitem", { name: /^MyDense/ });
  await expect(card.getByRole("button", { name: /mode/ })).toContainText("wide");
  await notebook.run(declaring);
  await expect(model.getByText("A cell above has run again since")).toBeVisible();

  await notebook.write(declaring, "const gone = true;");
  await expect(page.getByText("Classes that extend Block in a code cell appear here.")).toBeVisible();
  await expect(tree.getByRole("treeitem", { name: /^Code, new MyDense\(8, 1\)/ })).toBeVisible();
});

test("row (19): a link includes the class: its blocks appear before anything has run, and run on request", async ({
  page,
  context,
  browser,
  baseURL,
  complaints,
}) => {
  const { notebook, calling, tree } = await openWithClass(page);
  await yours(page).getByRole("button", { name: "MyDense" }).click();
  await tree
    .getByRole("treeitem", { name: /^MyDense/ })
    .getByRole("textbox", { name: "units" })
    .fill("6");
  await page.keyboard.press("Enter");
  await expect(tree.getByRole("treeitem", { name: /^MyDense, 6/ })).toBeVisible();
  await notebook.runAll();
  await notebook.expectRan(calling);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await page.getByRole("button", { name: "Copy link" }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());

  const reader = await browser.newContext({ baseURL });
  await complaints.watch(reader);
  const other = await reader.newPage();
  const read = new NotebookPage(other);
  await read.open(link);
  const card = other.getByRole("tree").getByRole("treeitem", { name: /^MyDense, 6, 1, Shape not known/ });
  await expect(card).toBeVisible();
  await expect(yours(other).getByRole("button", { name: "MyDense" })).toBeVisible();
  await expect(other.getByRole("group", { name: "Outputs" })).toHaveCount(0);
  await read.runAll();
  await read.expectRan(read.cells.last());
  await expect(read.cells.last().getByRole("group", { name: "Outputs" })).toContainText("[2, 6]");
  await reader.close();
});

test("row (16): a block in two places is marked as shared at each, and counted once", async ({ page }) => {
  const notebook = await openNew(page);
  const model = await notebook.addCell("Model");
  await writeModel(
    page,
    model,
    "const shared = dense(4);\nconst net = sequential([shared, flatten(), shared, dense(1)]);",
  );
  const call = await notebook.addCell("Code");
  await notebook.write(call, "net.call(ones([2, 4]))");
  await notebook.runAll();
  await notebook.expectRan(call);
  const tree = model.getByRole("tree");
  const places = tree.getByRole("treeitem", { name: /^Code, shared/ });
  await expect(places).toHaveCount(2);
  await expect(places.first()).toHaveAccessibleName(/Shared with position 3 in net: same weights, counted once/);
  await expect(places.last()).toHaveAccessibleName(/Shared with position 1 in net/);
  await expect(tree.getByText("shared ×2")).toHaveCount(3);
  await expect(places.first().getByText("20", { exact: true })).toBeVisible();
  await expect(places.last().getByText("(20)")).toBeVisible();
  await expect(tree.getByText("25 parameters")).toBeVisible();
  await places.last().focus();
  await checkAccessibility(page);
  await screenshot(page, "tied-blocks");
});

test("row (15): outputs are stale once a weight was changed in the inspector, until their cells run again", async ({
  page,
}) => {
  const notebook = await openNew(page);
  const model = await notebook.addCell("Model");
  await writeModel(page, model, "const net = sequential([dense(2)]);");
  const call = await notebook.addCell("Code");
  await notebook.write(call, "net.call(ones([1, 2]))");
  await notebook.runAll();
  await notebook.expectRan(call);
  await model.getByRole("treeitem", { name: /^Dense/ }).focus();
  const inspector = page.getByRole("complementary", { name: "Inspector" });
  await inspector.getByRole("textbox", { name: "Value at [0, 0]" }).fill("42");
  await page.keyboard.press("Enter");
  const mark = call.getByText("Weights have changed since");
  await expect(mark).toBeVisible();
  await expect(model.getByText("Weights have changed since")).toHaveCount(0);
  await notebook.run(call);
  await expect(mark).toHaveCount(0);
});

test("a similar name is suggested for a mistyped one", async ({ page }) => {
  const notebook = await openNew(page);
  const cell = await notebook.addCell("Code");
  await notebook.write(cell, "const layer = denze(3);");
  await notebook.runAll();
  const said = cell.getByRole("alert");
  await expect(said).toContainText("denze is not defined.");
  await expect(said.getByText("Did you mean `dense`?")).toBeVisible();
});

test.describe("with reduced motion", () => {
  test.use({ reducedMotion: "reduce" });

  test("row (17): the shapes appear at once, and no question mark is left", async ({ page }) => {
    const notebook = await openNew(page);
    // Chromium may apply the emulated preference after the first styles.
    await expect.poll(() => page.evaluate(() => matchMedia("(prefers-reduced-motion: reduce)").matches)).toBe(true);
    const model = await notebook.addCell("Model");
    await writeModel(page, model, "const net = sequential([dense(3), dense(2)]);");
    const call = await notebook.addCell("Code");
    await notebook.write(call, "net.call(ones([5, 4]))");
    await notebook.runAll();
    await notebook.expectRan(call);
    const pills = model.getByRole("tree").getByTitle(/^Shape \[/);
    await expect(pills).toHaveCount(3);
    const running = await pills.evaluateAll((all) =>
      all
        .flatMap((pill) => pill.getAnimations({ subtree: true }))
        .filter(({ playState }) => playState === "running")
        .map((animation) => ("animationName" in animation ? animation.animationName : "a transition")),
    );
    expect(running).toEqual([]);
    await expect(model.getByRole("tree").getByText("?", { exact: true }).filter({ visible: true })).toHaveCount(0);
  });
});

import { expect, type Locator, type Page } from "@playwright/test";

/** User actions on the page, found by accessible names. */
export class NotebookPage {
  constructor(readonly page: Page) {}

  async open(address = "/"): Promise<void> {
    await this.page.goto(address);
    await expect(this.page.getByRole("button", { name: "Run all" })).toBeEnabled({ timeout: 20_000 });
  }

  /** Opens the page with an empty notebook. */
  async openNew(address = "/"): Promise<void> {
    await this.open(`${address}#new`);
    await expect(this.page.getByRole("heading", { name: "An empty notebook" })).toBeVisible();
  }

  async newNotebook(): Promise<void> {
    await this.page.getByRole("button", { name: "New notebook" }).click();
    await expect(this.page.getByRole("heading", { name: "An empty notebook" })).toBeVisible();
  }

  /** Adds a cell at the end. */
  async addCell(kind: "Text" | "Code" | "Model" | "Data"): Promise<Locator> {
    const count = await this.cells.count();
    await this.page
      .getByRole("group", { name: "Add a cell" })
      .last()
      .getByRole("button", { name: new RegExp(`^${kind}`) })
      .click();
    await expect(this.cells).toHaveCount(count + 1);
    return this.cells.nth(count);
  }

  get cells(): Locator {
    return this.page.getByRole("region", { name: /^(Text|Code|Model|Data) cell \d+ of \d+$/ });
  }

  /** The nth cell of the notebook, from 1. */
  cell(position: number): Locator {
    return this.cells.nth(position - 1);
  }

  /** Replaces a code cell's source by typing into its editor. */
  async write(cell: Locator, source: string): Promise<void> {
    const editor = cell.getByRole("textbox", { name: /^Source of/ });
    await editor.click();
    await this.page.keyboard.press("ControlOrMeta+A");
    // Typing over several lines makes Chromium paste style attributes, which the CSP rejects.
    await this.page.keyboard.press("Delete");
    await this.page.keyboard.insertText(source);
  }

  async runAll(): Promise<void> {
    await this.page.getByRole("button", { name: "Run all" }).click();
  }

  async run(cell: Locator): Promise<void> {
    await cell.getByRole("button", { name: "Run this cell" }).click();
    await this.expectRan(cell);
  }

  async expectRan(cell: Locator): Promise<void> {
    await expect(cell.getByText("Done", { exact: true })).toBeAttached({ timeout: 30_000 });
  }

  /** The text that a cell printed. */
  async printed(cell: Locator): Promise<string> {
    return (await this.outputs(cell).innerText()).trim();
  }

  outputs(cell: Locator): Locator {
    return cell.getByRole("group", { name: "Outputs" });
  }
}

/** Expects the source of a model cell, which then shows its blocks again. */
export async function expectSource(cell: Locator, expected: string): Promise<void> {
  await cell.getByRole("radio", { name: "Code" }).click();
  const source = cell.getByRole("textbox", { name: /^Source of/ });
  await expect.poll(async () => (await source.innerText()).trim()).toBe(expected);
  await cell.getByRole("radio", { name: "Blocks" }).click();
}

import { beforeEach, describe, expect, test } from "vitest";
import { printNotebook } from "../../notebook/file/printNotebook";
import { encodeLink } from "../../notebook/link/shareLink";
import type { NotebookDocument } from "../../notebook/notebookDocument";
import { createAutosave, recoverJournal, type Autosave } from "../document/autosave";
import { createDocumentStore, type DocumentStore } from "../document/documentStore";
import { memoryStorage, type NotebookStorage } from "../document/notebookStorage";
import type { Memory } from "../settingsStore";
import { createLibraryStore } from "./libraryStore";

const shared: NotebookDocument = { title: "Shared", cells: [{ id: "a", type: "code", source: "1 + 1" }] };
const lesson: NotebookDocument = { title: "Lesson", cells: [{ id: "l", type: "markdown", source: "# Lesson" }] };

function forgetful(): Memory & { entries: Map<string, string> } {
  const entries = new Map<string, string>();
  return {
    entries,
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
  };
}

let documents: DocumentStore;
let storage: NotebookStorage;
let memory: ReturnType<typeof forgetful>;
let autosave: Autosave;
let addresses: string[];

/** A visit: new stores over the same browser storage. */
function visit() {
  documents = createDocumentStore();
  addresses = [];
  autosave = createAutosave(documents, storage, memory, () => undefined);
  const library = createLibraryStore({
    documents,
    storage,
    memory,
    autosave,
    fetchGallery: async () => [{ shelf: "gallery", name: "lesson", title: "Lesson", description: "" }],
    fetchNotebook: async () => printNotebook(lesson),
    language: () => "en",
    showAddress: (address) => void addresses.push(address),
    replaceAddress: (address) => void (addresses[Math.max(addresses.length - 1, 0)] = address),
    opened: () => undefined,
  });
  return library;
}

async function visitAt(address: string) {
  const library = visit();
  await library.getState().refreshGallery("en");
  await library.getState().openAddress(address);
  return library;
}

beforeEach(() => {
  storage = memoryStorage();
  memory = forgetful();
});

const title = () => documents.getState().document.title;

describe("opening", () => {
  test("the first visit opens the first lesson without saving it", async () => {
    await visitAt("");
    await autosave.flush();
    expect([title(), await storage.notebooks()]).toEqual(["Lesson", []]);
  });

  test("a link opens unchanged and is marked as someone else's", async () => {
    const { fragment } = await encodeLink(shared);
    const library = await visitAt(fragment);
    expect([title(), library.getState().foreign, library.getState().offer]).toEqual(["Shared", true, null]);
  });

  test("a late result of an earlier request does not replace what was opened since", async () => {
    const library = visit();
    await library.getState().refreshGallery("en");
    const late = library.getState().openAddress("");
    await library.getState().openNew();
    await late;
    expect(documents.getState().document).toMatchObject({ title: "", cells: [] });
  });

  test("an edited copy never shadows its link: it is offered next to it", async () => {
    const { fragment } = await encodeLink(shared);
    await visitAt(fragment);
    documents.getState().setTitle("Mine");
    await autosave.flush();
    const library = await visitAt(fragment);
    expect([title(), library.getState().offer?.title, library.getState().offer?.why]).toEqual([
      "Shared",
      "Mine",
      "copy",
    ]);
    await library.getState().openOwn(library.getState().offer!.key);
    expect([title(), library.getState().offer]).toEqual(["Mine", null]);
  });

  test("row (25): a notebook that was only run finds its folder again, and nothing is offered", async () => {
    const { fragment } = await encodeLink(shared);
    for (const address of [fragment, "#gallery=lesson"]) {
      await visitAt(address);
      const { key } = documents.getState();
      documents.getState().setView(documents.getState().document.cells[0]!.id, { tensor: "heatmap" });
      // As after a cell has saved a file.
      autosave.keep();
      await autosave.flush();
      const library = await visitAt(address);
      expect([documents.getState().key, library.getState().offer]).toEqual([key, null]);
    }
  });

  test("row (25): a page that closes right after a file was saved also finds it again", async () => {
    await visitAt("#gallery=lesson");
    const { key } = documents.getState();
    autosave.keep();
    autosave.journal();
    const library = await visitAt("#gallery=lesson");
    expect([documents.getState().key, library.getState().offer]).toEqual([key, null]);
  });

  test("an edited copy has a separate folder", async () => {
    await visitAt("#gallery=lesson");
    documents.getState().setTitle("Mine");
    await autosave.flush();
    const { key } = documents.getState();
    const library = await visitAt("#gallery=lesson");
    expect(documents.getState().key).not.toBe(key);
    expect(library.getState().offer?.key).toBe(key);
  });

  test("an invalid link reports the problem, and another notebook is shown", async () => {
    const { fragment } = await encodeLink(shared);
    for (const bad of [fragment.slice(0, -4), fragment.replace("nb=1", "nb=9"), "#nb=1.x.y.z"]) {
      const library = await visitAt(bad);
      expect([title(), library.getState().problem !== null]).toEqual(["Lesson", true]);
    }
  });

  test("without an address, the last notebook is opened", async () => {
    const first = await visitAt("");
    await first.getState().openNew();
    documents.getState().setTitle("Own");
    await autosave.flush();
    await visitAt("");
    expect(title()).toBe("Own");
  });

  test("the address #new opens a new notebook, and a reload opens the same one", async () => {
    const first = await visitAt("");
    await first.getState().openNew();
    documents.getState().setTitle("Earlier");
    await autosave.flush();
    await visitAt("#new");
    const { key } = documents.getState();
    expect([title(), addresses.at(-1)]).toEqual(["", `#own=${key}`]);
    await autosave.flush();
    await visitAt(addresses.at(-1)!);
    expect([title(), documents.getState().key]).toEqual(["", key]);
  });

  test("a file becomes one of the user's notebooks, marked as someone else's", async () => {
    const library = await visitAt("");
    await library.getState().openFile("x.ipynb", printNotebook(shared));
    await autosave.flush();
    expect([title(), library.getState().foreign, addresses.at(-1)]).toEqual([
      "Shared",
      true,
      `#own=${documents.getState().key}`,
    ]);
    expect((await storage.notebooks()).map(({ document }) => document.title)).toEqual(["Shared"]);
  });

  test("a file that is not a notebook does not affect the open one", async () => {
    const library = await visitAt("");
    await library.getState().openFile("x.ipynb", "{}");
    expect([title(), library.getState().problem !== null]).toEqual(["Lesson", true]);
  });

  test("deleting the open notebook opens one of the others", async () => {
    const library = await visitAt("");
    await library.getState().openNew();
    await autosave.flush();
    await library.getState().refresh();
    await library.getState().removeOwn(documents.getState().key);
    expect([title(), await storage.notebooks()]).toEqual(["Lesson", []]);
  });
});

describe("the journal", () => {
  test("restores edits that a closing page could not save on the next visit", async () => {
    const library = await visitAt("");
    await library.getState().openNew();
    await autosave.flush();
    documents.getState().setTitle("Last words");
    autosave.journal();
    // The tab closes before the database has been written.
    const journal = memory.entries.get("weightroom.journal")!;
    await autosave.flush();
    storage = memoryStorage();
    memory.setItem("weightroom.journal", journal);
    const { fragment } = await encodeLink(shared);
    const next = await visitAt(fragment);
    expect([title(), next.getState().offer?.title, next.getState().offer?.why]).toEqual([
      "Shared",
      "Last words",
      "recovered",
    ]);
    await visitAt("");
    expect(title()).toBe("Last words");
  });

  test("is dropped if it is older than its notebook, or damaged", async () => {
    const record = { key: "k", document: shared, origin: { kind: "new" } as const, modified: 10 };
    await storage.putNotebook(record);
    memory.setItem("weightroom.journal", JSON.stringify({ ...record, modified: 9 }));
    expect(await recoverJournal(memory, storage)).toBe(null);
    memory.setItem("weightroom.journal", "{");
    expect(await recoverJournal(memory, storage)).toBe(null);
  });

  test("does not exist without unsaved edits", async () => {
    await visitAt("");
    autosave.journal();
    expect(memory.entries.size).toBe(0);
  });
});

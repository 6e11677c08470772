import { beforeEach, describe, expect, test } from "vitest";
import { encodeLink } from "../notebook/link";
import type { NotebookDocument } from "../notebook/notebookDocument";
import { printNotebook } from "../notebook/printNotebook";
import { createAutosave, recoverJournal, type Autosave } from "./autosave";
import { createDocumentStore, type DocumentStore } from "./documentStore";
import { createLibraryStore } from "./libraryStore";
import type { Memory } from "./settingsStore";
import { memoryStorage, type Storage } from "./storage";

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
let storage: Storage;
let memory: ReturnType<typeof forgetful>;
let autosave: Autosave;
let addresses: string[];

/** A visit: new stores over what the browser keeps. */
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
  test("the first visit opens the first lesson, and saves nothing of it", async () => {
    await visitAt("");
    await autosave.flush();
    expect([title(), await storage.notebooks()]).toEqual(["Lesson", []]);
  });

  test("a link opens as it was sent and is marked as someone else's", async () => {
    const { fragment } = await encodeLink(shared);
    const library = await visitAt(fragment);
    expect([title(), library.getState().foreign, library.getState().offer]).toEqual(["Shared", true, null]);
  });

  test("what was asked for first and comes late does not replace what was opened since", async () => {
    const library = visit();
    await library.getState().refreshGallery("en");
    const late = library.getState().openAddress("");
    await library.getState().openNew();
    await late;
    expect(documents.getState().document).toMatchObject({ title: "", cells: [] });
  });

  test("an edited copy never shadows its link: it is offered beside it", async () => {
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

  test("row (25): a page that closes right after a file was saved finds it again too", async () => {
    await visitAt("#gallery=lesson");
    const { key } = documents.getState();
    autosave.keep();
    autosave.journal();
    const library = await visitAt("#gallery=lesson");
    expect([documents.getState().key, library.getState().offer]).toEqual([key, null]);
  });

  test("an edited copy keeps its folder to itself", async () => {
    await visitAt("#gallery=lesson");
    documents.getState().setTitle("Mine");
    await autosave.flush();
    const { key } = documents.getState();
    const library = await visitAt("#gallery=lesson");
    expect(documents.getState().key).not.toBe(key);
    expect(library.getState().offer?.key).toBe(key);
  });

  test("a bad link says what is wrong and shows something", async () => {
    const { fragment } = await encodeLink(shared);
    for (const bad of [fragment.slice(0, -4), fragment.replace("nb=1", "nb=9"), "#nb=1.x.y.z"]) {
      const library = await visitAt(bad);
      expect([title(), library.getState().problem !== null]).toEqual(["Lesson", true]);
    }
  });

  test("without an address the last notebook goes on", async () => {
    const first = await visitAt("");
    await first.getState().openNew();
    documents.getState().setTitle("Own");
    await autosave.flush();
    await visitAt("");
    expect(title()).toBe("Own");
  });

  test("a file becomes a notebook of one's own, marked as someone else's", async () => {
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

  test("a file that is no notebook leaves the open one alone", async () => {
    const library = await visitAt("");
    await library.getState().openFile("x.ipynb", "{}");
    expect([title(), library.getState().problem !== null]).toEqual(["Lesson", true]);
  });

  test("deleting the open notebook opens what is left", async () => {
    const library = await visitAt("");
    await library.getState().openNew();
    await autosave.flush();
    await library.getState().refresh();
    await library.getState().removeOwn(documents.getState().key);
    expect([title(), await storage.notebooks()]).toEqual(["Lesson", []]);
  });
});

describe("the journal", () => {
  test("edits that a closing page could not save are there on the next visit", async () => {
    const library = await visitAt("");
    await library.getState().openNew();
    await autosave.flush();
    documents.getState().setTitle("Last words");
    autosave.journal();
    // The tab is gone before the database has written.
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

  test("a journal older than its notebook, or damaged, is dropped", async () => {
    const record = { key: "k", document: shared, origin: { kind: "new" } as const, modified: 10 };
    await storage.putNotebook(record);
    memory.setItem("weightroom.journal", JSON.stringify({ ...record, modified: 9 }));
    expect(await recoverJournal(memory, storage)).toBe(null);
    memory.setItem("weightroom.journal", "{");
    expect(await recoverJournal(memory, storage)).toBe(null);
  });

  test("without unsaved edits there is none", async () => {
    await visitAt("");
    autosave.journal();
    expect(memory.entries.size).toBe(0);
  });
});

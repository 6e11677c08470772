import { beforeEach, describe, expect, test } from "vitest";
import { en } from "../../i18n/en";
import { createDocumentStore } from "../document/documentStore";
import { memoryStorage, type NotebookStorage } from "../document/notebookStorage";
import { createFilesStore, maxFileBytes, type FilesStore } from "./filesStore";
import { createFolderStore, freeName, type Incoming, plainName } from "./folderStore";

let storage: NotebookStorage;
let files: FilesStore;
let folder: ReturnType<typeof createFolderStore>;
let added: string[];

beforeEach(() => {
  storage = memoryStorage();
  files = createFilesStore(storage, createDocumentStore());
  added = [];
  folder = createFolderStore(files, (path) => added.push(path));
});

const state = () => folder.getState();
const file = (name: string, content: string): Incoming => new File([content], name);

/** Each file's name and content. */
async function held(): Promise<Record<string, string>> {
  const entries = files.getState().files.map(async ({ path }) => {
    return [path, new TextDecoder().decode(await files.getState().read(path))] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

const problems = () => state().problems.map((problem) => problem(en, "en"));

describe("adding", () => {
  test("a single file is reported, several are not", async () => {
    await state().add([file("x.npy", "1")]);
    await state().add([file("a.npz", "2"), file("b.npz", "3")]);
    expect([await held(), added]).toEqual([{ "x.npy": "1", "a.npz": "2", "b.npz": "3" }, ["x.npy"]]);
  });

  test.each([
    ["replace", { "x.npy": "new" }, ["x.npy"]],
    ["keepBoth", { "x.npy": "old", "x-2.npy": "new" }, ["x-2.npy"]],
    ["skip", { "x.npy": "old" }, []],
  ] as const)("a name conflict waits for the user; %s", async (choice, after, told) => {
    await files.getState().write("x.npy", new TextEncoder().encode("old"));
    await state().add([file("x.npy", "new")]);
    expect([state().waiting.map(({ name }) => name), await held()]).toEqual([["x.npy"], { "x.npy": "old" }]);
    await state().settle(choice);
    expect([state().waiting, await held(), added]).toEqual([[], after, told]);
  });

  test("files without a conflict do not wait for the others", async () => {
    await files.getState().write("x.npy", new Uint8Array(1));
    await state().add([file("x.npy", "new"), file("y.npy", "y")]);
    expect([Object.keys(await held()), state().waiting.length, added]).toEqual([["x.npy", "y.npy"], 1, []]);
  });

  test("two names that become the same keep both files", async () => {
    await state().add([file("a?b.npy", "1"), file("a*b.npy", "2")]);
    expect(await held()).toEqual({ "a-b.npy": "1", "a-b-2.npy": "2" });
  });

  test("a file that is too large is rejected before it is read, an unreadable one is reported, and the rest are added", async () => {
    const arrayBuffer = () => Promise.reject(new Error("must not be asked"));
    await state().add([
      { name: "huge.npz", size: maxFileBytes + 1, arrayBuffer },
      { name: "some folder", size: 0, arrayBuffer },
      file("x.npy", "1"),
    ]);
    expect(problems()).toEqual([
      "huge.npz is too large (537 MB). The limit is 537 MB.",
      "some folder could not be read. If it is a folder, open it and drop its files instead.",
    ]);
    expect(await held()).toEqual({ "x.npy": "1" });
    state().dismiss("problems");
    expect(problems()).toEqual([]);
  });

  test("exhausted browser storage is named as the reason", async () => {
    storage.writeFile = () => Promise.reject(new DOMException("", "QuotaExceededError"));
    await state().add([file("x.npy", "1")]);
    expect(problems()).toEqual([
      "Not enough space for x.npy: the browser's storage limit for this page is reached. Delete some files first.",
    ]);
  });
});

describe("deleting", () => {
  test("the last deleted file can be restored, also next to a new file with its name", async () => {
    await state().add([file("x.npy", "1")]);
    await state().remove("x.npy");
    expect([await held(), state().removed?.path]).toEqual([{}, "x.npy"]);
    await state().restore();
    expect([await held(), state().removed]).toEqual([{ "x.npy": "1" }, null]);

    await state().remove("x.npy");
    await state().add([file("x.npy", "2")]);
    await state().restore();
    expect(await held()).toEqual({ "x.npy": "2", "x-2.npy": "1" });
  });

  test("a file that is already gone is a problem, not a deletion", async () => {
    await state().remove("x.npy");
    expect([problems(), state().removed]).toEqual([['File "x.npy": not found in the notebook\'s folder.'], null]);
    expect(await state().read("x.npy")).toBe(null);
  });

  test("another notebook starts without it", async () => {
    await state().add([file("x.npy", "1")]);
    await state().remove("x.npy");
    await state().read("x.npy");
    state().forget();
    expect(state()).toMatchObject({ waiting: [], problems: [], removed: null });
  });
});

test("names are made valid on every system", () => {
  const names = [
    "x.npy",
    "权重 1.npz",
    "a/b:c?.npy",
    "train-images-idx3-ubyte",
    ".hidden",
    "CON.npy",
    "...",
    "a.tar.gz",
  ];
  expect(names.map(plainName)).toEqual([
    "x.npy",
    "权重 1.npz",
    "a-b-c.npy",
    "train-images-idx3-ubyte",
    "hidden",
    "_CON.npy",
    "untitled",
    "a.tar.gz",
  ]);
});

test("a free name keeps the extension that identifies the format", () => {
  const taken = new Set(["x.npy", "x-2.npy", "train-images-idx3-ubyte"]);
  const names = ["y.npy", "x.npy", "train-images-idx3-ubyte"];
  expect(names.map((name) => freeName(name, (path) => taken.has(path)))).toEqual([
    "y.npy",
    "x-3.npy",
    "2-train-images-idx3-ubyte",
  ]);
});

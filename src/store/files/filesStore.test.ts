import { expect, test } from "vitest";
import { createDocumentStore } from "../document/documentStore";
import { memoryStorage } from "../document/notebookStorage";
import { checkPath, createFilesStore } from "./filesStore";

test("a session reads, writes, lists and deletes only in the folder of the open notebook", async () => {
  const documents = createDocumentStore();
  let written = 0;
  const files = createFilesStore(memoryStorage(), documents, () => written++);
  const { answer } = files.getState();
  const bytes = new Uint8Array([1, 2, 3]);
  await answer({ kind: "writeFile", path: "a/x.npy", bytes });
  const list = (await answer({ kind: "listFiles" })) as { path: string; size: number }[];
  expect([list.map(({ path, size }) => [path, size]), written]).toEqual([[["a/x.npy", 3]], 1]);
  expect(await answer({ kind: "readFile", path: "a/x.npy" })).toEqual(bytes);

  documents.getState().open({ title: "other", cells: [] }, { kind: "new" });
  await expect(answer({ kind: "readFile", path: "a/x.npy" })).rejects.toThrow("not found");
  expect(await answer({ kind: "listFiles" })).toEqual([]);
});

test("a deleted file is gone", async () => {
  const files = createFilesStore(memoryStorage(), createDocumentStore());
  await files.getState().write("x", new Uint8Array(1));
  await files.getState().remove("x");
  expect(files.getState().files).toEqual([]);
});

test("only plain names are accepted", () => {
  const bad = ["", "/x", "x/", "../x", "a/../x", "a//b", "a\\b", "a\u0000b", "x".repeat(201)];
  for (const path of bad) expect(() => checkPath(path), path).toThrow("expected a plain name");
  expect(["mlp.params", "a/b.npz", "数据.npy"].map(checkPath)).toEqual(["mlp.params", "a/b.npz", "数据.npy"]);
});

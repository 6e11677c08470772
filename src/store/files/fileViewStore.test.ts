import { beforeEach, expect, test } from "vitest";
import type { FileReport, FileTensorValues, Request } from "../../protocol/protocol";
import { createDocumentStore } from "../document/documentStore";
import { memoryStorage } from "../document/notebookStorage";
import type { SessionPort } from "../session/sessionStore";
import { createFilesStore, type FilesStore } from "./filesStore";
import { createFileViewStore } from "./fileViewStore";

type Asked = Extract<Request, { kind: "inspectFile" | "fileTensor" }>;

let files: FilesStore;
let view: ReturnType<typeof createFileViewStore>;
/** Requests to the session, to be answered by hand. */
let asked: { request: Asked; resolve: (value: unknown) => void; reject: (reason: Error) => void }[];

beforeEach(async () => {
  asked = [];
  files = createFilesStore(memoryStorage(), createDocumentStore());
  const request = (one: Asked) => new Promise((resolve, reject) => asked.push({ request: one, resolve, reject }));
  view = createFileViewStore({ request } as unknown as SessionPort, files);
  await files.getState().write("x.npy", Uint8Array.of(1));
  await files.getState().write("y.npy", Uint8Array.of(2));
});

const state = () => view.getState();
const report = (text: string): FileReport => ({ kind: "text", text, truncated: false });

async function nextAsked(count: number) {
  await expect.poll(() => asked.length).toBe(count);
  return asked[count - 1]!;
}

test("a file is read by the session, and one that cannot be read shows the reason", async () => {
  void state().look("x.npy");
  expect(state().file).toEqual({ path: "x.npy", report: null, error: null });
  const one = await nextAsked(1);
  expect(one.request).toEqual({ kind: "inspectFile", path: "x.npy", bytes: Uint8Array.of(1) });
  one.resolve(report("x"));
  await expect.poll(() => state().file?.report).toEqual(report("x"));
  void state().look("y.npy");
  (await nextAsked(2)).reject(new Error("no such format"));
  await expect.poll(() => state().file).toEqual({ path: "y.npy", report: null, error: "no such format" });
});

test("an answer that arrives after another request, or after closing, is ignored", async () => {
  void state().look("x.npy");
  void state().look("y.npy");
  await nextAsked(2);
  asked[1]!.resolve(report("y"));
  asked[0]!.resolve(report("x"));
  await expect.poll(() => state().file).toEqual({ path: "y.npy", report: report("y"), error: null });
  void state().look("x.npy");
  const late = await nextAsked(3);
  state().close();
  late.resolve(report("x"));
  await Promise.resolve();
  expect(state().file).toBe(null);
});

test("a file that a cell overwrites is read again while its old content stays visible; a deleted one closes", async () => {
  void state().look("x.npy");
  (await nextAsked(1)).resolve(report("old"));
  await expect.poll(() => state().file?.report).toEqual(report("old"));
  void state().show(0);
  const values = { name: "", values: Float64Array.of(1) } as FileTensorValues;
  (await nextAsked(2)).resolve(values);
  await expect.poll(() => state().tensor?.values).toBe(values);

  await files.getState().write("y.npy", Uint8Array.of(3, 4));
  await files.getState().write("x.npy", Uint8Array.of(5, 6));
  const again = await nextAsked(4);
  expect(asked.slice(2).map(({ request }) => [request.kind, request.path, [...request.bytes]])).toEqual([
    ["inspectFile", "x.npy", [5, 6]],
    ["fileTensor", "x.npy", [5, 6]],
  ]);
  expect([state().file?.report, state().tensor?.values]).toEqual([report("old"), values]);
  asked[2]!.resolve(report("new"));
  again.reject(new Error("no tensor 0"));
  await expect.poll(() => state().file?.report).toEqual(report("new"));
  await expect.poll(() => state().tensor).toEqual({ index: 0, values: null, error: "no tensor 0" });

  await files.getState().remove("x.npy");
  expect([state().file, state().tensor]).toEqual([null, null]);
});

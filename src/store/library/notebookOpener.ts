import type { Message } from "../../i18n/texts";
import { DocumentError } from "../../notebook/documentError";
import { parseNotebook } from "../../notebook/file/parseNotebook";
import { decodeLink, encodeLink } from "../../notebook/link/shareLink";
import type { NotebookDocument } from "../../notebook/notebookDocument";
import type { NotebookOutputs } from "../../notebook/notebookOutput";
import { recoverJournal } from "../document/autosave";
import type { DocumentOrigin } from "../document/documentStore";
import type { NotebookStorage } from "../document/notebookStorage";
import type { LibraryDependencies, LibraryState } from "./libraryState";
import { decideOpening, printAddress, readAddress, sameOrigin, type Address, type StoredNotebook } from "./opening";

interface Fetched {
  document: NotebookDocument;
  origin: DocumentOrigin;
  /** The outputs of earlier runs that its file contains. */
  outputs?: NotebookOutputs;
}

const noOutputs: NotebookOutputs = new Map();

/** Returns what an empty notebook is opened with. */
export function emptyNotebook(): Fetched {
  return { document: { title: "", cells: [] }, origin: { kind: "new" } };
}

/** Opens notebooks: the one that an address requests, one stored in this browser, or the start notebook. */
export function createOpener(
  dependencies: LibraryDependencies,
  set: (state: Partial<LibraryState>) => void,
  get: () => LibraryState,
) {
  const { documents, storage, memory, autosave, opened } = dependencies;
  let recovered: string | null = null;
  const recovering = recoverJournal(memory, storage).then(
    (key) => (recovered = key),
    () => null,
  );

  let latest = 0;
  /** Starts a new request to open something. Late results of earlier requests are ignored. */
  function begin(): () => boolean {
    const turn = ++latest;
    return () => turn === latest;
  }

  async function show({ document, origin, outputs = noOutputs }: Fetched, key?: string, wanted = begin()) {
    await autosave.flush();
    if (!wanted()) return;
    documents.getState().open(document, origin, key);
    set({ opened: true, foreign: origin.kind === "link" || origin.kind === "file", problem: null, offer: null });
    opened(outputs);
  }

  /** The first notebook of the gallery, otherwise an empty notebook. */
  async function start(problem: Message | null, wanted: () => boolean) {
    const first = get().gallery.find(({ shelf }) => shelf === "gallery");
    const found = first && (await fetchAddress({ kind: "gallery", name: first.name }, dependencies).catch(() => null));
    const shown = found ?? emptyNotebook();
    await show(shown, await keyOfSame(shown, storage, get().own), wanted);
    if (wanted()) set({ problem });
  }

  async function showOwn(key: string, wanted = begin()) {
    const record = await storage.notebook(key);
    if (!record) return start((texts) => texts.library.gone, wanted);
    await show(record, key, wanted);
    if (!wanted()) return;
    if (recovered === key) recovered = null;
    set({ foreign: false });
  }

  /** Gives a new notebook an address, so that a reload opens it again and not another one. */
  function keepNew() {
    autosave.keep();
    dependencies.replaceAddress(printAddress({ kind: "own", key: documents.getState().key }));
  }

  async function openAddress(fragment: string): Promise<void> {
    const wanted = begin();
    await Promise.all([recovering, autosave.flush()]);
    await get().refresh();
    const address = readAddress(fragment);
    try {
      const found = await fetchAddress(address, dependencies);
      const { own } = get();
      const opening = decideOpening({ address, origin: found?.origin ?? null, kept: own, recovered });
      if (opening.open === "own") await showOwn(opening.key, wanted);
      else if (found) await show(found, await keyOfSame(found, storage, own), wanted);
      else await start(address.kind === "own" ? (texts) => texts.library.gone : null, wanted);
      if (wanted() && address.kind === "new") keepNew();
      if (wanted() && opening.offer?.key !== documents.getState().key) set({ offer: opening.offer });
    } catch (reason) {
      await start(messageOf(reason), wanted);
    }
  }

  return { show, showOwn, openAddress };
}

/** Returns the notebook of an address that names one that is not stored here. */
async function fetchAddress(
  address: Address,
  { fetchNotebook, language }: LibraryDependencies,
): Promise<Fetched | null> {
  if (address.kind === "link") {
    const document = await decodeLink(address.fragment);
    return { document, origin: { kind: "link", digest: await digestOf(document) } };
  }
  if (address.kind === "new") return emptyNotebook();
  if (address.kind !== "gallery") return null;
  const text = await fetchNotebook(address.name, language());
  return { ...parseNotebook(text), origin: { kind: "gallery", name: address.name } };
}

/**
 * Returns the key of an unedited local copy, which was stored for its folder. Reopening it finds those files again, and
 * its content is exactly what was requested.
 */
async function keyOfSame(
  { document, origin }: Fetched,
  storage: NotebookStorage,
  own: readonly StoredNotebook[],
): Promise<string | undefined> {
  for (const { key } of own.filter((kept) => sameOrigin(kept.origin, origin))) {
    const record = await storage.notebook(key);
    if (record && textOf(record.document) === textOf(document)) return key;
  }
  return undefined;
}

/** The parts of a document that a reader reads and runs. The state of its panels does not matter. */
function textOf({ title, cells }: NotebookDocument): string {
  return JSON.stringify([title, ...cells.map(({ type, source }) => [type, source])]);
}

async function digestOf(document: NotebookDocument): Promise<string> {
  const { fragment } = await encodeLink(document);
  return fragment.slice(fragment.lastIndexOf(".") + 1);
}

/** Returns why something could not be opened, in the language in which it will be read. */
export function messageOf(reason: unknown): Message {
  if (reason instanceof DocumentError) {
    const { code, message } = reason;
    // For a link, the problem is explanation enough; for a file, the position helps.
    const isFile = code === "json" || code === "notebook" || code === "tooLarge";
    return (texts) => [texts.library.problems[code], isFile && texts.library.detail(message)].filter(Boolean).join(" ");
  }
  return (texts) =>
    `${texts.library.failed} ${texts.library.detail(reason instanceof Error ? reason.message : String(reason))}`;
}

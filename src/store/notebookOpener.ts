import type { Message } from "../i18n/texts";
import { DocumentError } from "../notebook/documentError";
import { decodeLink, encodeLink } from "../notebook/link";
import type { NotebookDocument } from "../notebook/notebookDocument";
import type { NotebookOutputs } from "../notebook/notebookOutput";
import { parseNotebook } from "../notebook/parseNotebook";
import { recoverJournal } from "./autosave";
import type { Origin } from "./documentStore";
import type { LibraryDependencies, LibraryState } from "./libraryState";
import { decideOpening, readAddress, sameOrigin, type Address, type Kept } from "./opening";
import type { Storage } from "./storage";

interface Fetched {
  document: NotebookDocument;
  origin: Origin;
  /** What its file shows of earlier runs. */
  outputs?: NotebookOutputs;
}

const noOutputs: NotebookOutputs = new Map();

/** Shows notebooks: what an address asks for, what this browser keeps, or where to start. */
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
  /** A new wish to open something. What was wished for before and comes later is not shown any more. */
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

  /** What a link or gallery address holds. */
  async function fetchAddress(address: Address): Promise<Fetched | null> {
    if (address.kind === "link") {
      const document = await decodeLink(address.fragment);
      return { document, origin: { kind: "link", digest: await digestOf(document) } };
    }
    if (address.kind !== "gallery") return null;
    const text = await dependencies.fetchNotebook(address.name, dependencies.language());
    return { ...parseNotebook(text), origin: { kind: "gallery", name: address.name } };
  }

  /** The first of the gallery, else an empty notebook. */
  async function start(problem: Message | null, wanted: () => boolean) {
    const first = get().gallery.find(({ shelf }) => shelf === "gallery");
    const found = first && (await fetchAddress({ kind: "gallery", name: first.name }).catch(() => null));
    const shown = found ?? { document: { title: "", cells: [] }, origin: { kind: "new" } as const };
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

  async function openAddress(fragment: string): Promise<void> {
    const wanted = begin();
    await Promise.all([recovering, autosave.flush()]);
    await get().refresh();
    const address = readAddress(fragment);
    try {
      const found = await fetchAddress(address);
      const { own } = get();
      const opening = decideOpening({ address, origin: found?.origin ?? null, kept: own, recovered });
      if (opening.open === "own") await showOwn(opening.key, wanted);
      else if (found) await show(found, await keyOfSame(found, storage, own), wanted);
      else await start(address.kind === "own" ? (texts) => texts.library.gone : null, wanted);
      if (wanted() && opening.offer?.key !== documents.getState().key) set({ offer: opening.offer });
    } catch (reason) {
      await start(messageOf(reason), wanted);
    }
  }

  return { show, showOwn, openAddress };
}

/**
 * The key of a local copy that nobody edited: it was kept for its folder. Opening it anew finds
 * the files again, and shows nothing else than what was asked for.
 */
async function keyOfSame(
  { document, origin }: Fetched,
  storage: Storage,
  own: readonly Kept[],
): Promise<string | undefined> {
  for (const { key } of own.filter((kept) => sameOrigin(kept.origin, origin))) {
    const record = await storage.notebook(key);
    if (record && textOf(record.document) === textOf(document)) return key;
  }
  return undefined;
}

/** What a reader reads and runs of a document. How its panels stand is no difference. */
function textOf({ title, cells }: NotebookDocument): string {
  return JSON.stringify([title, ...cells.map(({ type, source }) => [type, source])]);
}

async function digestOf(document: NotebookDocument): Promise<string> {
  const { fragment } = await encodeLink(document);
  return fragment.slice(fragment.lastIndexOf(".") + 1);
}

/** Why something could not be opened, in the language it will be read in. */
export function messageOf(reason: unknown): Message {
  if (reason instanceof DocumentError) {
    const { code, message } = reason;
    // What is wrong with a link is all said; of a file the place helps.
    const isFile = code === "json" || code === "notebook" || code === "tooLarge";
    return (texts) => [texts.library.problems[code], isFile && texts.library.detail(message)].filter(Boolean).join(" ");
  }
  return (texts) =>
    `${texts.library.failed} ${texts.library.detail(reason instanceof Error ? reason.message : String(reason))}`;
}

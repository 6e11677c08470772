import { createStore } from "zustand/vanilla";
import type { Language } from "../i18n/language";
import type { Message } from "../i18n/texts";
import { DocumentError } from "../notebook/documentError";
import { decodeLink, encodeLink } from "../notebook/link";
import type { NotebookDocument } from "../notebook/notebookDocument";
import { parseNotebook } from "../notebook/parseNotebook";
import type { Autosave } from "./autosave";
import { recoverJournal } from "./autosave";
import type { DocumentStore, Origin } from "./documentStore";
import { decideOpening, printAddress, readAddress, type Address, type Kept, type Offer } from "./opening";
import type { Memory } from "./settingsStore";
import type { Storage } from "./storage";

/** A notebook of the gallery. */
export interface GalleryEntry {
  name: string;
  title: string;
  description: string;
}

export interface LibraryState {
  gallery: readonly GalleryEntry[];
  /** Notebooks kept in this browser, newest first. */
  own: readonly Kept[];
  /** A local copy that is offered beside what is open. */
  offer: Offer | null;
  /** Why what was asked for could not be opened. */
  problem: Message | null;
  /** The notebook came from someone else and nobody has said yet that its banner was read. */
  foreign: boolean;

  /** Opens what the address in the browser asks for. */
  openAddress(fragment: string): Promise<void>;
  openOwn(key: string): Promise<void>;
  openGallery(name: string): Promise<void>;
  openFile(name: string, text: string): Promise<void>;
  openNew(): Promise<void>;
  removeOwn(key: string): Promise<void>;
  refresh(): Promise<void>;
  refreshGallery(language: Language): Promise<void>;
  dismiss(what: "offer" | "problem" | "foreign"): void;
}

export interface LibraryDependencies {
  documents: DocumentStore;
  storage: Storage;
  memory: Memory;
  autosave: Autosave;
  /** The gallery's list, and one notebook's text, in a language. */
  fetchGallery(language: Language): Promise<GalleryEntry[]>;
  fetchNotebook(name: string, language: Language): Promise<string>;
  language(): Language;
  /** Shows an address in the browser's bar, as a new entry of its history. */
  showAddress(fragment: string): void;
  /** Called after another notebook was opened. */
  opened(): void;
}

/** What can be opened, and the opening of it. Nothing here ever runs a cell. */
export function createLibraryStore(dependencies: LibraryDependencies) {
  const { documents, storage, memory, autosave, opened } = dependencies;
  return createStore<LibraryState>()((set, get) => {
    let recovered: string | null = null;
    const recovering = recoverJournal(memory, storage).then(
      (key) => (recovered = key),
      () => null,
    );

    async function show(document: NotebookDocument, origin: Origin, key?: string) {
      await autosave.flush();
      documents.getState().open(document, origin, key);
      set({ foreign: origin.kind === "link" || origin.kind === "file", problem: null, offer: null });
      opened();
    }

    /** What a link or gallery address holds. */
    async function fetchAddress(address: Address): Promise<{ document: NotebookDocument; origin: Origin } | null> {
      if (address.kind === "link") {
        const document = await decodeLink(address.fragment);
        return { document, origin: { kind: "link", digest: await digestOf(document) } };
      }
      if (address.kind !== "gallery") return null;
      const text = await dependencies.fetchNotebook(address.name, dependencies.language());
      return { document: parseNotebook(text).document, origin: { kind: "gallery", name: address.name } };
    }

    async function start(problem: Message | null, offer: Offer | null) {
      const first = get().gallery[0];
      const found = first && (await fetchAddress({ kind: "gallery", name: first.name }).catch(() => null));
      if (found) await show(found.document, found.origin);
      else await show({ title: "", cells: [] }, { kind: "new" });
      set({ problem, offer });
    }

    async function openAddress(fragment: string): Promise<void> {
      await Promise.all([recovering, get().refresh()]);
      const address = readAddress(fragment);
      try {
        const found = await fetchAddress(address);
        const { own } = get();
        const opening = decideOpening({ address, origin: found?.origin ?? null, kept: own, recovered });
        if (opening.open === "own") await showOwn(opening.key);
        else if (found) await show(found.document, found.origin);
        else await start(address.kind === "own" ? (texts) => texts.library.gone : null, null);
        set({ offer: opening.offer });
      } catch (reason) {
        await start(messageOf(reason), null);
      }
    }

    async function showOwn(key: string) {
      const record = await storage.notebook(key);
      if (!record) return start((texts) => texts.library.gone, null);
      await show(record.document, record.origin, key);
      if (recovered === key) recovered = null;
      set({ foreign: false });
    }

    return {
      gallery: [],
      own: [],
      offer: null,
      problem: null,
      foreign: false,

      openAddress,
      openOwn: async (key) => {
        await showOwn(key);
        dependencies.showAddress(printAddress({ kind: "own", key }));
      },
      openGallery: async (name) => {
        dependencies.showAddress(printAddress({ kind: "gallery", name }));
        await openAddress(printAddress({ kind: "gallery", name }));
      },
      openFile: async (name, text) => {
        try {
          const { document } = parseNotebook(text);
          await show(document, { kind: "file", name });
          autosave.keep();
          dependencies.showAddress(printAddress({ kind: "own", key: documents.getState().key }));
        } catch (reason) {
          set({ problem: messageOf(reason) });
        }
      },
      openNew: async () => {
        await show({ title: "", cells: [] }, { kind: "new" });
        dependencies.showAddress(printAddress({ kind: "own", key: documents.getState().key }));
        autosave.keep();
      },
      removeOwn: async (key) => {
        await storage.removeNotebook(key);
        await get().refresh();
        if (documents.getState().key === key) {
          dependencies.showAddress("");
          await openAddress("");
        }
      },
      refresh: async () => {
        const records = await storage.notebooks().catch(() => []);
        const own = records.map(({ key, document, origin, modified }) => ({
          key,
          title: document.title,
          origin,
          modified,
        }));
        set({ own: own.sort((a, b) => b.modified - a.modified) });
      },
      refreshGallery: async (language) => set({ gallery: await dependencies.fetchGallery(language).catch(() => []) }),
      dismiss: (what) => set(what === "offer" ? { offer: null } : what === "problem" ? { problem: null } : { foreign: false }),
    };
  });
}

async function digestOf(document: NotebookDocument): Promise<string> {
  const { fragment } = await encodeLink(document);
  return fragment.slice(fragment.lastIndexOf(".") + 1);
}

function messageOf(reason: unknown): Message {
  if (reason instanceof DocumentError) {
    return (texts) => `${texts.library.problems[reason.code]} ${texts.library.detail(reason.message)}`;
  }
  return (texts) => `${texts.library.failed} ${texts.library.detail(reason instanceof Error ? reason.message : String(reason))}`;
}

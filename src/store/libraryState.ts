import type { Language } from "../i18n/language";
import type { Message } from "../i18n/texts";
import type { NotebookOutputs } from "../notebook/notebookOutput";
import type { Autosave } from "./autosave";
import type { DocumentStore } from "./documentStore";
import type { Kept, Offer } from "./opening";
import type { Memory } from "./settingsStore";
import type { Storage } from "./storage";

/** The lessons of the chapter, in its order; all other notebooks that ship. */
export type Shelf = "lessons" | "gallery";

/** A notebook that ships. */
export interface GalleryEntry {
  shelf: Shelf;
  name: string;
  title: string;
  description: string;
}

export interface LibraryState {
  /** False until the first notebook is shown: the document is then an empty one that nobody asked for. */
  opened: boolean;
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
  /** Called after another notebook was opened, with what its file shows of earlier runs. */
  opened(outputs: NotebookOutputs): void;
}

import type { Language } from "../../i18n/language";
import type { Message } from "../../i18n/texts";
import type { NotebookOutputs } from "../../notebook/notebookOutput";
import type { Autosave } from "../document/autosave";
import type { DocumentStore } from "../document/documentStore";
import type { NotebookStorage } from "../document/notebookStorage";
import type { Memory } from "../settingsStore";
import type { StoredNotebook, Offer } from "./opening";

/** The lessons, in order, and all other notebooks that ship. */
export type Shelf = "lessons" | "gallery";

/** A notebook that ships. */
export interface GalleryEntry {
  shelf: Shelf;
  name: string;
  title: string;
  description: string;
}

export interface LibraryState {
  /** False until the first notebook is shown: until then, the document is an empty placeholder. */
  opened: boolean;
  gallery: readonly GalleryEntry[];
  /** Notebooks stored in this browser, newest first. */
  own: readonly StoredNotebook[];
  /** A local copy that is offered next to the open notebook. */
  offer: Offer | null;
  /** Why the requested notebook could not be opened. */
  problem: Message | null;
  /** The notebook came from someone else, and its banner has not been dismissed yet. */
  foreign: boolean;

  /** Opens the notebook that the browser's address requests. */
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
  storage: NotebookStorage;
  memory: Memory;
  autosave: Autosave;
  /** Fetches the gallery's list, and the text of one notebook, in a language. */
  fetchGallery(language: Language): Promise<GalleryEntry[]>;
  fetchNotebook(name: string, language: Language): Promise<string>;
  language(): Language;
  /** Shows an address in the browser's address bar as a new history entry. */
  showAddress(fragment: string): void;
  /** Shows an address in place of the current one. */
  replaceAddress(fragment: string): void;
  /** Called after another notebook was opened, with the outputs stored in its file. */
  opened(outputs: NotebookOutputs): void;
}

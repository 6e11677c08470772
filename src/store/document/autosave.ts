import type { NotebookDocument } from "../../notebook/notebookDocument";
import type { Memory } from "../settingsStore";
import type { DocumentStore, DocumentOrigin } from "./documentStore";
import type { NotebookRecord, NotebookStorage } from "./notebookStorage";

const journalKey = "weightroom.journal";
/** Long enough not to write on every key press, short enough to lose nothing important. */
const delayMs = 500;

/** Saves the open notebook after each edit. Edits that a closing page can no longer save go into a journal. */
export interface Autosave {
  /** Saves now if there are unsaved edits. */
  flush(): Promise<void>;
  /** Saves the open notebook even if it was not edited, because its folder is in use. */
  keep(): void;
  /** Writes the last edits synchronously; for `pagehide`. */
  journal(): void;
}

export function createAutosave(
  documents: DocumentStore,
  storage: NotebookStorage,
  memory: Memory,
  saved: () => void,
): Autosave {
  let unsaved = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let writing: Promise<void> = Promise.resolve();

  function record(): NotebookRecord {
    const { key, document, origin } = documents.getState();
    return { key, document, origin, modified: Date.now() };
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    if (!unsaved) return writing;
    unsaved = false;
    const copy = record();
    writing = storage.putNotebook(copy).then(
      () => {
        if (!unsaved) memory.removeItem(journalKey);
        saved();
      },
      () => {
        unsaved = true;
      },
    );
    return writing;
  }

  function later() {
    unsaved = true;
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), delayMs);
  }

  documents.subscribe(({ document, edited }, before) => {
    if (document !== before.document && edited) later();
  });

  return {
    flush,
    keep: later,
    journal: () => {
      if (!unsaved) return;
      try {
        memory.setItem(journalKey, JSON.stringify(record()));
      } catch {
        // Quota exceeded: the notebook is larger than the few megabytes available.
      }
      void flush();
    },
  };
}

/** Moves a journal that is newer than its notebook into the database. Returns its key, or null. */
export async function recoverJournal(memory: Memory, storage: NotebookStorage): Promise<string | null> {
  const journal = readJournal(memory.getItem(journalKey));
  if (!journal) return null;
  const saved = await storage.notebook(journal.key);
  const newer = !saved || saved.modified < journal.modified;
  if (newer) await storage.putNotebook(journal);
  memory.removeItem(journalKey);
  return newer ? journal.key : null;
}

function readJournal(text: string | null): NotebookRecord | null {
  if (text === null) return null;
  try {
    const { key, document, origin, modified } = JSON.parse(text) as {
      key: string;
      document: NotebookDocument;
      origin: DocumentOrigin;
      modified: number;
    };
    return Array.isArray(document.cells) && typeof key === "string" ? { key, document, origin, modified } : null;
  } catch {
    return null;
  }
}

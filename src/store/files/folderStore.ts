import { createStore } from "zustand/vanilla";
import { safeFileName } from "../../base/safeFileName";
import { formatBytes } from "../../i18n/numbers";
import type { Message } from "../../i18n/texts";
import { type FilesStore, maxFileBytes } from "./filesStore";

/** A file to be added; a browser's `File` is one. */
export type Incoming = Pick<File, "name" | "size" | "arrayBuffer">;

export interface FolderState {
  /** Files with a name that is already in use: the user decides what happens to them. */
  waiting: readonly Incoming[];
  /** What could not be done, and why. */
  problems: readonly Message[];
  /** The last deleted file, until it is dismissed. */
  removed: { path: string; bytes: Uint8Array } | null;

  /** Adds files to the folder. Names that are not valid on every system are simplified. */
  add(files: Iterable<Incoming>): Promise<void>;
  /** Applies the user's decision to the waiting files. */
  settle(choice: "replace" | "keepBoth" | "skip"): Promise<void>;
  read(path: string): Promise<Uint8Array | null>;
  remove(path: string): Promise<void>;
  /** Restores the last deleted file under a free name. */
  restore(): Promise<void>;
  dismiss(what: "problems" | "removed"): void;
  /** Resets the state for another notebook with another folder. */
  forget(): void;
}

const nothing = { waiting: [], problems: [], removed: null };

/** The user's actions on the notebook's folder. `added` is called with a file that was added alone. */
export function createFolderStore(files: FilesStore, added: (path: string) => void) {
  return createStore<FolderState>()((set, get) => {
    const report = (problem: Message) => set(({ problems }) => ({ problems: [...problems, problem] }));
    return {
      ...nothing,
      ...createIntake({ files, added, report, set, get }),
      ...createRemoval({ files, report, set, get }),
      read: async (path) => {
        try {
          return await files.getState().read(path);
        } catch (reason) {
          report(storageProblem(path, reason));
          return null;
        }
      },
      dismiss: (what) => set({ [what]: nothing[what] }),
      forget: () => set(nothing),
    };
  });
}

interface Folder {
  files: FilesStore;
  report(problem: Message): void;
  set(state: Partial<FolderState>): void;
  get(): FolderState;
}

function createIntake(folder: Folder & { added: (path: string) => void }): Pick<FolderState, "add" | "settle"> {
  const { files, added, report, set, get } = folder;
  const isTaken = (path: string) => files.getState().files.some((file) => file.path === path);

  /** Returns whether it was stored. */
  async function put(file: Incoming, path: string): Promise<boolean> {
    const bytes = await file.arrayBuffer().catch(() => null);
    if (!bytes) {
      report((texts) => texts.files.unreadable(file.name));
      return false;
    }
    try {
      await files.getState().write(path, new Uint8Array(bytes));
      return true;
    } catch (reason) {
      report(storageProblem(path, reason));
      return false;
    }
  }

  async function putAll(incoming: readonly Incoming[], pathOf: (file: Incoming) => string): Promise<void> {
    const stored: string[] = [];
    for (const file of incoming) {
      const path = pathOf(file);
      if (await put(file, path)) stored.push(path);
    }
    if (stored.length === 1 && get().waiting.length === 0) added(stored[0]!);
  }

  return {
    add: async (incoming) => {
      set({ problems: [] });
      const [large, fitting] = [[...incoming].filter(isTooLarge), [...incoming].filter((file) => !isTooLarge(file))];
      for (const { name, size } of large)
        report((texts, language) =>
          texts.files.tooLarge(name, formatBytes(size, language), formatBytes(maxFileBytes, language)),
        );
      const waiting = fitting.filter(({ name }) => isTaken(plainName(name)));
      set({ waiting: [...get().waiting, ...waiting] });
      // Two names may become the same when simplified, so the second may be in use by now.
      await putAll(
        fitting.filter((file) => !waiting.includes(file)),
        ({ name }) => freeName(plainName(name), isTaken),
      );
    },
    settle: async (choice) => {
      const { waiting } = get();
      set({ waiting: [] });
      if (choice === "skip") return;
      await putAll(waiting, ({ name }) => {
        const path = plainName(name);
        return choice === "replace" ? path : freeName(path, isTaken);
      });
    },
  };
}

function createRemoval({ files, report, set, get }: Folder): Pick<FolderState, "remove" | "restore"> {
  return {
    remove: async (path) => {
      set({ problems: [] });
      try {
        const bytes = await files.getState().read(path);
        await files.getState().remove(path);
        set({ removed: { path, bytes } });
      } catch (reason) {
        report(storageProblem(path, reason));
      }
    },
    restore: async () => {
      const { removed } = get();
      if (!removed) return;
      const isTaken = (path: string) => files.getState().files.some((file) => file.path === path);
      try {
        await files.getState().write(freeName(removed.path, isTaken), removed.bytes);
        set({ removed: null });
      } catch (reason) {
        report(storageProblem(removed.path, reason));
      }
    },
  };
}

function isTooLarge({ size }: Incoming): boolean {
  return size > maxFileBytes;
}

function storageProblem(path: string, reason: unknown): Message {
  if (reason instanceof DOMException && reason.name === "QuotaExceededError") return (texts) => texts.files.full(path);
  return () => (reason instanceof Error ? reason.message : String(reason));
}

/** Returns a name that cells can use and any system can store: no folders, no characters that some systems reject. */
export function plainName(name: string): string {
  const point = name.lastIndexOf(".");
  return point > 0
    ? safeFileName(name.slice(0, point), safeFileName(`x${name.slice(point)}`).slice(1))
    : safeFileName(name);
}

/** Returns `x.npy`, otherwise `x-2.npy`, `x-3.npy`, ...: the extension is kept, because it identifies the format. */
export function freeName(path: string, isTaken: (path: string) => boolean): string {
  const point = path.lastIndexOf(".");
  const numbered = (number: number) =>
    // A name without a dot may end in the format's name: train-images-idx3-ubyte.
    point > 0 ? `${path.slice(0, point)}-${number}${path.slice(point)}` : `${number}-${path}`;
  let name = path;
  for (let number = 2; isTaken(name); number++) name = numbered(number);
  return name;
}

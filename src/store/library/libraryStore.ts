import { createStore } from "zustand/vanilla";
import { parseNotebook } from "../../notebook/file/parseNotebook";
import type { LibraryDependencies, LibraryState } from "./libraryState";
import { createOpener, emptyNotebook, messageOf } from "./notebookOpener";
import { printAddress } from "./opening";

/** The list of notebooks that can be opened, and the actions that open them. Nothing here ever runs a cell. */
export function createLibraryStore(dependencies: LibraryDependencies) {
  const { documents, storage, autosave, fetchGallery, showAddress } = dependencies;
  return createStore<LibraryState>()((set, get) => {
    const { show, showOwn, openAddress } = createOpener(dependencies, set, get);
    const showKey = () => showAddress(printAddress({ kind: "own", key: documents.getState().key }));
    return {
      opened: false,
      gallery: [],
      own: [],
      offer: null,
      problem: null,
      foreign: false,

      openAddress,
      openOwn: async (key) => {
        await showOwn(key);
        showAddress(printAddress({ kind: "own", key }));
      },
      openGallery: async (name) => {
        showAddress(printAddress({ kind: "gallery", name }));
        await openAddress(printAddress({ kind: "gallery", name }));
      },
      openFile: async (name, text) => {
        try {
          await show({ ...parseNotebook(text), origin: { kind: "file", name } });
          autosave.keep();
          showKey();
        } catch (reason) {
          set({ problem: messageOf(reason) });
        }
      },
      openNew: async () => {
        await show(emptyNotebook());
        showKey();
        autosave.keep();
      },
      removeOwn: async (key) => {
        await storage.removeNotebook(key);
        await get().refresh();
        if (documents.getState().key !== key) return;
        showAddress("");
        await openAddress("");
      },
      refresh: async () => {
        const records = await storage.notebooks().catch(() => []);
        const own = records.map(({ document, ...kept }) => ({ ...kept, title: document.title }));
        set({ own: own.sort((a, b) => b.modified - a.modified) });
      },
      refreshGallery: async (language) => set({ gallery: await fetchGallery(language).catch(() => []) }),
      dismiss: (what) => set({ [what]: what === "foreign" ? false : null }),
    };
  });
}

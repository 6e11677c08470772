/**
 * The page's stores, created once and connected: the only file that knows all of them. Components read them with
 * `useStore(documentStore, selector)`.
 */
import { SessionClient } from "../client/client";
import type { TrainingAction } from "../protocol/protocol";
import { createAutosave } from "./document/autosave";
import { createDocumentStore } from "./document/documentStore";
import { openStorage } from "./document/notebookStorage";
import { createTabsStore, openTabChannel } from "./document/tabsStore";
import { createFilesStore } from "./files/filesStore";
import { createFileViewStore } from "./files/fileViewStore";
import { createFolderStore } from "./files/folderStore";
import { createFocusStore } from "./focusStore";
import { fetchGallery, fetchNotebook } from "./library/gallery";
import { createLibraryStore } from "./library/libraryStore";
import { restoredRuns } from "./runs/restoredRuns";
import { createRunStore } from "./runs/runStore";
import { createDeviceRefresher, createRefresher, createSessionStore } from "./session/sessionStore";
import { createWeightsStore } from "./session/weightsStore";
import { createSettingsStore, type DeviceChoice, openMemory } from "./settingsStore";

const memory = openMemory();
const storage = openStorage();

export const settingsStore = createSettingsStore(memory, navigator.languages);
export const documentStore = createDocumentStore();
export const focusStore = createFocusStore();
export const sessionStore = createSessionStore();

const useCpu = { kind: "useDevice", device: "CPU:0" } as const;

export const session = new SessionClient({
  onStatus: (status) => {
    if (status.state === "off") return;
    if (status.state !== "ready") {
      sessionStore.setState({ status: status.state, models: [], classes: [] });
      if (status.state === "starting" && status.reason) runStore.getState().loseAll();
      return;
    }
    const { gpu, devices, catalogue } = status.ready;
    sessionStore.setState(({ revision }) => ({ status: "ready", gpu, devices, catalogue, revision: revision + 1 }));
  },
  onEvent: (event) => runStore.getState().receive(event),
  firstRequest: () => (settingsStore.getState().device === "cpu" ? useCpu : undefined),
  onHostRequest: (request) => filesStore.getState().answer(request),
});

/** Sets the default device from now on. Existing values stay on their device, so the session is restarted. */
export async function selectDevice(choice: DeviceChoice): Promise<void> {
  settingsStore.getState().setDevice(choice);
  const isUnused = Object.keys(runStore.getState().runs).length === 0;
  // If the session ends meanwhile, its successor does this itself.
  if (choice === "cpu" && isUnused) await session.request(useCpu).catch(() => undefined);
  else await runStore.getState().restart();
}

/** Reloads models and devices. */
export const refreshSession = createRefresher(session, sessionStore);

/** Reads only device information, which is cheap enough for a view that updates during a run. */
export const refreshDevices = createDeviceRefresher(session, sessionStore);

export const runStore = createRunStore(session, documentStore, () => void refreshSession());

/** Pauses, resumes or ends a run of `fit`. The result is visible in its progress. */
export function steerTraining(training: number, action: TrainingAction): void {
  // A session that has ended has nothing to control.
  session.request({ kind: "training", training, action }).catch(() => undefined);
}

/** Outputs that show this model's weights are stale now. */
export function weightsChanged(model: string): void {
  runStore.getState().touch(model);
  void refreshSession();
}

export const weightsStore = createWeightsStore(session, weightsChanged);

export const tabsStore = createTabsStore(documentStore, openTabChannel());
export const autosave = createAutosave(documentStore, storage, memory, () => {
  tabsStore.getState().saved();
  void libraryStore.getState().refresh();
});
export const filesStore = createFilesStore(storage, documentStore, () => autosave.keep());
export const fileViewStore = createFileViewStore(session, filesStore);
export const folderStore = createFolderStore(filesStore, (path) => void fileViewStore.getState().look(path));

export const libraryStore = createLibraryStore({
  documents: documentStore,
  storage,
  memory,
  autosave,
  fetchGallery,
  fetchNotebook,
  language: () => settingsStore.getState().language,
  showAddress: (fragment) => history.pushState(null, "", fragment || location.pathname + location.search),
  replaceAddress: (fragment) => history.replaceState(null, "", fragment),
  opened: (outputs) => {
    const used = Object.values(runStore.getState().runs).some(({ run }) => run > 0);
    runStore.getState().replace(restoredRuns(documentStore.getState().document, outputs));
    focusStore.setState({ cell: null, editing: null, cursorTarget: null });
    tabsStore.getState().opened();
    weightsStore.getState().close();
    fileViewStore.getState().close();
    folderStore.getState().forget();
    void filesStore.getState().refresh();
    // Another notebook starts with nothing in scope.
    if (used) void runStore.getState().restart();
  },
});

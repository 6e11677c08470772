/**
 * The page's stores, created once and connected: the only file that knows all of them. Components read them with
 * `useStore(documentStore, selector)`.
 */
import { SessionClient } from "../session/client";
import type { TrainingAction } from "../session/protocol";
import { createAutosave } from "./autosave";
import { createDocumentStore } from "./documentStore";
import { createFilesStore } from "./filesStore";
import { createFileViewStore } from "./fileViewStore";
import { createFocusStore } from "./focusStore";
import { createFolderStore } from "./folderStore";
import { fetchGallery, fetchNotebook } from "./gallery";
import { createLibraryStore } from "./libraryStore";
import { restoredRuns } from "./restoredRuns";
import { createRunStore } from "./runStore";
import { createDeviceRefresher, createRefresher, createSessionStore } from "./sessionStore";
import { createSettingsStore, type DeviceChoice, openMemory } from "./settingsStore";
import { openStorage } from "./notebookStorage";
import { createTabsStore, openTabChannel } from "./tabsStore";
import { createWeightsStore } from "./weightsStore";

const memory = openMemory();
const storage = openStorage();

export const settingsStore = createSettingsStore(memory, navigator.languages);
export const documentStore = createDocumentStore();
export const focusStore = createFocusStore();
export const sessionStore = createSessionStore();

export const session = new SessionClient({
  onStatus: (status) => {
    if (status.state === "off") return;
    if (status.state !== "ready") {
      sessionStore.setState({ status: status.state, models: [], classes: [] });
      if (status.state === "starting" && status.reason) runStore.getState().loseAll();
      return;
    }
    const { gpu, devices, catalogue } = status.ready;
    // Before any cell, whose run uses the same port.
    if (settingsStore.getState().device === "cpu") void computeOn("CPU:0");
    sessionStore.setState(({ revision }) => ({ status: "ready", gpu, devices, catalogue, revision: revision + 1 }));
  },
  onEvent: (event) => {
    if (event.kind === "changed") void refreshSession();
    else runStore.getState().receive(event);
  },
  onHostRequest: (request) => filesStore.getState().answer(request),
});

/** Selects the default device of this session. If it has ended, its successor does this itself. */
function computeOn(device: string): Promise<unknown> {
  return session.request({ kind: "useDevice", device }).catch(() => undefined);
}

/** Sets the default device from now on. Existing values stay on their device, so the session is restarted. */
export async function selectDevice(choice: DeviceChoice): Promise<void> {
  settingsStore.getState().setDevice(choice);
  if (choice === "cpu" && Object.keys(runStore.getState().runs).length === 0) await computeOn("CPU:0");
  else await runStore.getState().restart();
}

/** Reloads models and devices. */
export const refreshSession = createRefresher(session, sessionStore);

/** Reads device information: cheap, for a view that follows it. */
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

/**
 * The page's stores, made once and joined: the only file that knows them all.
 * Components read them with `useStore(documentStore, selector)`.
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
import { recalledRuns } from "./recalledRuns";
import { createRunStore } from "./runStore";
import { createDeviceRefresher, createRefresher, createSessionStore } from "./sessionStore";
import { createSettingsStore, type DeviceChoice, openMemory } from "./settingsStore";
import { openStorage } from "./storage";
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
    // Before any cell, whose run comes through the same port.
    if (settingsStore.getState().device === "cpu") void computeOn("CPU:0");
    sessionStore.setState(({ revision }) => ({ status: "ready", gpu, devices, catalogue, revision: revision + 1 }));
  },
  onEvent: (event) => {
    if (event.kind === "changed") void refreshSession();
    else runStore.getState().receive(event);
  },
  onHostRequest: (request) => filesStore.getState().answer(request),
});

/** Which device computes by default in this session. One that ended has a successor, which asks itself. */
function computeOn(device: string): Promise<unknown> {
  return session.request({ kind: "useDevice", device }).catch(() => undefined);
}

/** Chooses what computes by default, from now on. What cells have made stays on its device, so they begin anew. */
export async function chooseDevice(choice: DeviceChoice): Promise<void> {
  settingsStore.getState().setDevice(choice);
  if (choice === "cpu" && Object.keys(runStore.getState().runs).length === 0) await computeOn("CPU:0");
  else await runStore.getState().restart();
}

/** Reads models and devices anew. */
export const refreshSession = createRefresher(session, sessionStore);

/** Reads what devices hold: cheap, for a view that follows them. */
export const refreshDevices = createDeviceRefresher(session, sessionStore);

export const runStore = createRunStore(session, documentStore, () => void refreshSession());

/** Pauses a run of `fit`, lets it go on, or ends it. What comes of it shows in its progress. */
export function steerTraining(training: number, action: TrainingAction): void {
  // A session that ended meanwhile has nothing to steer.
  session.request({ kind: "training", training, action }).catch(() => undefined);
}

/** What cells show of this model's weights is old now. */
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
    runStore.getState().replace(recalledRuns(documentStore.getState().document, outputs));
    focusStore.setState({ cell: null, editing: null, place: null });
    tabsStore.getState().opened();
    weightsStore.getState().close();
    fileViewStore.getState().close();
    folderStore.getState().forget();
    void filesStore.getState().refresh();
    // Another notebook begins with nothing in scope.
    if (used) void runStore.getState().restart();
  },
});

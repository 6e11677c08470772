/** The interface for `npm run notebook`: it uses the same stores as the page's own controls. */
import { printNotebook } from "../notebook/file/printNotebook";
import type { DeviceDescription, GpuState } from "../protocol/protocol";
import { notebookOutputs } from "./runs/notebookOutputs";
import { documentStore, libraryStore, runStore, sessionStore } from "./stores";

export interface Automation {
  /** Resolves to the default device once the session answers. */
  ready(): Promise<{ gpu: GpuState | null; devices: DeviceDescription[] }>;
  /** Opens the text of an `.ipynb`, like Open file. */
  open(name: string, text: string): Promise<void>;
  /** Runs all cells, like Run all. Resolves to the failed cells, the first of which ended the run. */
  runAll(): Promise<{ cell: string; status: string }[]>;
  /** Returns the open notebook with its outputs as `.ipynb`. */
  print(): string;
}

function sessionReady(): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = ({ status }: { status: string }) => {
      if (status === "ready") resolve();
      if (status === "failed") reject(new Error("The session did not start."));
    };
    look(sessionStore.getState());
    sessionStore.subscribe(look);
  });
}

function runsSettled(): Promise<void> {
  return new Promise((resolve) => {
    const look = ({ queue, running }: { queue: readonly string[]; running: string | null }) => {
      if (queue.length === 0 && running === null) resolve();
    };
    runStore.subscribe(look);
    look(runStore.getState());
  });
}

export const automation: Automation = {
  async ready() {
    await sessionReady();
    const { gpu, devices } = sessionStore.getState();
    return { gpu, devices };
  },
  async open(name, text) {
    await libraryStore.getState().openFile(name, text);
    const { problem } = libraryStore.getState();
    if (problem) throw new Error(`${name} could not be opened: ${JSON.stringify(problem)}`);
    await sessionReady();
  },
  async runAll() {
    runStore.getState().runAll();
    await runsSettled();
    const { runs } = runStore.getState();
    return Object.entries(runs)
      .filter(([, { status }]) => status !== "ok")
      .map(([cell, { status }]) => ({ cell, status }));
  },
  print() {
    return printNotebook(documentStore.getState().document, notebookOutputs(runStore.getState().runs));
  },
};

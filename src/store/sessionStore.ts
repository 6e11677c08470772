import { subscribeWithSelector } from "zustand/middleware";
import { createStore } from "zustand/vanilla";
import type { SessionClient } from "../session/client";
import type { Catalogue, ClassDescription, DeviceDescription, GpuState, ModelDescription } from "../session/protocol";

/** What the stores need of a session. */
export type SessionPort = Pick<SessionClient, "request" | "stop" | "restart">;

export type SessionStatus = "starting" | "ready" | "failed";

export interface SessionState {
  status: SessionStatus;
  /** Why there is or is not a GPU; null until the session has said. */
  gpu: GpuState | null;
  devices: DeviceDescription[];
  /** Every kind that is built in; null until the session is ready. */
  catalogue: Catalogue | null;
  /** Models in scope, in the order they were declared. */
  models: ModelDescription[];
  /** Classes of blocks in scope. */
  classes: ClassDescription[];
  /** Counts up whenever weights, models or devices may have changed: what is shown of them is read anew. */
  revision: number;
}

export function createSessionStore() {
  return createStore<SessionState>()(
    subscribeWithSelector((): SessionState => ({
      status: "starting",
      gpu: null,
      devices: [],
      catalogue: null,
      models: [],
      classes: [],
      revision: 0,
    })),
  );
}

export type SessionStore = ReturnType<typeof createSessionStore>;

/** Reads what devices hold, and nothing else: often enough to follow a running cell. */
export function createDeviceRefresher(session: SessionPort, store: SessionStore) {
  let asked = false;
  return async function refreshDevices(): Promise<void> {
    if (asked || store.getState().status !== "ready") return;
    asked = true;
    try {
      store.setState({ devices: await session.request({ kind: "deviceInfo" }) });
    } catch {
      // The session ended meanwhile; its successor sends what there is to show.
    } finally {
      asked = false;
    }
  };
}

/** Keeps models and devices up to date; several changes in a row ask once. */
export function createRefresher(session: SessionPort, store: SessionStore) {
  let asked = false;
  let again = false;
  async function refresh(): Promise<void> {
    if (asked) {
      again = true;
      return;
    }
    asked = true;
    try {
      const [models, classes, devices] = await Promise.all([
        session.request({ kind: "models" }),
        session.request({ kind: "classes" }),
        session.request({ kind: "deviceInfo" }),
      ]);
      store.setState(({ revision }) => ({ models, classes, devices, revision: revision + 1 }));
    } catch {
      // The session ended meanwhile; its successor sends what there is to show.
    } finally {
      asked = false;
    }
    if (again) {
      again = false;
      await refresh();
    }
  }
  return refresh;
}

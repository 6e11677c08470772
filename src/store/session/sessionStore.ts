import { subscribeWithSelector } from "zustand/middleware";
import { createStore } from "zustand/vanilla";
import type { SessionClient } from "../../client/client";
import type {
  Catalogue,
  ClassDescription,
  DeviceDescription,
  GpuState,
  ModelDescription,
} from "../../protocol/protocol";

/** The part of a session that the stores need. */
export type SessionPort = Pick<SessionClient, "request" | "stop" | "restart">;

export type SessionPhase = "starting" | "ready" | "failed";

export interface SessionState {
  status: SessionPhase;
  /** Why there is or is not a GPU; null until the session has reported it. */
  gpu: GpuState | null;
  devices: DeviceDescription[];
  /** All built-in kinds; null until the session is ready. */
  catalogue: Catalogue | null;
  /** Models in scope, in declaration order. */
  models: ModelDescription[];
  /** Block classes in scope. */
  classes: ClassDescription[];
  /** Increases whenever weights, models or devices may have changed, so that views read them again. */
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

/** Reads only device information, often enough to follow a running cell. */
export function createDeviceRefresher(session: SessionPort, store: SessionStore) {
  let asked = false;
  return async function refreshDevices(): Promise<void> {
    if (asked || store.getState().status !== "ready") return;
    asked = true;
    try {
      store.setState({ devices: await session.request({ kind: "deviceInfo" }) });
    } catch {
      // The session ended in the meantime; its successor sends the current state.
    } finally {
      asked = false;
    }
  };
}

/** Keeps models and devices up to date; several changes in a row cause one request. */
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
      // The session ended in the meantime; its successor sends the current state.
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

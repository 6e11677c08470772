import { createStore } from "zustand/vanilla";
import type { DocumentStore } from "./documentStore";

/** Messages between tabs of this browser about their open notebooks, by key. */
export interface TabMessage {
  /** `asks` and `here` discover each other; `saved` wrote the notebook; `leaves` no longer has it open. */
  kind: "asks" | "here" | "saved" | "leaves";
  key: string;
}

/** The channel to all other tabs. */
export interface TabChannel {
  post(message: TabMessage): void;
  subscribe(hear: (message: TabMessage) => void): void;
}

export interface TabsState {
  /** Another tab has this notebook open. */
  shared: boolean;
  /** Another tab has saved it since it was opened here. */
  changed: boolean;
  /** Called when a notebook was opened here. */
  opened(): void;
  /** Called when it was saved here. */
  saved(): void;
  /** Called when the page is left. */
  leave(): void;
}

/**
 * Tracks whether the open notebook is also open in other tabs: each saves all of it and overwrites what another saved.
 */
export function createTabsStore(documents: DocumentStore, channel: TabChannel) {
  const store = createStore<TabsState>()((set) => {
    let key: string | null = null;
    const tell = (kind: TabMessage["kind"], about = key) => about !== null && channel.post({ kind, key: about });
    /** From here on, this tab answers for another notebook. */
    const turnTo = (next: string | null) => {
      const before = key;
      key = next;
      if (next === before) return;
      set({ shared: false });
      tell("leaves", before);
    };
    channel.subscribe((message) => {
      if (message.key !== key) return;
      set({ shared: message.kind !== "leaves", ...(message.kind === "saved" && { changed: true }) });
      if (message.kind === "asks") tell("here");
      // A third tab may still have it open.
      if (message.kind === "leaves") tell("asks");
    });
    return {
      shared: false,
      changed: false,
      opened: () => {
        turnTo(documents.getState().key);
        set({ changed: false });
        tell("asks");
      },
      saved: () => void tell("saved"),
      leave: () => turnTo(null),
    };
  });
  return store;
}

/** The browser's channel, or one without listeners. */
export function openTabChannel(): TabChannel {
  if (typeof BroadcastChannel === "undefined") return { post: () => undefined, subscribe: () => undefined };
  const channel = new BroadcastChannel("weightroom.tabs");
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no other origins
    post: (message) => channel.postMessage(message),
    subscribe: (hear) => channel.addEventListener("message", ({ data }: MessageEvent<TabMessage>) => hear(data)),
  };
}

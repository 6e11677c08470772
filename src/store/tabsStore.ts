import { createStore } from "zustand/vanilla";
import type { DocumentStore } from "./documentStore";

/** What tabs of this browser tell each other of the notebook that they have open, by its key. */
export interface TabMessage {
  /** `asks` and `here` find each other; `saved` wrote the notebook; `leaves` has it open no more. */
  kind: "asks" | "here" | "saved" | "leaves";
  key: string;
}

/** The way to all other tabs. */
export interface TabChannel {
  tell(message: TabMessage): void;
  listen(hear: (message: TabMessage) => void): void;
}

export interface TabsState {
  /** Another tab has this notebook open. */
  shared: boolean;
  /** Another tab has written it since it was opened here. */
  changed: boolean;
  /** Called when a notebook was opened here. */
  opened(): void;
  /** Called when it was saved from here. */
  saved(): void;
  /** Called when the page is left. */
  leave(): void;
}

/** Knows whether the open notebook is open in other tabs too: each saves all of it, over what another saved. */
export function createTabsStore(documents: DocumentStore, channel: TabChannel) {
  const store = createStore<TabsState>()((set) => {
    let key: string | null = null;
    const tell = (kind: TabMessage["kind"], about = key) => about !== null && channel.tell({ kind, key: about });
    /** From here on this tab answers for another notebook. */
    const turnTo = (next: string | null) => {
      const before = key;
      key = next;
      if (next === before) return;
      set({ shared: false });
      tell("leaves", before);
    };
    channel.listen((message) => {
      if (message.key !== key) return;
      set({ shared: message.kind !== "leaves", ...(message.kind === "saved" && { changed: true }) });
      if (message.kind === "asks") tell("here");
      // A third tab may have it open still.
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

/** The browser's channel, or one that reaches nobody. */
export function openTabChannel(): TabChannel {
  if (typeof BroadcastChannel === "undefined") return { tell: () => undefined, listen: () => undefined };
  const channel = new BroadcastChannel("weightroom.tabs");
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no other origins
    tell: (message) => channel.postMessage(message),
    listen: (hear) => channel.addEventListener("message", ({ data }: MessageEvent<TabMessage>) => hear(data)),
  };
}

import { createStore } from "zustand/vanilla";
import type { DispatchCheck, PartTime, PlanDescription, Request } from "../../protocol/protocol";
import type { SessionPort } from "./sessionStore";

/** A dispatch by its plan's number and its index in a step. */
export interface DispatchReference {
  plan: number;
  dispatch: number;
}

/** The plans shown, and the dispatch among them that is open. */
export interface PlanViewState {
  /** Null until the session has answered. */
  plans: readonly PlanDescription[] | null;
  /** Why the plans could not be loaded. */
  error: string | null;
  opened: DispatchReference | null;
  /** The generated code of the open dispatch. */
  text: string | null;
  time: PartTime | null;
  check: DispatchCheck | null;
  busy: "text" | "time" | "check" | null;
  /** Why the last request for the open dispatch failed. */
  failed: string | null;

  /** Reloads the plans; a dispatch stays open if it still exists. */
  show(of: Extract<Request, { kind: "plans" }>["of"]): Promise<void>;
  /** Opens a dispatch, or closes the open one. */
  open(place: DispatchReference | null): Promise<void>;
  measure(): Promise<void>;
  compare(): Promise<void>;
}

const nothing = { text: null, time: null, check: null, busy: null, failed: null };

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}

export function createPlanViewStore(session: Pick<SessionPort, "request">) {
  /** Answers that arrive after another request are dropped. */
  let asked = 0;
  let opens = 0;
  let shown = "";
  return createStore<PlanViewState>()((set, get) => {
    async function ask<Kind extends "dispatchText" | "timeDispatch" | "checkDispatch", Answer>(
      busy: NonNullable<PlanViewState["busy"]>,
      kind: Kind,
      request: (place: { kind: Kind } & DispatchReference) => Promise<Answer>,
      take: (answer: Answer) => Partial<PlanViewState>,
    ): Promise<void> {
      const { opened, busy: doing } = get();
      if (!opened || doing) return;
      const own = opens;
      set({ busy, failed: null });
      let change: Partial<PlanViewState>;
      try {
        change = take(await request({ kind, ...opened }));
      } catch (reason) {
        change = { failed: messageOf(reason) };
      }
      if (own === opens) set({ busy: null, ...change });
    }

    return {
      plans: null,
      error: null,
      opened: null,
      ...nothing,

      show: async (of) => {
        const own = ++asked;
        const subject = JSON.stringify(of);
        if (subject !== shown) {
          opens++;
          set({ plans: null, error: null, opened: null, ...nothing });
        }
        shown = subject;
        let change: Pick<PlanViewState, "plans" | "error">;
        try {
          change = { plans: await session.request({ kind: "plans", of }), error: null };
        } catch (reason) {
          change = { plans: null, error: messageOf(reason) };
        }
        if (own !== asked) return;
        const { opened } = get();
        const isThere = opened && change.plans?.some(({ id, live }) => id === opened.plan && live);
        if (opened && !isThere) opens++;
        set({ ...change, ...(!isThere && { opened: null, ...nothing }) });
      },

      open: async (place) => {
        opens++;
        set({ opened: place, ...nothing });
        await ask(
          "text",
          "dispatchText",
          (request) => session.request(request),
          (text) => ({ text }),
        );
      },

      measure: () =>
        ask(
          "time",
          "timeDispatch",
          (request) => session.request(request),
          (time) => ({ time }),
        ),
      compare: () =>
        ask(
          "check",
          "checkDispatch",
          (request) => session.request(request),
          (check) => ({ check }),
        ),
    };
  });
}

export type PlanViewStore = ReturnType<typeof createPlanViewStore>;

import { createStore } from "zustand/vanilla";
import type { WeightValues } from "../../protocol/protocol";
import type { SessionPort, SessionStore } from "./sessionStore";

/** A weight of a model in scope. */
export interface WeightPlace {
  model: string;
  path: string;
}

export type WeightView = "table" | "heatmap" | "histogram";

export interface InspectorState {
  /** The weight that is shown. */
  weight: WeightPlace | null;
  values: WeightValues | null;
  loading: boolean;
  /** Why the weight could not be read or written, as worded by the session. */
  error: string | null;
  view: WeightView;
  /** The element that is selected in table and heatmap. */
  index: readonly number[] | null;

  show(weight: WeightPlace | null): void;
  setView(view: WeightView): void;
  setIndex(index: readonly number[] | null): void;
  /** Writes one element. */
  setValue(index: readonly number[], value: number): Promise<void>;
}

/**
 * Reads the selected weight, and reads it again whenever the session's values may have changed. `changed` is called
 * with the model whose weight was written.
 */
export function createInspectorStore(session: SessionPort, sessions: SessionStore, changed: (model: string) => void) {
  /** Answers that arrive after another request are dropped. */
  let asked = 0;
  const store = createStore<InspectorState>()((set, get) => {
    async function ask(request: () => Promise<WeightValues>): Promise<boolean> {
      const own = ++asked;
      set({ loading: true, error: null });
      try {
        const values = await request();
        if (own === asked) set({ values, loading: false });
        return true;
      } catch (reason) {
        const error = reason instanceof Error ? reason.message : String(reason);
        if (own === asked) set({ error, loading: false });
        return false;
      }
    }

    return {
      weight: null,
      values: null,
      loading: false,
      error: null,
      view: "heatmap",
      index: null,

      show: (weight) => {
        if (!sameWeight(weight, get().weight)) set({ weight, values: null, index: null, error: null });
        if (weight) return void ask(() => session.request({ kind: "weight", ...weight }));
        asked++;
        set({ loading: false });
      },
      setView: (view) => set({ view }),
      setIndex: (index) => set({ index }),

      setValue: async (index, value) => {
        const { weight } = get();
        if (!weight) return;
        const request = { kind: "setWeight" as const, ...weight, index: [...index], value };
        if (await ask(() => session.request(request))) changed(weight.model);
      },
    };
  });

  sessions.subscribe(({ revision }, before) => {
    const { weight, show } = store.getState();
    if (revision === before.revision || !weight) return;
    if (hasWeight(sessions, weight)) return show(weight);
    // Its model was recreated: once it is built again, the same weight is shown.
    asked++;
    store.setState({ values: null, loading: false, error: null });
  });
  return store;
}

export type InspectorStore = ReturnType<typeof createInspectorStore>;

export function sameWeight(a: WeightPlace | null, b: WeightPlace | null): boolean {
  return a?.model === b?.model && a?.path === b?.path;
}

function hasWeight(sessions: SessionStore, { model, path }: WeightPlace): boolean {
  const root = sessions.getState().models.find(({ variable }) => variable === model)?.root;
  const blocks = root ? [root] : [];
  for (const block of blocks) {
    if (block.weights.some((weight) => weight.path === path)) return true;
    blocks.push(...block.children);
  }
  return false;
}

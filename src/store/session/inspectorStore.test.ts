import { describe, expect, it } from "vitest";
import type { BlockDescription, Request, WeightDescription, WeightValues } from "../../protocol/protocol";
import { createInspectorStore } from "./inspectorStore";
import { createSessionStore, type SessionPort } from "./sessionStore";

const weight = (path: string): WeightDescription => ({
  path,
  name: path,
  shape: [1],
  dtype: "float32",
  device: "CPU:0",
  trainable: true,
  state: false,
  aliases: [],
});
const statistics = { size: 1, min: 0, max: 0, mean: 0, std: 0, zeros: 1, nan: 0, infinite: 0, histogram: [1] };
const answer = (path: string, value = 0): WeightValues => ({
  weight: weight(path),
  values: Float32Array.of(value),
  statistics,
  initializer: null,
  edited: false,
});

function setUp() {
  const asked: { request: Request; resolve: (values: WeightValues) => void; reject: (reason: Error) => void }[] = [];
  const request = (sent: Request) =>
    new Promise<WeightValues>((resolve, reject) => asked.push({ request: sent, resolve, reject }));
  const port = { request } as unknown as SessionPort;
  const sessions = createSessionStore();
  let changes = 0;
  const store = createInspectorStore(port, sessions, () => changes++);
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  return { asked, sessions, store, settle, changes: () => changes };
}

function model(...paths: string[]): BlockDescription {
  const shapes = { inputShape: null, outputShape: null, madeBy: null };
  const child = {
    kind: "dense",
    path: "0",
    name: "0",
    fields: {},
    built: true,
    count: 1,
    trainable: true,
    ...shapes,
  };
  return { ...child, path: "", weights: [], children: [{ ...child, weights: paths.map(weight), children: [] }] };
}

describe("the inspector's weight", () => {
  it("is read when it is shown", async () => {
    const { asked, store, settle } = setUp();
    store.getState().show({ model: "net", path: "0/kernel" });
    expect([store.getState().loading, asked[0]!.request]).toEqual([
      true,
      { kind: "weight", model: "net", path: "0/kernel" },
    ]);
    asked[0]!.resolve(answer("0/kernel", 3));
    await settle();
    expect(store.getState()).toMatchObject({ loading: false, error: null, values: answer("0/kernel", 3) });
  });

  it("drops an answer that arrives after another weight was selected", async () => {
    const { asked, store, settle } = setUp();
    store.getState().show({ model: "net", path: "a" });
    store.getState().show({ model: "net", path: "b" });
    asked[1]!.resolve(answer("b"));
    asked[0]!.resolve(answer("a"));
    await settle();
    expect(store.getState().values?.weight.path).toBe("b");
  });

  it("is written one element at a time, with a notification", async () => {
    const { asked, store, settle, changes } = setUp();
    store.getState().show({ model: "net", path: "a" });
    asked[0]!.resolve(answer("a"));
    await settle();
    const written = store.getState().setValue([0], 42);
    expect(asked[1]!.request).toEqual({ kind: "setWeight", model: "net", path: "a", index: [0], value: 42 });
    asked[1]!.resolve(answer("a", 42));
    await written;
    expect([store.getState().values!.values[0], changes()]).toEqual([42, 1]);
  });

  it("reports why it cannot be written and keeps its old values", async () => {
    const { asked, store, settle, changes } = setUp();
    store.getState().show({ model: "net", path: "a" });
    asked[0]!.resolve(answer("a"));
    await settle();
    const written = store.getState().setValue([9], 1);
    asked[1]!.reject(new Error("out of range"));
    await written;
    expect([store.getState().error, store.getState().values?.weight.path, changes()]).toEqual(["out of range", "a", 0]);
  });

  it("is read again when the session's values may have changed, and waits until its model is built again", async () => {
    const { asked, sessions, store, settle } = setUp();
    sessions.setState({ models: [{ variable: "net", root: model("0/kernel") }] });
    store.getState().show({ model: "net", path: "0/kernel" });
    asked[0]!.resolve(answer("0/kernel"));
    await settle();
    sessions.setState({ revision: 1 });
    expect(asked).toHaveLength(2);
    sessions.setState({ models: [{ variable: "net", root: model() }], revision: 2 });
    asked[1]!.resolve(answer("0/kernel"));
    await settle();
    expect(store.getState()).toMatchObject({ values: null, loading: false });
    sessions.setState({ models: [{ variable: "net", root: model("0/kernel") }], revision: 3 });
    expect(asked[2]!.request).toEqual({ kind: "weight", model: "net", path: "0/kernel" });
  });
});

import { expect, test } from "vitest";
import type { DispatchCheck, PartTime, PlanDescription, Request } from "../../protocol/protocol";
import { createPlanViewStore } from "./planViewStore";

function plan(id: number, live = true): PlanDescription {
  const dispatch = { own: true, language: "wgsl" as const, workgroups: [4, 1] as [number, number], work: [] };
  return { id, closure: "minimize()", device: "GPU:0", steps: 3, live, dispatches: [dispatch, dispatch] };
}

const time: PartTime = { milliseconds: 0.5, method: "timestamps", runs: 8 };
const check: DispatchCheck = {
  against: "CPU float32",
  compared: 4,
  equal: 4,
  largestUlp: null,
  largestAbsolute: null,
  relative: 0,
  verdict: "same",
};

/** A session that answers when the test tells it to. */
function createSession() {
  const asked: {
    request: Request;
    resolve: (value: unknown) => Promise<void>;
    reject: (error: Error) => Promise<void>;
  }[] = [];
  const settled = async (settle: () => void) => {
    settle();
    await new Promise((done) => setTimeout(done));
  };
  const request = (given: Request) =>
    new Promise<never>((resolve, reject) => {
      asked.push({
        request: given,
        resolve: (value) => settled(() => resolve(value as never)),
        reject: (error) => settled(() => reject(error)),
      });
    });
  const store = createPlanViewStore({ request });
  return { store, asked, state: () => store.getState() };
}

const of = { model: "net", path: "hidden" };

test("a dispatch is opened, measured and compared, and the answers are shown together", async () => {
  const { state, asked } = createSession();
  void state().show(of);
  await asked[0]!.resolve([plan(7)]);
  void state().open({ plan: 7, dispatch: 1 });
  await asked[1]!.resolve("fn main() {}");
  void state().measure();
  expect(state().busy).toBe("time");
  // A second click while the first request is pending sends nothing.
  void state().compare();
  await asked[2]!.resolve(time);
  void state().compare();
  await asked[3]!.resolve(check);
  const place = { plan: 7, dispatch: 1 };
  expect(asked.map(({ request }) => request)).toEqual([
    { kind: "plans", of },
    { kind: "dispatchText", ...place },
    { kind: "timeDispatch", ...place },
    { kind: "checkDispatch", ...place },
  ]);
  expect(state()).toMatchObject({ opened: place, text: "fn main() {}", time, check, busy: null, failed: null });
});

test("an answer for a dispatch that was closed in the meantime is dropped", async () => {
  const { state, asked } = createSession();
  void state().show(of);
  await asked[0]!.resolve([plan(7)]);
  void state().open({ plan: 7, dispatch: 0 });
  void state().open({ plan: 7, dispatch: 1 });
  await asked[2]!.resolve("the second");
  await asked[1]!.resolve("the first");
  expect(state()).toMatchObject({ opened: { plan: 7, dispatch: 1 }, text: "the second", busy: null });
  void state().measure();
  void state().open(null);
  await asked[3]!.resolve(time);
  expect(state()).toMatchObject({ opened: null, text: null, time: null, busy: null });
});

test("a failure of the session is reported, and the code stays visible", async () => {
  const { state, asked } = createSession();
  void state().show(of);
  await asked[0]!.resolve([plan(7)]);
  void state().open({ plan: 7, dispatch: 0 });
  await asked[1]!.resolve("text");
  void state().compare();
  await asked[2]!.reject(new Error("its memory was freed"));
  expect(state()).toMatchObject({ text: "text", check: null, failed: "its memory was freed", busy: null });
});

test("reloaded plans keep the open dispatch as long as it exists; another block's plans do not", async () => {
  const { state, asked } = createSession();
  void state().show(of);
  await asked[0]!.resolve([plan(7)]);
  void state().open({ plan: 7, dispatch: 0 });
  await asked[1]!.resolve("text");
  void state().show(of);
  await asked[2]!.resolve([plan(8), plan(7)]);
  expect(state()).toMatchObject({ opened: { plan: 7, dispatch: 0 }, text: "text" });
  void state().show(of);
  await asked[3]!.resolve([plan(8), plan(7, false)]);
  expect(state()).toMatchObject({ opened: null, text: null });
  void state().open({ plan: 8, dispatch: 0 });
  await asked[4]!.resolve("text");
  void state().show({ model: "other", path: "" });
  expect(state()).toMatchObject({ plans: null, opened: null, text: null });
});

test("the answer to the later of two requests is kept, and an error is reported", async () => {
  const { state, asked } = createSession();
  void state().show(of);
  void state().show({ ids: [3] });
  await asked[1]!.resolve([plan(3)]);
  await asked[0]!.resolve([plan(7)]);
  expect(state().plans).toEqual([plan(3)]);
  void state().show({ ids: [3] });
  await asked[2]!.reject(new Error("no such model"));
  expect(state()).toMatchObject({ plans: null, error: "no such model" });
});

import { beforeEach, describe, expect, test } from "vitest";
import type { SessionEndedError } from "../../client/client";
import type { Request, RunResult } from "../../protocol/protocol";
import { createDocumentStore, type DocumentStore } from "../document/documentStore";
import type { SessionPort } from "../session/sessionStore";
import { statusOf } from "./runState";
import { createRunStore, type RunStore } from "./runStore";

interface PendingRun {
  cell: string;
  source: string;
  run: number;
  answer(result: Partial<RunResult>): Promise<void>;
  fail(error: Error): Promise<void>;
}

let documents: DocumentStore;
let runs: RunStore;
let asked: PendingRun[];
let stops: number;
let restarts: number;

/** A session that answers when the test tells it to. */
function fakeSession(): SessionPort {
  return {
    request: (async (request: Request) => {
      if (request.kind !== "run") throw new Error("internal: only runs are expected");
      return new Promise<RunResult>((resolve, reject) => {
        asked.push({
          ...request,
          answer: (result) => settled(() => resolve({ status: "ok", durationMs: 1, declared: [], ...result })),
          fail: (error) => settled(() => reject(error)),
        });
      });
    }) as SessionPort["request"],
    stop: async () => {
      stops++;
      return "cancelled";
    },
    restart: async () => {
      restarts++;
      return undefined as never;
    },
  };
}

/** The error with which the client rejects pending requests when a session ends. */
function ended(reason: SessionEndedError["reason"]): Error {
  return Object.assign(new Error(`The session ended (${reason}).`), { reason });
}

async function settled(action: () => void): Promise<void> {
  action();
  await new Promise((resolve) => setTimeout(resolve));
}

const statuses = () => documents.getState().document.cells.map(({ id }) => statusOf(runs.getState(), id));

beforeEach(() => {
  [asked, stops, restarts] = [[], 0, 0];
  documents = createDocumentStore();
  documents.getState().open(
    {
      title: "",
      cells: [
        { id: "a", type: "code", source: "const x = 1" },
        { id: "t", type: "markdown", source: "# text" },
        { id: "b", type: "code", source: "x" },
        { id: "empty", type: "code", source: "  " },
        { id: "c", type: "code", source: "x + 1" },
      ],
    },
    { kind: "new" },
  );
  runs = createRunStore(fakeSession(), documents, () => undefined);
});

describe("the queue", () => {
  test("Run all runs the code cells one after another, in order", async () => {
    runs.getState().runAll();
    expect([asked.map(({ cell }) => cell), statuses()]).toEqual([
      ["a"],
      ["running", "idle", "queued", "idle", "queued"],
    ]);
    await asked[0]!.answer({});
    await asked[1]!.answer({});
    await asked[2]!.answer({ durationMs: 5 });
    expect(asked.map(({ cell, run, source }) => [cell, run, source])).toEqual([
      ["a", 1, "const x = 1"],
      ["b", 2, "x"],
      ["c", 3, "x + 1"],
    ]);
    expect(statuses()).toEqual(["ok", "idle", "ok", "idle", "ok"]);
    expect(runs.getState().runs.c!.durationMs).toBe(5);
  });

  test("a cell is queued once, however often it is requested", () => {
    runs.getState().run(["a"]);
    runs.getState().run(["a", "b", "b"]);
    runs.getState().run(["b"]);
    expect(runs.getState().queue).toEqual(["b"]);
  });

  test("an error empties the queue; queued cells return to their previous status", async () => {
    runs.getState().run(["b"]);
    await asked[0]!.answer({});
    runs.getState().runAll();
    await asked[1]!.answer({ status: "error", error: { name: "TypeError", message: "no" } });
    expect(statuses()).toEqual(["error", "idle", "ok", "idle", "idle"]);
    expect(runs.getState().runs.a!.outputs).toEqual([{ type: "error", error: { name: "TypeError", message: "no" } }]);
  });

  test("a cell that was deleted while queued is skipped", async () => {
    runs.getState().runAll();
    documents.getState().removeCell("b");
    await asked[0]!.answer({});
    expect(asked.map(({ cell }) => cell)).toEqual(["a", "c"]);
  });

  test("Stop on a queued cell removes only that one", async () => {
    runs.getState().runAll();
    await runs.getState().stop("b");
    expect([stops, runs.getState().queue]).toEqual([0, ["c"]]);
  });

  test("Stop empties the queue and sends a request to the session", async () => {
    runs.getState().runAll();
    await runs.getState().stop();
    await asked[0]!.answer({ status: "cancelled" });
    expect([stops, asked.length, statuses()]).toEqual([1, 1, ["cancelled", "idle", "idle", "idle", "idle"]]);
  });

  test("Stop with nothing running sends nothing", async () => {
    await runs.getState().stop();
    expect(stops).toBe(0);
  });
});

describe("a session that ends", () => {
  test("marks earlier runs as not in this session, and the running one as stopped", async () => {
    runs.getState().run(["a", "b"]);
    await asked[0]!.answer({ declared: ["x"] });
    runs.getState().loseAll();
    await asked[1]!.fail(ended("stopped"));
    expect(statuses()).toEqual(["lost", "idle", "cancelled", "idle", "idle"]);
    expect([runs.getState().runs.a!.ended, runs.getState().runs.b!.ended]).toEqual([undefined, "stopped"]);
    // A later run of the cell starts without it.
    runs.getState().run(["b"]);
    expect(runs.getState().runs.b!.ended).toBeUndefined();
  });

  test("by a crash is an error of the running cell", async () => {
    runs.getState().run(["a"]);
    await asked[0]!.fail(ended("crashed"));
    const { ended: reason, outputs } = runs.getState().runs.a!;
    expect([statuses()[0], outputs.length, reason]).toEqual(["error", 1, "crashed"]);
  });

  test("by Restart empties the queue", async () => {
    runs.getState().runAll();
    await runs.getState().restart();
    expect([restarts, runs.getState().queue]).toEqual([1, []]);
  });
});

describe("outputs", () => {
  test("belong to the run that created them", async () => {
    const print = (run: number, text: string) =>
      runs.getState().receive({ kind: "output", cell: "a", run, output: { type: "text", text } });
    runs.getState().run(["a"]);
    print(1, "one ");
    print(1, "two");
    await asked[0]!.answer({});
    runs.getState().run(["a"]);
    print(1, "late");
    print(2, "new");
    await asked[1]!.answer({});
    expect(runs.getState().runs.a!.outputs).toEqual([{ type: "text", text: "new" }]);
  });

  test("do not repeat an error that was already shown", async () => {
    const error = { name: "E", message: "shader" };
    runs.getState().run(["a"]);
    runs.getState().receive({ kind: "output", cell: "a", run: 1, output: { type: "error", error } });
    await asked[0]!.fail(Object.assign(new Error(error.message), { error }));
    expect(runs.getState().runs.a!.outputs).toEqual([{ type: "error", error }]);
  });

  test("after the end include errors, which mark their cell", async () => {
    runs.getState().run(["a"]);
    await asked[0]!.answer({});
    const error = { name: "E", message: "late", place: { cell: "a", line: 1, column: 1 } };
    runs.getState().receive({ kind: "lateError", error });
    expect([statuses()[0], runs.getState().runs.a!.outputs]).toEqual(["error", [{ type: "error", error }]]);
  });
});

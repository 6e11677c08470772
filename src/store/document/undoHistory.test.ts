import { describe, expect, test } from "vitest";
import { edit, emptyHistory, pauseMs, redo, seal, undo, type UndoHistory } from "./undoHistory";

interface Value {
  text: string;
  list: number[];
}

let state: { value: Value; history: UndoHistory };

function change(recipe: (draft: Value) => void, time: number, mergeKey?: string, label = "change") {
  state = edit(state.value, state.history, { label: () => label, recipe, time, mergeKey });
}

function type(text: string, time: number) {
  change((draft) => void (draft.text = text), time, "type");
}

function start() {
  state = { value: { text: "", list: [] }, history: emptyHistory };
}

describe("edits", () => {
  test("undo and redo step through every state", () => {
    start();
    change((draft) => void draft.list.push(1), 0);
    change((draft) => void draft.list.push(2), 1);
    change((draft) => void draft.list.splice(0, 1), 2);
    const seen = [state.value.list];
    for (let step = 0; step < 4; step++) seen.push((state = undo(state.value, state.history)).value.list);
    for (let step = 0; step < 4; step++) seen.push((state = redo(state.value, state.history)).value.list);
    expect(seen).toEqual([[2], [1, 2], [1], [], [], [1], [1, 2], [2], [2]]);
  });

  test("an edit that changes nothing adds no step", () => {
    start();
    change((draft) => void (draft.text = ""), 0);
    expect(state.history).toBe(emptyHistory);
  });

  test("a new edit discards what was undone", () => {
    start();
    change((draft) => void draft.list.push(1), 0);
    state = undo(state.value, state.history);
    change((draft) => void draft.list.push(9), 1);
    expect([state.history.done.length, state.history.undone.length]).toEqual([1, 0]);
  });

  test("the oldest steps are dropped", () => {
    start();
    for (let n = 0; n < 520; n++) change((draft) => void draft.list.push(n), n);
    expect(state.history.done.length).toBe(500);
  });
});

describe("merging", () => {
  test("typing without a pause is one step", () => {
    start();
    type("a", 0);
    type("ab", pauseMs);
    type("abc", 2 * pauseMs);
    expect(state.history.done.length).toBe(1);
    expect(undo(state.value, state.history).value.text).toBe("");
    const undone = undo(state.value, state.history);
    expect(redo(undone.value, undone.history).value.text).toBe("abc");
  });

  test("a pause, another key and a seal each start a new step", () => {
    start();
    type("a", 0);
    type("ab", pauseMs + 1);
    change((draft) => void (draft.text = "abX"), pauseMs + 2, "other");
    state.history = seal(state.history);
    change((draft) => void (draft.text = "abXY"), pauseMs + 3, "other");
    expect(state.history.done.length).toBe(4);
  });

  test("merged steps of several patches undo as one", () => {
    start();
    change((draft) => void draft.list.push(1), 0, "drag");
    change((draft) => void draft.list.push(2, 3), 1, "drag");
    change((draft) => void draft.list.reverse(), 2, "drag");
    expect(state.value.list).toEqual([3, 2, 1]);
    const undone = undo(state.value, state.history);
    expect([undone.value.list, redo(undone.value, undone.history).value.list]).toEqual([[], [3, 2, 1]]);
  });

  test("typing after an undo does not extend the step that was redone", () => {
    start();
    type("a", 0);
    state = undo(state.value, state.history);
    state = redo(state.value, state.history);
    type("ab", 1);
    expect(state.history.done.length).toBe(2);
  });
});

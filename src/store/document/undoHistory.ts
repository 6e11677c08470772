import { applyPatches, enablePatches, produceWithPatches, type Draft, type Patch } from "immer";
import type { Message } from "../../i18n/texts";

enablePatches();

/** One action of the user, labelled in the user's words. */
export interface HistoryStep {
  /** The object of "Undo": `add Dense`. */
  label: Message;
  forward: Patch[];
  backward: Patch[];
  /** Consecutive steps with the same key and little time between them are merged: typing, dragging a slider. */
  mergeKey?: string;
  /** Milliseconds. */
  time: number;
}

export interface UndoHistory {
  done: readonly HistoryStep[];
  undone: readonly HistoryStep[];
}

export const emptyHistory: UndoHistory = { done: [], undone: [] };

/** A longer pause ends a growing step. */
export const pauseMs = 900;
const longestHistory = 500;

export interface DocumentEdit<T> {
  label: Message;
  recipe: (draft: Draft<T>) => void;
  mergeKey?: string;
  time: number;
}

/** Applies an edit and records it. An edit that changes nothing adds no step. */
export function edit<T extends object>(
  value: T,
  history: UndoHistory,
  change: DocumentEdit<T>,
): { value: T; history: UndoHistory } {
  const { recipe, ...rest } = change;
  const [next, forward, backward] = produceWithPatches(value, (draft) => recipe(draft));
  if (forward.length === 0) return { value, history };
  const step: HistoryStep = { ...rest, forward, backward };
  const last = history.done.at(-1);
  const grows = last?.mergeKey !== undefined && last.mergeKey === step.mergeKey && step.time - last.time <= pauseMs;
  const done = grows ? [...history.done.slice(0, -1), merge(last, step)] : [...history.done, step];
  return { value: next, history: { done: done.slice(-longestHistory), undone: [] } };
}

export function undo<T extends object>(value: T, history: UndoHistory): { value: T; history: UndoHistory } {
  const step = history.done.at(-1);
  if (!step) return { value, history };
  return {
    value: applyPatches(value, step.backward),
    history: { done: history.done.slice(0, -1), undone: [...history.undone, closed(step)] },
  };
}

export function redo<T extends object>(value: T, history: UndoHistory): { value: T; history: UndoHistory } {
  const step = history.undone.at(-1);
  if (!step) return { value, history };
  return {
    value: applyPatches(value, step.forward),
    history: { done: [...history.done, closed(step)], undone: history.undone.slice(0, -1) },
  };
}

/** Ends the last step, so that the next edit starts a new one. */
export function seal(history: UndoHistory): UndoHistory {
  const last = history.done.at(-1);
  return last?.mergeKey === undefined ? history : { ...history, done: [...history.done.slice(0, -1), closed(last)] };
}

function closed({ mergeKey: _, ...step }: HistoryStep): HistoryStep {
  return step;
}

function merge(first: HistoryStep, second: HistoryStep): HistoryStep {
  const { label, mergeKey } = first;
  // Typing replaces the same text repeatedly: its first and last state suffice.
  if (replacesSame(first.forward, second.forward)) {
    return { label, mergeKey, time: second.time, forward: second.forward, backward: first.backward };
  }
  return {
    label,
    mergeKey,
    time: second.time,
    forward: [...first.forward, ...second.forward],
    backward: [...second.backward, ...first.backward],
  };
}

function replacesSame(first: readonly Patch[], second: readonly Patch[]): boolean {
  const [a, b] = [first[0], second[0]];
  if (first.length !== 1 || second.length !== 1 || !a || !b) return false;
  return a.op === "replace" && b.op === "replace" && a.path.join("/") === b.path.join("/");
}

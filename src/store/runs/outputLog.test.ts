import { expect, test } from "vitest";
import type { Output } from "../../protocol/protocol";
import { appendOutputs } from "./outputLog";

test("text is joined with text, and with nothing else", () => {
  const outputs: Output[] = [{ type: "text", text: "a" }];
  const check: Output = { type: "check", passed: true, message: "" };
  expect(appendOutputs(outputs, [{ type: "text", text: "b\n" }, check, { type: "text", text: "c" }])).toEqual([
    { type: "text", text: "ab\n" },
    check,
    { type: "text", text: "c" },
  ]);
});

test("progress of a training replaces its earlier progress, and no other", () => {
  const at = (training: number, epoch: number) =>
    ({ type: "progress", training, progress: { epoch } }) as Extract<Output, { type: "progress" }>;
  const text: Output = { type: "text", text: "b" };
  const shown = appendOutputs([at(1, 1), text, at(2, 1)], [at(1, 2), at(1, 3), at(3, 1)]);
  expect(shown).toEqual([at(1, 3), text, at(2, 1), at(3, 1)]);
});

test("of endless text, the newest lines are kept", () => {
  const lines = Array.from({ length: 100_000 }, (_, line) => `line ${line}\n`).join("");
  const [kept] = appendOutputs([], [{ type: "text", text: lines }]);
  const text = kept?.type === "text" ? kept.text : "";
  expect([text.length < 200_010, text.startsWith("…\nline "), text.endsWith("line 99999\n")]).toEqual([
    true,
    true,
    true,
  ]);
});

test("of endless outputs, the first are kept, and errors always", () => {
  const values = Array.from({ length: 600 }, (): Output => ({ type: "value", text: "1" }));
  const error: Output = { type: "error", error: { name: "E", message: "m" } };
  const kept = appendOutputs(appendOutputs([], values), [error]);
  expect([kept.length, kept.at(-1)]).toEqual([501, error]);
});

test("console warnings are kept separate from printed text", () => {
  const warned = { type: "text", text: "b\n", level: "warning" } as const;
  expect(appendOutputs([{ type: "text", text: "a\n" }], [warned, warned, { type: "text", text: "c\n" }])).toEqual([
    { type: "text", text: "a\n" },
    { type: "text", text: "b\nb\n", level: "warning" },
    { type: "text", text: "c\n" },
  ]);
});

import { expect, test } from "vitest";
import { ArgumentError, DeviceMemoryError, ShapeError } from "../base/errors";
import { en } from "./en";
import { readError } from "./readError";
import { zh } from "./zh";

const head = new ShapeError({
  at: 'Dense "head"',
  expected: "input [batch, 784]",
  got: "[32, 28, 28]",
  remedy: "Add flatten() before it.",
});
const messageOf = (error: { message: string; remedy?: string }, texts: typeof en) => {
  const { message, remedy } = readError({ ...error, message: error.message }, texts.errors);
  return [message, remedy];
};

test("the frame of an error is in the page's language, with names and shapes unchanged", () => {
  expect([messageOf(head, en), messageOf(head, zh)]).toEqual([
    ['Dense "head": expected input [batch, 784], got [32, 28, 28].', "Add flatten() before it."],
    ['Dense "head"：期望 input [batch, 784]，实际为 [32, 28, 28]。', "请在它前面加上 flatten()。"],
  ]);
  expect(messageOf(new DeviceMemoryError("zeros()", 8000, 100), zh)).toEqual([
    "zeros()：期望 最多 100 字节，实际为 8000 字节。",
    "请缩小张量，或用 tidy()、dispose() 释放其他张量。",
  ]);
});

test("known messages of the engine are translated together with their hints", () => {
  const advised = { message: "onse is not defined. Did you mean `ones`?", remedy: "Did you mean `ones`?" };
  expect([messageOf(advised, en), messageOf(advised, zh)]).toEqual([
    ["onse is not defined.", "Did you mean `ones`?"],
    ["onse 未定义。", "你是不是想写 `ones`？"],
  ]);
  expect(messageOf(new TypeError("Cannot read properties of null (reading 'x')"), zh)[0]).toBe(
    "无法读取 null 的属性 x。",
  );
});

test("texts without a translation are unchanged", () => {
  const own = new ArgumentError("My own words: 3 > 2");
  expect(messageOf(own, zh)).toEqual(["My own words: 3 > 2", undefined]);
});

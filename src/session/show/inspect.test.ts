import { expect, test } from "vitest";
import { inspect } from "./inspect";

class Point {
  x = 1;
  get hidden(): never {
    throw new Error("a getter ran");
  }
}

const cases: [value: unknown, text: string][] = [
  [1.5, "1.5"],
  [-0, "-0"],
  [12n, "12n"],
  ['a\n"b"', '"a\\n\\"b\\""'],
  [undefined, "undefined"],
  [Symbol("s"), "Symbol(s)"],
  [[1, [2, "x"]], '[1, [2, "x"]]'],
  [{ a: 1, "b-c": { d: null } }, '{ a: 1, "b-c": { d: null } }'],
  [{}, "{}"],
  [new Map([["a", 1]]), 'Map(1) { "a" => 1 }'],
  [new Set([1, 2]), "Set(2) { 1, 2 }"],
  [new Float32Array([1, 2.5]), "Float32Array(2) [1, 2.5]"],
  [new ArrayBuffer(8), "ArrayBuffer(8)"],
  [new Point(), "Point { x: 1 }"],
  [
    {
      get broken(): never {
        throw new Error("a getter ran");
      },
    },
    "{ broken: [getter] }",
  ],
  [Object.assign(Object.create(null), { a: 1 }), "[null prototype] { a: 1 }"],
  [Point, "[class Point]"],
  [function named() {}, "[function named]"],
  [() => 1, "[function (anonymous)]"],
  [new TypeError("wrong"), "TypeError: wrong"],
  [/a+/g, "/a+/g"],
  [new Date(0), "1970-01-01T00:00:00.000Z"],
  [new Date(NaN), "Invalid Date"],
  [Promise.resolve(1), "Promise"],
  [[[[[[1]]]]], "[[[[[...]]]]]"],
  [{ a: { a: { a: { a: { a: 1 } } } } }, "{ a: { a: { a: { a: Object {...} } } } }"],
];

test.each(cases)("%# a value is written as a reader expects", (value, text) => {
  expect(inspect(value)).toBe(text);
});

test("a circular reference is cut off", () => {
  const list: unknown[] = [1];
  list.push(list, { list });
  expect(inspect(list)).toBe("[1, [circular], { list: [circular] }]");
});

test("a shared value is written each time", () => {
  const shared = { a: 1 };
  expect(inspect([shared, shared])).toBe("[{ a: 1 }, { a: 1 }]");
});

test("long lists are truncated and counted", () => {
  expect(inspect(Array.from({ length: 250 }, () => 0))).toBe(`[${"0, ".repeat(100)}... 150 more]`);
  expect(inspect(new Uint8Array(1e7))).toBe(`Uint8Array(10000000) [${"0, ".repeat(100)}... 9999900 more]`);
});

test("a large tree of objects costs no more than its text", () => {
  const wide = (depth: number): unknown => (depth === 0 ? 1 : Array.from({ length: 90 }, () => wide(depth - 1)));
  const text = inspect(wide(3));
  expect(text.length).toBeLessThan(25_000);
});

test("a long text is truncated", () => {
  expect(inspect("x".repeat(1e6)).length).toBeLessThan(25_000);
});

test("hostile objects give a text, never an error", () => {
  const trap = () => {
    throw new Error("trapped");
  };
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const values = [
    new Proxy({}, { ownKeys: trap, getPrototypeOf: trap, get: trap }),
    revoked.proxy,
    { constructor: { name: trap } },
    Object.create({ constructor: 1 }),
  ];
  expect(values.map((value) => inspect(value))).toEqual([
    "[object that cannot be read]",
    "[object that cannot be read]",
    "{ constructor: { name: [function trap] } }",
    "{}",
  ]);
});

test("the caller can name values that it knows", () => {
  expect(inspect([new Point()], (value) => (value instanceof Point ? "a point" : undefined))).toBe("[a point]");
});

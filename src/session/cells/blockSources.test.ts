import { describe, expect, test } from "vitest";
import * as library from "../../index";
import type { Block } from "../../index";
import { walkBlocks } from "../../nn/block/tree";
import { sourceOfBlock } from "./blockSources";
import { CellEvaluator } from "./cellEvaluator";

/** Runs a cell and returns, by path, the source text and index that made each block of the model in `net`. */
async function madeBy(...cells: string[]): Promise<Record<string, unknown>> {
  const evaluator = new CellEvaluator(library);
  for (const [index, source] of cells.entries()) {
    const result = await evaluator.run({ cell: `c${index}`, run: index + 1, source });
    if (!result.ok) throw result.error;
  }
  const { entries } = walkBlocks(evaluator.get("net") as Block);
  return Object.fromEntries(
    entries.map(({ path, block }) => {
      const source = sourceOfBlock(block);
      if (!source) return [path, null];
      const { cell, run, from, to, index } = source;
      expect(cell).toBe(`c${run - 1}`);
      return [path, [cells[run - 1]!.slice(from, to), index]];
    }),
  );
}

describe("the code that made a block", () => {
  test("is its call, exactly, with types, comments and several lines around it", async () => {
    expect(
      await madeBy(`import { dense as d } from "weightroom";
// A net.
const net: Block = sequential([
  dense(2 as number, { name: "a" }), /* then */ d(3)!, flatten(),
  dense(
    4, // four
  ),
] as Block[]);`),
    ).toEqual({
      "": [
        `sequential([
  dense(2 as number, { name: "a" }), /* then */ d(3)!, flatten(),
  dense(
    4, // four
  ),
] as Block[])`,
        0,
      ],
      a: ['dense(2 as number, { name: "a" })', 0],
      1: ["d(3)", 0],
      2: ["flatten()", 0],
      3: ["dense(\n    4, // four\n  )", 0],
    });
  });

  test("has an index where one call makes several blocks, also in a class and in another cell", async () => {
    expect(
      await madeBy(
        `class Pair extends Block {
  first = dense(1);
  second = multiHeadAttention(1, 2);
  constructor(public units?: number) { super(); }
  forward(x: Tensor) { return this.first.call(x); }
}
const make = (units: number) => new Pair(units);`,
        "const net = sequential([...Array.from({ length: 2 }, (_, i) => dense(i + 1)), make(1), new Pair])",
      ),
    ).toEqual({
      "": ["sequential([...Array.from({ length: 2 }, (_, i) => dense(i + 1)), make(1), new Pair])", 0],
      0: ["dense(i + 1)", 0],
      1: ["dense(i + 1)", 1],
      2: ["new Pair(units)", 0],
      "2/first": ["dense(1)", 0],
      "2/second": ["multiHeadAttention(1, 2)", 0],
      "2/second/attentionOutput": null,
      "2/second/key": null,
      "2/second/query": null,
      "2/second/value": null,
      3: ["new Pair", 0],
      "3/first": ["dense(1)", 1],
      "3/second": ["multiHeadAttention(1, 2)", 1],
      "3/second/attentionOutput": null,
      "3/second/key": null,
      "3/second/query": null,
      "3/second/value": null,
    });
  });

  test("is noted without a change of what cells compute", async () => {
    const source = `const add = (a: number, b = twice(a)) => a + b;
function twice(x: number) { return 2 * x }
class A { static of(x: number) { return new A(x) } #x; constructor(x: number) { this.#x = x } get x() { return twice(this.#x) } async m(x: number) { return await (x) } }
const o = { f(x: number) { return x }, g: (x: number) => add(x), ["h"](x: number) { return this.f(x) } };
const tag = (s: TemplateStringsArray, ...v: unknown[]) => s.join("|") + v.join();
label: for (const x of [twice(1)]) { if (twice(x) > 3) break label }
let log = "";
for (let i = 0; i < twice(1); i++) log += add(i)
{ log += "block" }
do log += twice(1); while (twice(0))
const missing = undefined as any;
const classes = { list: [A], get(x: number) { return x } };
const { get } = classes;
async function* later() { yield (1); yield twice(1) }
let sum = 0;
for await (const x of later()) sum += get(x);
for await (const x of (later())) if (x) sum += twice(x); else sum = 0;
switch (twice(1)) { case twice(1): sum += 10; }
function Maker() { return class { v = 6 } }
const made = new Map([[twice(1), new Set([1])]]);
[add(1), A.of(3).x, await new A(1).m(5), o.g(2), o.h(4), tag\`a\${twice(2)}b\`, log, missing?.f(twice(1)).g, (() => twice(4))(),
  new (class { constructor(public v: number) {} })(7).v, made.get(2)!.size, typeof twice(1), new Date(0).getTime(), (async (x: number) => twice(x))(1) instanceof Promise,
  new classes.list[0](4).x, (new classes.list[0](4)).x, sum, new Date(0)?.getTime(), \`\${twice(1)}\${new A(1).x}\`, new new (Maker as any)()().v, new new Maker()().v]`;
    const result = await new CellEvaluator(library).run({ cell: "a", run: 1, source });
    if (!result.ok) throw result.error;
    expect(result.value).toEqual([
      3,
      6,
      5,
      6,
      4,
      "a|b4",
      "03block2",
      undefined,
      8,
      7,
      1,
      "number",
      0,
      true,
      8,
      8,
      19,
      0,
      "22",
      6,
      6,
    ]);
  });

  test("leaves places of errors where they are", async () => {
    const source = "const net = sequential([\n  dense(2), flatten(),\n  dense(-1), dense(3),\n]);";
    const evaluator = new CellEvaluator(library);
    const result = await evaluator.run({ cell: "a", run: 1, source });
    expect(!result.ok && evaluator.locationOf(result.error)).toEqual({ cell: "a", line: 3, column: 3 });
    const thrown = "flatten(); if (flatten()) throw new RangeError(String(dense(1)));";
    const failed = await evaluator.run({ cell: "a", run: 2, source: thrown });
    const column = thrown.indexOf("new RangeError") + 1;
    expect(!failed.ok && evaluator.locationOf(failed.error)).toEqual({ cell: "a", line: 1, column });
  });
});

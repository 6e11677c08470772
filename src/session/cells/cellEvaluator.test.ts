import { describe, expect, test } from "vitest";
import { type CellResult, CellEvaluator } from "./cellEvaluator";

/** Simulates the runtime: the names that cells see without an import. */
function createLibrary() {
  const printed: unknown[] = [];
  return {
    printed,
    library: {
      print: (...values: unknown[]) => void printed.push(...values),
      twice: (x: number) => 2 * x,
      later: async <V>(value: V) => value,
      fail: () => {
        throw new RangeError("from the library");
      },
    },
  };
}

function createSession() {
  const { printed, library } = createLibrary();
  const evaluator = new CellEvaluator(library);
  let run = 0;
  return {
    printed,
    evaluator,
    run: (source: string, cell = "a") => evaluator.run({ cell, run: ++run, source }),
    /** Runs a cell that has to fail, and returns its error and place. */
    async failure(source: string, cell = "a") {
      const result = await evaluator.run({ cell, run: ++run, source });
      if (result.ok) throw new Error(`It did not fail, but gave ${String(result.value)}.`);
      const { name, message } = result.error as Error;
      return { name, message, place: evaluator.locationOf(result.error) };
    },
  };
}

async function valueOf(source: string): Promise<unknown> {
  const result = await createSession().run(source);
  if (!result.ok) throw result.error;
  return result.value;
}

function succeeded(value: unknown, ...declared: string[]): CellResult {
  return { ok: true, value, declared };
}

describe("the value of a cell", () => {
  const cases: [about: string, source: string, value: unknown][] = [
    ["is that of its last expression", "1; 2; 3", 3],
    ["can end with a semicolon", "40 + 2;", 42],
    ["can end with several semicolons", "40 + 2;;;", 42],
    ["can be followed by a comment", "42 // the answer", 42],
    ["can be followed by a comment of several lines", "42 /* the\nanswer */", 42],
    ["can span several lines", "[\n  1,\n  2,\n]\n  .map((x) => x + 1)", [2, 3]],
    ["is awaited if it is a promise", "later(5)", 5],
    ["can be awaited in the cell", "await later(5)", 5],
    ["is undefined after a declaration", "const x = 1;", undefined],
    ["is undefined after a block", "{ 1 }", undefined],
    ["is undefined after a loop", "for (const x of [1]) x;", undefined],
    ["is undefined after a condition", "if (true) 1", undefined],
    ["is undefined after a function", "function f() { return 1 }", undefined],
    ["is undefined after an async function", "async function f() { return 1 }", undefined],
    ["is undefined after a class", "class A {}", undefined],
    ["is undefined after a labelled loop", "outer: for (;;) break outer;", undefined],
    ["is undefined for an empty cell", "", undefined],
    ["is undefined for a cell with only comments", "// nothing\n/* at all */", undefined],
    ["is that of an assignment", "let x; x = 4", 4],
    ["is that of a sequence", "1, 2", 2],
    ["is that of an arrow function's call", "((a: number, b = 1): number => a + b)(2)", 3],
    ["is that of an async arrow function's call", "(async (x: number) => x * 2)(4)", 8],
    ["is an object in parentheses", "({ a: 1 })", { a: 1 }],
    ["can be a template with any content", "`a ${`b ${1 + 1} // ` + '}'} ; \\` c`", "a b 2 // } ; ` c"],
    ["can be a string with any content", String.raw`"\"; // ' )" + '\'/*'`, `"; // ' )'/*`],
    ["can be a regular expression with any content", String.raw`/["'\`/;)\]]+/.exec("x'\`;)]y")![0]`, "'`;)]"],
    ["can be a division, not a regular expression", "let a = 8, g = 2; a / 2 / g", 2],
    ["keeps text that looks like TypeScript", "'let x: number = <any>y as T'", "let x: number = <any>y as T"],
    ["can be null", "null", null],
    ["can be the result of optional chaining", "({ a: { b: 1 } } as any)?.a?.b ?? 2", 1],
    ["is undefined for this", "this", undefined],
    [
      "is evaluated in strict mode",
      "(() => { try { (undeclared as any) = 1 } catch (e) { return e.name } })()",
      "ReferenceError",
    ],
    ["can use globals", "Math.max(...new Float32Array([1, 2])) + parseInt('3')", 5],
    ["resolves undefined without a lookup in the scope", "[undefined, NaN, Infinity]", [undefined, NaN, Infinity]],
    ["can contain a $ and a backquote", "const $ = '`$&`'; $ + `$`", "`$&`$"],
    ["can be an identifier in another script", "const 权重 = 3; 权重 * 2", 6],
    ["can be a number with separators", "1_000n + 0x1fn", 1031n],
  ];
  test.each(cases)("%s", async (_, source, value) => {
    expect(await valueOf(source)).toEqual(value);
  });

  test("does not depend on Windows line endings", async () => {
    expect(await valueOf("const x = 1;\r\n// two\r\nx + 1\r\n")).toBe(2);
  });
});

describe("TypeScript", () => {
  const cases: [about: string, source: string, value: unknown][] = [
    ["types", "type Pair<T> = [T, T]; const p: Pair<number> = [1, 2]; p", [1, 2]],
    ["interfaces", "interface A { b: number; c?(): void }\nconst a: A = { b: 1 };\na.b", 1],
    ["as, satisfies and !", "const a = { b: 1 } as const satisfies { b: number }; (a.b as number)!", 1],
    ["generics", "function id<T extends object>(x: T): T { return x } id<{ a: number }>({ a: 1 })", { a: 1 }],
    ["generic arrow functions", "const id = <T,>(x: T): T => x; id<number>(3)", 3],
    ["a comparison that looks generic", "const a = 1, b = 2, c = 3; [a < b, b > c]", [true, false]],
    ["enums", "enum Colour { red, green = 5, blue }\n[Colour.blue, Colour[5]]", [6, "green"]],
    ["string enums", 'enum Mode { on = "ON" }\nMode.on', "ON"],
    ["const enums", "const enum N { one = 1 }\nN.one", 1],
    [
      "abstract classes",
      "abstract class A { abstract f(): number; g() { return this.f() } } class B extends A { f() { return 2 } } new B().g()",
      2,
    ],
    [
      "parameter properties",
      "class P { constructor(public x: number, private readonly y = 2) {} sum() { return this.x + this.y } }\nnew P(1).sum()",
      3,
    ],
    [
      "parameter properties after super",
      "class A { a = 1 } class B extends A { constructor(public units: number) { super(); } }\nconst b = new B(7); [b.a, b.units]",
      [1, 7],
    ],
    [
      "declared fields",
      "class A { declare x: number; y!: number; z?: string; static s: number = 4 } [Object.keys(new A()).sort(), A.s]",
      [["y", "z"], 4],
    ],
    ["index signatures", "class A { [field: string]: any; x = 1 } new A().x", 1],
    [
      "overloads",
      "function f(x: string): string;\nfunction f(x: number): number;\nfunction f(x: any) { return x }\nf(1)",
      1,
    ],
    [
      "accessors and private fields",
      "class A { #v = 1; get v(): number { return this.#v } set v(x: number) { this.#v = x } } const a = new A(); a.v = 3; a.v",
      3,
    ],
    [
      "type-only imports",
      'import type { Tensor } from "weightroom"; import { type Block, twice } from "weightroom"; twice(2)',
      4,
    ],
    [
      "typed destructuring",
      "const { a, ...rest }: { a: number; [k: string]: number } = { a: 1, b: 2 }; [a, rest]",
      [1, { b: 2 }],
    ],
    [
      "type guards and this types",
      "function isText(x: unknown): x is string { return typeof x === 'string' } isText('')",
      true,
    ],
    [
      "async generators",
      "async function* g(): AsyncGenerator<number> { yield 1; yield 2 }\nconst all: number[] = []; for await (const x of g()) all.push(x); all",
      [1, 2],
    ],
    ["namespaces of types", "declare const nowhere: number; declare function f(): void; 1", 1],
    ["definite assignment", "let x!: number; x = 2; x", 2],
  ];
  test.each(cases)("runs with %s", async (_, source, value) => {
    expect(await valueOf(source)).toEqual(value);
  });
});

describe("names", () => {
  test("from every kind of declaration are kept for later cells", async () => {
    const { run } = createSession();
    const declared = await run(
      "const a = 1; let b = 2; var c = 3; function d() { return 4 } class E { f = 5 }\n" +
        "const { g, h: { i = 7 } = {}, ...j } = { g: 6, k: 8 } as any; const [l, , m = 11] = [9, 10]; enum N { o = 12 }\n" +
        "async function p() { return 13 } function* q() { yield 14 }",
    );
    expect(declared.declared).toEqual(["a", "b", "c", "d", "E", "g", "i", "j", "l", "m", "N", "p", "q"]);
    expect(await run("[a, b, c, d(), new E().f, g, i, j, l, m, N.o, await p(), [...q()]]", "b")).toEqual(
      succeeded([1, 2, 3, 4, 5, 6, 7, { k: 8 }, 9, 11, 12, 13, [14]]),
    );
  });

  test("inside blocks, functions, parameters, pattern keys and types are not", async () => {
    const { run } = createSession();
    const source =
      "{ let a = 1; const b = 2; class C {} }\n" +
      "for (let d = 0; d < 1; d++) { const e = d; }\n" +
      "try { throw 1 } catch (f) {}\n" +
      "const g = function h(i: number, { j: k } = { j: 1 }) { var l = i; return l };\n" +
      "const m = class O {}; type P = number; interface Q {} label: for (;;) break label;\n" +
      "const n = ({ r, s }: { r: number; s?: number }) => r;";
    expect(await run(source)).toEqual(succeeded(undefined, "g", "m", "n"));
  });

  test("can be redeclared, in the same cell and in another", async () => {
    const { run } = createSession();
    await run("const x = 1; class A { v = 1 } function f() { return 1 }");
    await run("const x = 2; class A { v = 2 } function f() { return 2 }");
    expect(await run("[x, new A().v, f()]", "b")).toEqual(succeeded([2, 2, 2]));
    await run("let x = 'three'", "c");
    expect(await run("x", "b")).toEqual(succeeded("three"));
  });

  test("are seen with their newest value by functions of earlier cells", async () => {
    const { run } = createSession();
    await run("const rate = 1;");
    await run("function read() { return rate }", "b");
    await run("const rate = 2;");
    expect(await run("read()", "c")).toEqual(succeeded(2));
  });

  test("of a running cell are seen by functions of earlier cells", async () => {
    const { run } = createSession();
    await run("const rate = 1; function read() { return rate }\nfunction call() { return callback() }", "a");
    expect(await run("function callback() { return 'called' }\ncall()", "b")).toEqual(succeeded("called", "callback"));
    await run("function seen() { return later2 }", "c");
    expect(await run("const later2 = 5; seen()", "d")).toEqual(succeeded(5, "later2"));
  });

  test("keep an earlier cell's value until the running cell has assigned one", async () => {
    const { run } = createSession();
    await run("const v = 'old'; ", "a");
    await run("function seen() { return v }", "b");
    expect(await run("const before = seen(); const v = 'new'; [before, seen()]", "c")).toEqual(
      succeeded(["old", "new"], "before", "v"),
    );
  });

  test("can be assigned from another cell, with effect in their own", async () => {
    const { run } = createSession();
    await run("let count = 0; function read() { return count }");
    await run("count += 5; count++", "b");
    expect(await run("[count, read()]", "c")).toEqual(succeeded([6, 6]));
  });

  test("that are constant cannot be assigned from another cell", async () => {
    const { run, failure } = createSession();
    await run("const fixed = 1;");
    expect(await failure("let y = 1;\nfixed = 2;", "b")).toEqual({
      name: "TypeError",
      message: "Assignment to constant variable.",
      place: { cell: "b", line: 2, column: 7 },
    });
    expect(await run("fixed", "c")).toEqual(succeeded(1));
  });

  test("of a cell that fails half-way keep the values assigned so far", async () => {
    const { run, evaluator } = createSession();
    await run("const second = 'from before'; const third = 'gone';", "z");
    const result = await run("const first = 1; throw new Error('stop'); const second = 2;");
    expect({ ok: result.ok, declared: result.declared }).toEqual({ ok: false, declared: ["first"] });
    expect(await run("[first, second]", "b")).toEqual(succeeded([1, "from before"]));
    expect(evaluator.names()).toEqual(["second", "third", "first"]);
  });

  test("that never got a value do not exist", async () => {
    const { run, failure } = createSession();
    await run("throw new Error('stop'); const never = 2;");
    expect((await failure("never", "b")).message).toBe("never is not defined");
  });

  test("of the library can be shadowed by a cell and restored", async () => {
    const { run } = createSession();
    expect(await run("const twice = (x: number) => x * 20; twice(1)")).toEqual(succeeded(20, "twice"));
    expect(await run("twice(2)", "b")).toEqual(succeeded(40));
    expect(await run('import { twice } from "weightroom"; twice(2)', "c")).toEqual(succeeded(4, "twice"));
  });

  test("of the library cannot be assigned", async () => {
    expect((await createSession().failure("twice = 1")).name).toBe("TypeError");
  });

  test("that all objects inherit can be declared", async () => {
    const { run } = createSession();
    const source = "const toString = 1, constructor = 2, hasOwnProperty = 3, __proto__ = 4, valueOf = 5;";
    await run(source);
    expect(await run("[toString, constructor, hasOwnProperty, __proto__, valueOf]", "b")).toEqual(
      succeeded([1, 2, 3, 4, 5]),
    );
  });

  test("of models are read by the page", async () => {
    const { run, evaluator } = createSession();
    await run("let net = { layers: 1 }; net = { layers: 2 };");
    expect([evaluator.names(), evaluator.get("net"), evaluator.get("twice"), evaluator.get("toString")]).toEqual([
      ["net"],
      { layers: 2 },
      undefined,
      undefined,
    ]);
  });

  test("can be constructors, tags and methods called across cells", async () => {
    const { run } = createSession();
    await run(
      "class A { constructor(public v: number) {} }; const tag = (s: any, ...v: any[]) => s.raw.join('|') + v; const o = { v: 1, f() { return this.v } };",
    );
    expect(await run("[new A(3).v, tag`a${1}b`, o.f(), o?.['f']()]", "b")).toEqual(succeeded([3, "a|b1", 1, 1]));
  });
});

describe("imports and exports", () => {
  const cases: [about: string, source: string, value: unknown][] = [
    ["named", 'import { twice } from "weightroom"; twice(4)', 8],
    ["renamed", "import { twice as double, later } from 'weightroom';\nawait later(double(4))", 8],
    ["all", 'import * as weightroom from "weightroom"\nweightroom.twice(4)', 8],
    ["over several lines", 'import {\n  twice,\n  later,\n} from "weightroom";\ntwice(4)', 8],
    ["for nothing", 'import "weightroom"; 1', 1],
    ["called", '(await import("weightroom")).twice(4)', 8],
    ["called at the start", 'import("weightroom").then(({ twice }) => twice(4))', 8],
    ["exported constants", "export const x = 1; x", 1],
    ["exported functions", "export async function f() { return 1 }\nf()", 1],
    ["default exports", "export default function g() { return 2 }\ng()", 2],
    ["a default export's value", "const x = 3;\nexport default x;\nx", 3],
    ["export lists", "const x = 1;\nexport { x };\nx", 1],
    ["exported types", "export type T = number; export interface I {}\nexport const x: T = 1; x", 1],
  ];
  test.each(cases)("work: %s", async (_, source, value) => {
    expect(await valueOf(source)).toEqual(value);
  });

  test("keep the lines after them", async () => {
    const source = 'import {\n  twice,\n} from "weightroom";\nexport {\n};\n  nowhere;';
    expect((await createSession().failure(source)).place).toEqual({ cell: "a", line: 6, column: 3 });
  });

  test("of anything else throw an error with a remedy", async () => {
    const { failure } = createSession();
    const message =
      'import "https://example.com/x.js": expected "weightroom", got "https://example.com/x.js". ' +
      "A cell has no network: paste the code into a cell instead.";
    const error = { name: "ArgumentError", message };
    expect(await failure('\nimport { x } from "https://example.com/x.js";')).toEqual({
      ...error,
      place: { cell: "a", line: 2, column: 1 },
    });
    expect(await failure('await import("https://example.com/x.js");')).toMatchObject(error);
    expect(await failure('export { x } from "weightroom"')).toEqual({
      name: "SyntaxError",
      message: "A cell cannot re-export from another module.",
      place: { cell: "a", line: 1, column: 1 },
    });
  });
});

describe("places of errors", () => {
  const cases: [about: string, source: string, line: number, column: number][] = [
    ["on the first line", "nowhere", 1, 1],
    ["on a later line", "\n\n  nowhere", 3, 3],
    ["after types on the same line", "const x: Map<string, number> = new Map(), y: number = nowhere;", 1, 55],
    ["in the last expression", "let a = 1;\na + nowhere", 2, 5],
    ["in a call in the last expression", "let a = {} as any;\n[1, a.b.c]", 2, 9],
    ["after an interface of several lines", "interface A {\n  b: number;\n}\n\nthrow new Error('x')", 5, 7],
    ["after a template of several lines", "const t = `\n\n`; nowhere", 3, 4],
    ["after a comment of several lines", "/*\n*/ nowhere", 2, 4],
    ["inside a function", "function f<T>(x: T): T {\n  return (x as any).y.z;\n}\nf(1)", 2, 23],
    [
      "inside a method with parameter properties",
      "class A {\n  constructor(public x: any) {\n    x.y.z;\n  }\n}\nnew A({})",
      3,
      9,
    ],
    ["after an enum", "enum E { a, b }\nconst v: E = E.a; nowhere", 2, 19],
    ["after an await", "await later(1);\n  await later(nowhere)", 2, 15],
    ["in a generic arrow function", "const f = <T,>(x: T): T => nowhere;\nf(1)", 1, 28],
    ["of the library's errors, at the call in the cell", "const z = 1;\n\n   fail();", 3, 4],
    ["after characters of two UTF-16 units", "'😀😀'; nowhere", 1, 9],
    ["in nested awaits", "async function f() {\n  await later(1);\n  throw new Error('x');\n}\nawait f()", 3, 9],
  ];
  test.each(cases)("are exact %s", async (_, source, line, column) => {
    expect((await createSession().failure(source)).place).toEqual({ cell: "a", line, column });
  });

  const syntaxCases: [source: string, line: number, column: number][] = [
    ["let b = ;", 1, 9],
    ["const a = 1;\nif (a {", 2, 7],
    ["const s = 'unfinished", 1, 11],
    ["f(1, 2", 1, 7],
    ["let x: number = = 1", 1, 17],
  ];
  test.each(syntaxCases)("of syntax are exact: %j", async (source, line, column) => {
    const failure = await createSession().failure(source);
    expect({ name: failure.name, place: failure.place }).toEqual({
      name: "SyntaxError",
      place: { cell: "a", line, column },
    });
    expect(failure.message).not.toMatch(/\(\d+:\d+\)/);
  });

  test("that only the engine finds are queried from it", async () => {
    // Line 1 of the evaluated text begins with generated code.
    const evaluator = new CellEvaluator({}, () => ({ line: 2, column: 7 }));
    const result = await evaluator.run({ cell: "a", run: 1, source: "const a = 1;\nconst a = 2;" });
    expect(result).toMatchObject({ ok: false, declared: [], error: { name: "SyntaxError" } });
    expect(evaluator.locationOf((result as { error: unknown }).error)).toEqual({ cell: "a", line: 2, column: 7 });
  });

  test("in a function of another cell are in that cell", async () => {
    const { run, failure } = createSession();
    await run("const other = 1;\nfunction broken(x: any) {\n  return x.y.z;\n}", "first");
    expect((await failure("\nbroken({})", "second")).place).toEqual({ cell: "first", line: 3, column: 14 });
  });

  test("refer to the run that defined the function, not to the cell's newest source", async () => {
    const { run, failure } = createSession();
    await run("const keep = () => { throw new Error('x') };", "first");
    await run("const held = keep;", "second");
    await run("// now\n// further\n// down\nconst keep = 1;", "first");
    expect((await failure("held()", "third")).place).toEqual({ cell: "first", line: 1, column: 28 });
  });

  test("work for cell ids with any characters", async () => {
    expect((await createSession().failure("nowhere", "a (b)?é:1.ts\n/../")).place).toEqual({
      cell: "a (b)?é:1.ts\n/../",
      line: 1,
      column: 1,
    });
  });

  test("are absent if no cell is in the stack, or there is no stack", async () => {
    const { evaluator } = createSession();
    const stacks = [new Error("x"), "text", null, undefined, { stack: 1 }, { stack: "at cell-a.ts?run=99:1:1" }];
    expect(stacks.map((error) => evaluator.locationOf(error))).toEqual(stacks.map(() => undefined));
  });
});

describe("speed", () => {
  test("of a loop over library and global names is that of plain code", async () => {
    const { run } = createSession();
    const loop = "let sum = 0; for (let i = 0; i < 3_000_000; i++) sum += Math.abs(twice(i)); sum";
    const start = performance.now();
    expect(await run(loop)).toEqual(succeeded(8999997000000, "sum"));
    // Through the scope object this takes more than a second, with locals about 30 ms.
    expect(performance.now() - start).toBeLessThan(500);
  });
});

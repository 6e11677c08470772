import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCell } from "./composition";
import { readString } from "./compositionSyntax";
import { newBlock, printBlock, readBlocks } from "./compositionText";
import {
  type Composition,
  type CompositionNode,
  type FieldValue,
  type FieldValues,
  nodeAt,
  pathAfterInsert,
  pathAfterRemove,
  walkCompositions,
} from "./compositionTree";
import { testKinds } from "./testKinds";

/** Returns a node without its span. */
function plain(node: CompositionNode): unknown {
  if (node.type === "code") return node.text;
  const { kind, fields, children } = node;
  return children ? { kind, fields, children: children.map(plain) } : { kind, fields };
}

function compositionsOf(source: string): Composition[] {
  const parsed = parseCell(source, testKinds);
  if (!parsed.ok) throw new Error(`no TypeScript at line ${parsed.line}: ${source}`);
  return parsed.compositions;
}

function rootOf(source: string): unknown {
  return plain(compositionsOf(source)[0]!.root);
}

const literal = (value: unknown): FieldValue => ({ type: "literal", value }) as FieldValue;

describe("reading a cell", () => {
  it("reads blocks with positional arguments and options", () => {
    expect(
      rootOf(`const net = sequential([dense(256, { activation: "relu" }), flatten(), dropout(.5)], { name: "m" });`),
    ).toEqual({
      kind: "sequential",
      fields: { name: literal("m") },
      children: [
        { kind: "dense", fields: { units: literal(256), activation: literal("relu") } },
        { kind: "flatten", fields: {} },
        { kind: "dropout", fields: { rate: literal(0.5) } },
      ],
    });
  });

  it("reads nested containers, empty ones and ones without a list", () => {
    expect(rootOf("let a = sequential([sequential([]), sequential(), sequential({ name: 'x' })])")).toEqual({
      kind: "sequential",
      fields: {},
      children: [
        { kind: "sequential", fields: {}, children: [] },
        { kind: "sequential", fields: {}, children: [] },
        { kind: "sequential", fields: { name: literal("x") }, children: [] },
      ],
    });
  });

  it("reads the only block of a container, also one that a function creates", () => {
    expect(rootOf("const net = sequential([residual(dense(2), { name: 'r' }), repeat(() => dense(3), 4)])")).toEqual({
      kind: "sequential",
      fields: {},
      children: [
        {
          kind: "residual",
          fields: { name: literal("r") },
          children: [{ kind: "dense", fields: { units: literal(2) } }],
        },
        { kind: "repeat", fields: { times: literal(4) }, children: [{ kind: "dense", fields: { units: literal(3) } }] },
      ],
    });
    expect(rootOf("const net = residual()")).toEqual({ kind: "residual", fields: {}, children: [] });
    expect(rootOf("const net = repeat(() => { return dense(2); }, 4)")).toBe("repeat(() => { return dense(2); }, 4)");
    expect(rootOf("const net = repeat(make, 4)")).toBe("repeat(make, 4)");
  });

  it("reads every literal and nested initializer calls", () => {
    const fields =
      `a: -1.5e3, b: 0x1f, c: 1_000, d: null, e: false, f: [1, [2]], g: { h: "i" }, "j k": '\\u{1F600}\\n', ` +
      `l: initializers.randomNormal({ stddev: 0.01 }), m: initializers.constant(-1), n: +2,`;
    expect(rootOf(`const net = dense(2, { ${fields} })`)).toEqual({
      kind: "dense",
      fields: {
        units: literal(2),
        a: literal(-1500),
        b: literal(31),
        c: literal(1000),
        d: literal(null),
        e: literal(false),
        f: literal([1, [2]]),
        g: literal({ h: "i" }),
        "j k": literal("\u{1F600}\n"),
        l: { type: "call", kind: "randomNormal", fields: { stddev: literal(0.01) } },
        m: { type: "call", kind: "constant", fields: { value: literal(-1) } },
        n: literal(2),
      },
    });
  });

  it("keeps computed fields as code", () => {
    expect(
      rootOf("const net = dense(names.length, { name, kernelInitializer: (s) => zeros(s), x: 017, y: 1n, z: `q` })"),
    ).toEqual({
      kind: "dense",
      fields: {
        units: { type: "code", text: "names.length" },
        name: { type: "code", text: "name" },
        kernelInitializer: { type: "code", text: "(s) => zeros(s)" },
        x: { type: "code", text: "017" },
        y: { type: "code", text: "1n" },
        z: { type: "code", text: "`q`" },
      },
    });
  });

  it("leaves other expressions as code, byte for byte", () => {
    const parts = [
      "shared",
      "new MyBlock(3)",
      "...blocks",
      "dense(...args)",
      "dense(2, { ...options })",
      "dense?.(3)",
      "dense<A>(3)",
      "nn.dense(3)",
      "( dense( 2 ) )",
      "dense(1, 2)",
      "sequential(blocks)",
      "sequential([1, , 2])",
      "dense(2, { [key]: 1 })",
      "dense(2, { get a() { return 1; } })",
      "dense(2, { name: 1, name: 2 })",
      "flag ? dense(2) : dense(3)",
      "makeBlock(dense(3))",
    ];
    expect(rootOf(`const net = sequential([${parts.join(", ")}])`)).toEqual({
      kind: "sequential",
      fields: {},
      children: parts,
    });
  });

  it("finds every top-level declaration of a block", () => {
    const source = `
import { dense } from "weightroom";
/* first */ export const a: Block = /* why */ dense(1), other = 3;
let b = sequential([a, a]);
const { c } = dense(1);
function f() { const d = dense(4); }
b.call(await load("x"));
const e = sequential(list);
`;
    expect(compositionsOf(source).map(({ variable, root }) => [variable, plain(root)])).toEqual([
      ["a", { kind: "dense", fields: { units: literal(1) } }],
      ["b", { kind: "sequential", fields: {}, children: ["a", "a"] }],
      ["e", "sequential(list)"],
    ]);
  });

  it("reports the line of the first syntax error in an incomplete cell", () => {
    expect(parseCell("const net = sequential([\n  dense(2, ]);", testKinds)).toEqual({ ok: false, line: 2 });
    expect(parseCell("const net = sequential([dense(2)", testKinds)).toEqual({ ok: false, line: 1 });
  });

  it("stores the span of each node", () => {
    const source = "const net = sequential([dense(2), ...more, sequential([flatten()])]);";
    const found = walkCompositions(compositionsOf(source)).map(({ path, node }) => [
      path,
      source.slice(node.from, node.to),
    ]);
    expect(found).toEqual([
      [[0], "sequential([dense(2), ...more, sequential([flatten()])])"],
      [[0, 0], "dense(2)"],
      [[0, 1], "...more"],
      [[0, 2], "sequential([flatten()])"],
      [[0, 2, 0], "flatten()"],
    ]);
  });

  it("unescapes strings as JavaScript does", () => {
    const texts = [
      String.raw`"a\tb\x41\u0042\u{43}\0\'\"\\"`,
      '"a\\\nb"',
      "'\\q'",
      String.raw`"\1"`,
      String.raw`"\01"`,
    ];
    expect(texts.map(readString)).toEqual(["a\tbABC\0'\"\\", "ab", "q", null, null]);
  });
});

describe("paths", () => {
  it("follow a node through an insertion and a removal before it", () => {
    expect(pathAfterInsert([0, 2, 1], [0, 1])).toEqual([0, 3, 1]);
    expect(pathAfterInsert([0, 2, 1], [0, 3])).toEqual([0, 2, 1]);
    expect(pathAfterInsert([0, 2, 1], [0, 2, 1])).toEqual([0, 2, 2]);
    expect(pathAfterInsert([0], [0, 0])).toEqual([0]);
    expect(pathAfterRemove([0, 2, 1], [0, 1])).toEqual([0, 1, 1]);
    expect(pathAfterRemove([0, 2, 1], [0, 2, 0])).toEqual([0, 2, 0]);
    expect(pathAfterRemove([0, 2, 1], [0, 3])).toEqual([0, 2, 1]);
  });

  it("lead nowhere without a node", () => {
    const compositions = compositionsOf("const net = sequential([dense(2), more])");
    expect([[], [1], [0, 2], [0, 0, 0], [0, 1, 0]].map((path) => nodeAt(compositions, path))).toEqual(
      Array(5).fill(undefined),
    );
  });
});

const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.string({ unit: "binary" }),
    number,
    fc.boolean(),
    fc.constant(null),
    tie("list"),
  ),
  list: fc.array(tie("value"), { maxLength: 3 }),
})).value;
const literals = json.map(literal);
const initializer: fc.Arbitrary<FieldValue> = fc.record({ mean: literals }, { requiredKeys: [] }).map((fields) => ({
  type: "call",
  kind: "randomNormal",
  fields: fields as FieldValues,
}));
const code = fc.constantFrom("shared", "new MyBlock(3)", "...blocks", "make(\n   `a\n  b`,\n)");

const nodes = fc.letrec<{ node: CompositionNode; box: CompositionNode }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small" },
    fc
      .record(
        {
          units: literals,
          activation: literals,
          kernelInitializer: initializer,
          "odd key": literals,
          name: names.map(literal),
        },
        { requiredKeys: ["units"] },
      )
      .map((fields) => ({ type: "block" as const, kind: "dense", fields, children: null, from: 0, to: 0 })),
    code.map((text) => ({ type: "code" as const, text, from: 0, to: 0 })),
    tie("box"),
  ),
  box: fc
    .record({
      children: fc.array(tie("node"), { maxLength: 4 }),
      name: fc.option(names.map(literal), { nil: undefined }),
    })
    .map(({ children, name }) => ({
      type: "block" as const,
      kind: "sequential",
      fields: (name ? { name } : {}) as FieldValues,
      children,
      from: 0,
      to: 0,
    })),
}));

describe("printing", () => {
  it("is reverted by reading", () => {
    fc.assert(
      fc.property(nodes.box, (node) => {
        expect(rootOf(`const net = ${printBlock(node, testKinds)};`)).toEqual(plain(node));
      }),
      { numRuns: 300 },
    );
  });

  it("prints a short model on one line and a long one with a line per block", () => {
    const read = (source: string): CompositionNode => compositionsOf(`const net = ${source}`)[0]!.root;
    const short = 'sequential([dense(256, { activation: "relu" }), dense(10)])';
    expect(printBlock(read(short), testKinds)).toBe(short);
    const long = `sequential([dense(256, { activation: "relu" }), sequential([dense(10), shared]), dense(10, { name: "head" })], { name: "m" })`;
    expect(printBlock(read(long), testKinds)).toBe(`sequential([
  dense(256, { activation: "relu" }),
  sequential([dense(10), shared]),
  dense(10, { name: "head" }),
], { name: "m" })`);
  });

  it("starts a new block inside its fields' ranges", () => {
    expect(testKinds.blocks.map(({ kind }) => newBlock(kind, testKinds))).toEqual([
      "sequential([])",
      "residual(sequential([]))",
      "repeat(() => sequential([]), 64)",
      "dense(64)",
      "flatten()",
      'activation("relu")',
      "dropout(0.5)",
      "pool(2, 2)",
    ]);
  });
});

describe("reading pasted blocks", () => {
  it("separates a list of blocks and removes their indentation", () => {
    expect(readBlocks("    sequential([\n      dense(2), // two\n    ]),\n    shared,\n", testKinds)).toEqual([
      "sequential([\n  dense(2), // two\n])",
      "shared",
    ]);
    expect(readBlocks("dense(2); ", testKinds)).toEqual(["dense(2)"]);
  });

  it("refuses anything but a list of expressions", () => {
    for (const text of ["", "const a = 1", "dense(2", "dense(2)]; evil(); [3", "1, , 2", "// only a comment"]) {
      expect(readBlocks(text, testKinds)).toBeNull();
    }
  });
});

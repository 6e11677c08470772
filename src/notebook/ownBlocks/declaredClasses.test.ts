import { describe, expect, it } from "vitest";
import type { FieldInfo, KindInfo } from "../../base/info";
import { parseCell } from "../composition/composition";
import { insertBlock, wrapBlock } from "../composition/compositionEdits";
import { setField } from "../composition/compositionFields";
import { isExpression, newBlock, printBlock } from "../composition/compositionText";
import type { CompositionNode, FieldValue, Kinds } from "../composition/compositionTree";
import { testKinds } from "../composition/testKinds";
import { kindsOfClasses, readClasses } from "./declaredClasses";

function kindsOf(source: string, blocks: readonly string[] = []): KindInfo[] {
  return kindsOfClasses(readClasses(source)!, (name) => blocks.includes(name));
}

/** Returns the test kinds and those of a cell that declares classes. */
function withOwn(source: string): Kinds {
  return { ...testKinds, blocks: [...testKinds.blocks, ...kindsOf(source)] };
}

/** Returns the fields of a class whose constructor has these parameters. */
function fieldsOf(parameters: string): Partial<FieldInfo>[] {
  const [kind] = kindsOf(`class A extends Block { constructor(${parameters}) { super(); } }`);
  return kind!.fields.map(({ title: _, ...field }) => field);
}

const myDense = `class MyDense extends Block {
  constructor(public units: number, activation: "relu" | "tanh" = "relu") { super(); }
  forward(X: Tensor) { return X; }
}`;

describe("classes of a cell", () => {
  it("are blocks if they extend Block or another block, or if the session reports them", () => {
    const source = `class Base extends Block {}
export class Head extends Base {}
const Tail = class extends Head {};
abstract class Part extends Block {}
class Whole extends Part {}
class Mixed extends mixin(Block) {}
class Plain {}
class Loop extends Loop {}
function inner() { class Hidden extends Block {} }`;
    expect(kindsOf(source).map(({ kind }) => kind)).toEqual(["Base", "Head", "Tail"]);
    expect(kindsOf(source, ["Mixed", "Whole"]).map(({ kind }) => kind)).toEqual([
      "Base",
      "Head",
      "Tail",
      "Whole",
      "Mixed",
    ]);
  });

  it("have the comment above as their description, on one line", () => {
    const described = (comment: string) => kindsOf(`${comment}class A extends Block {}`)[0]!.description.en;
    expect(
      [
        "/** Takes the mean\n * away.\n * @param x any */\n",
        "// One.\n// Two.\n",
        "/* Not its own. */\n\n",
        "1; // of the line\n",
        "",
      ].map(described),
    ).toEqual([
      "Takes the mean away.",
      "One. Two.",
      "A block written in this notebook.",
      "A block written in this notebook.",
      "A block written in this notebook.",
    ]);
  });

  it("count in their last version, and inherit the constructor of their parent", () => {
    const kinds = kindsOf(`class A extends Block { constructor(old: number) { super(); } }
class A extends Block { constructor(units: number) { super(); } }
class B extends A {}
class C extends Block {}`);
    expect(kinds.map(({ kind, fields }) => [kind, fields.map(({ name }) => name)])).toEqual([
      ["A", ["units"]],
      ["B", ["units"]],
      ["C", ["name"]],
    ]);
  });

  it("are unknown in an incomplete cell", () => {
    expect([readClasses("class A extends Block { constructor("), readClasses("const x = 1")]).toEqual([null, []]);
  });
});

describe("a constructor's parameters", () => {
  it("are fields with the types of their annotations", () => {
    expect(
      fieldsOf(
        "private readonly units: number, on: boolean, label: string, mode: 'a' | 'b', init: Initializer, inner: Block, " +
          "sizes: number[], any: Map<string, number>, f: (x: Tensor) => Tensor, maybe: string | null, untyped",
      ),
    ).toEqual([
      { name: "units", type: "number", start: "8", positional: true },
      { name: "on", type: "boolean", positional: true },
      { name: "label", type: "string", positional: true },
      { name: "mode", type: "string", options: ["a", "b"], start: '"a"', positional: true },
      { name: "init", type: "initializer", start: "initializers.glorotUniform()", positional: true },
      { name: "inner", type: "expression", start: "dense(8)", positional: true },
      { name: "sizes", type: "numbers", positional: true },
      { name: "any", type: "expression", start: "undefined", positional: true },
      { name: "f", type: "expression", start: "(x) => x", positional: true },
      { name: "maybe", type: "string", positional: true },
      { name: "untyped", type: "expression", start: "8", positional: true },
    ]);
  });

  it("have the declared defaults, including those that are code", () => {
    expect(
      fieldsOf(
        "a = 3, b = 'x', c: boolean = true, d?: number, e = Math.PI, f: number = none, g = initializers.zeros()",
      ),
    ).toEqual([
      { name: "a", type: "number", default: 3, positional: true },
      { name: "b", type: "string", default: "x", positional: true },
      { name: "c", type: "boolean", default: true, positional: true },
      { name: "d", type: "number", default: null, start: "undefined", positional: true },
      { name: "e", type: "expression", default: "Math.PI", start: "Math.PI", positional: true },
      { name: "f", type: "expression", default: "none", start: "none", positional: true },
      { name: "g", type: "initializer", default: "zeros", start: "initializers.zeros()", positional: true },
    ]);
  });

  it("are options for a last object that is destructured or has an inline type", () => {
    const options = [
      { name: "units", type: "number", positional: true, start: "8" },
      { name: "rate", type: "number", default: 0.5 },
      { name: "name", type: "string", default: null, start: "undefined" },
    ];
    expect(fieldsOf("units: number, { rate = 0.5, name }: { rate?: number; name?: string } = {}")).toEqual(options);
    expect(fieldsOf("units: number, options: { rate: number; name?: string }")).toEqual([
      options[0],
      { name: "rate", type: "number", start: "8" },
      options[2],
    ]);
    expect(fieldsOf("options: Options, ...more: number[]")).toEqual([
      { name: "options", type: "expression", start: "undefined", positional: true },
    ]);
  });

  it("make the kind a container for a list of blocks", () => {
    const made = (parameters: string) => {
      const [kind] = kindsOf(`class A extends Block { constructor(${parameters}) { super(); } }`);
      return { children: kind!.children, spread: kind!.spread, fields: kind!.fields.map(({ name }) => name) };
    };
    expect(["blocks: Block[], scale = 1", "...blocks: readonly Block[]", "blocks: Array<Block>"].map(made)).toEqual([
      { children: "list", spread: undefined, fields: ["scale"] },
      { children: "list", spread: true, fields: [] },
      { children: "list", spread: undefined, fields: [] },
    ]);
  });
});

describe("blocks of the notebook in a model", () => {
  const literal = (value: unknown) => ({ type: "literal", value }) as FieldValue;
  const code = (text: string): FieldValue => ({ type: "code", text });

  function rootOf(source: string, kinds: Kinds): CompositionNode {
    const parsed = parseCell(source, kinds);
    if (!parsed.ok) throw new Error(source);
    return parsed.compositions[0]!.root;
  }

  it("are read with their arguments, and only if created with `new`", () => {
    const kinds = withOwn(myDense);
    const root = rootOf(
      'const net = sequential([new MyDense(8, "tanh"), MyDense(8), new dense(2), new MyDense])',
      kinds,
    );
    expect(root.type === "block" && root.children).toMatchObject([
      { type: "block", kind: "MyDense", fields: { units: literal(8), activation: literal("tanh") } },
      { type: "code", text: "MyDense(8)" },
      { type: "code", text: "new dense(2)" },
      { type: "code", text: "new MyDense" },
    ]);
  });

  it("are added with their required arguments, which are edited in place", () => {
    const kinds = withOwn(myDense);
    expect(newBlock("MyDense", kinds)).toBe('new MyDense(8, "relu")');
    const source = "const net = sequential([new MyDense(8 /* wide */)]);";
    const set = (field: string, value: FieldValue | undefined) => setField(source, kinds, [0, 0], field, value)?.source;
    expect([set("units", literal(16)), set("activation", literal("tanh")), set("units", code("width"))]).toEqual([
      "const net = sequential([new MyDense(16 /* wide */)]);",
      'const net = sequential([new MyDense(8, /* wide */ "tanh")]);',
      "const net = sequential([new MyDense(width /* wide */)]);",
    ]);
  });

  it("omit optional arguments, and have `undefined` only before a later argument", () => {
    const kinds = withOwn("class A extends Block { constructor(a: number, b?: number, c?: string) { super(); } }");
    expect(newBlock("A", kinds)).toBe("new A(8)");
    const set = (source: string, field: string, value?: FieldValue) =>
      setField(`const net = ${source};`, kinds, [0], field, value)?.source;
    expect([
      set("new A(8)", "c", literal("x")),
      set("new A(8, 1)", "b"),
      set('new A(8, 1, "x")', "b"),
      set('new A(8, 1, "x")', "c"),
    ]).toEqual([
      'const net = new A(8, undefined, "x");',
      "const net = new A(8);",
      'const net = new A(8, undefined, "x");',
      "const net = new A(8, 1);",
    ]);
  });

  it("accept an object as an argument if their class has no options", () => {
    const kinds = withOwn("class A extends Block { constructor(config: Config) { super(); } }");
    const source = "const net = new A({ a: 1 });";
    expect(rootOf(source, kinds)).toMatchObject({ kind: "A", fields: { config: literal({ a: 1 }) } });
    expect(setField(source, kinds, [0], "config", code("{ a: 2 }"))?.source).toBe("const net = new A({ a: 2 });");
  });

  it("contain blocks as arguments or in a list, into which others are inserted", () => {
    const kinds = withOwn(`class Chain extends Block { constructor(...blocks: Block[]) { super(); } }
class Branches extends Block { constructor(blocks: Block[], scale = 1) { super(); } }`);
    const chain = "const net = new Chain(dense(2), new Branches([flatten()], 2));";
    expect(printBlock(rootOf(chain, kinds), kinds)).toBe("new Chain(dense(2), new Branches([flatten()], 2))");
    expect([
      insertBlock(chain, kinds, [0], 1, "dropout(0.5)")!.source,
      insertBlock(chain, kinds, [0, 1], 1, "dropout(0.5)")!.source,
      insertBlock("const net = new Chain();", kinds, [0], 0, "dense(2)")!.source,
      wrapBlock("const net = dense(2);", kinds, [0], "Chain")!.source,
      wrapBlock("const net = dense(2);", kinds, [0], "Branches")!.source,
    ]).toEqual([
      "const net = new Chain(dense(2), dropout(0.5), new Branches([flatten()], 2));",
      "const net = new Chain(dense(2), new Branches([flatten(), dropout(0.5)], 2));",
      "const net = new Chain(dense(2));",
      "const net = new Chain(dense(2));",
      "const net = new Branches([dense(2)]);",
    ]);
    expect(newBlock("Chain", kinds)).toBe("new Chain()");
    expect(newBlock("Branches", kinds)).toBe("new Branches([], 1)");
  });
});

it("isExpression accepts exactly one argument", () => {
  const texts = ["dense(8)", "(x) => x", "{ a: 1 }", "a, b", "a,", "", "...a", "a]; evil(); [b", "const a = 1", "// a"];
  expect(texts.filter(isExpression)).toEqual(["dense(8)", "(x) => x", "{ a: 1 }"]);
});

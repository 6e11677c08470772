import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCell } from "./composition";
import { blockText, insertBlock, moveBlock, removeBlock, replaceBlock, wrapBlock } from "./compositionEdits";
import { addComposition, duplicateBlock, renameVariable, setField } from "./compositionFields";
import { type Composition, type CompositionNode, startsWithPath, walkCompositions } from "./compositionTree";
import { testKinds as kinds } from "./testKinds";

const commented = `// The network of chapter 5.
const net = sequential([ // from the image to the class
  flatten(), // [28, 28] to [784]
  // the hidden layer
  dense(256,   { activation: "relu" }),

  /* --- head --- */

  dense(10)
], { name: "mlp" });
net.call(x); // run it
`;

const value = (json: unknown) => ({ type: "literal" as const, value: json as never });

describe("inserting", () => {
  it("inserts a block into one line", () => {
    const source = "const net = sequential([dense(1), dense(2)]);";
    expect([0, 1, 2].map((index) => insertBlock(source, kinds, [0], index, "flatten()"))).toEqual([
      { source: "const net = sequential([flatten(), dense(1), dense(2)]);", path: [0, 0] },
      { source: "const net = sequential([dense(1), flatten(), dense(2)]);", path: [0, 1] },
      { source: "const net = sequential([dense(1), dense(2), flatten()]);", path: [0, 2] },
    ]);
  });

  it("puts a block on its own line if the others have one, and changes nothing else", () => {
    expect(insertBlock(commented, kinds, [0], 1, "dropout(0.5)")!.source).toBe(
      commented.replace("  // the hidden", "  dropout(0.5),\n  // the hidden"),
    );
    expect(insertBlock(commented, kinds, [0], 3, "dropout(0.5)")!.source).toBe(
      commented.replace("  dense(10)\n", "  dense(10),\n  dropout(0.5)\n"),
    );
    expect(insertBlock("let a = sequential([\n\tdense(1),\n])", kinds, [0], 1, "flatten()")!.source).toBe(
      "let a = sequential([\n\tdense(1),\n\tflatten(),\n])",
    );
  });

  it("fills an empty list, an omitted one, and one with a comment", () => {
    const filled = [
      "sequential([])",
      "sequential([ ])",
      "sequential()",
      'sequential({ name: "a" })',
      "sequential([ // none yet\n])",
    ].map((root) => insertBlock(`const net = ${root};`, kinds, [0], 0, "dense(1)")!.source);
    expect(filled).toEqual([
      "const net = sequential([dense(1)]);",
      "const net = sequential([dense(1)]);",
      "const net = sequential([dense(1)]);",
      'const net = sequential([dense(1)], { name: "a" });',
      "const net = sequential([ // none yet\n  dense(1),\n]);",
    ]);
  });

  it("breaks a line that has become too long, outer lists first", () => {
    const source = 'const net = sequential([dense(256, { activation: "relu" }), sequential([dense(10), flatten()])]);';
    expect(insertBlock(source, kinds, [0, 1], 1, 'dense(128, { name: "inner" })')!.source).toBe(
      `const net = sequential([
  dense(256, { activation: "relu" }),
  sequential([dense(10), dense(128, { name: "inner" }), flatten()]),
]);`,
    );
  });

  it("does not put a comma into a comment", () => {
    expect(insertBlock("const net = sequential([dense(1) // one\n]);", kinds, [0], 1, "flatten()")!.source).toBe(
      "const net = sequential([dense(1), // one\n  flatten()\n]);",
    );
    expect(insertBlock("const net = sequential([dense(1) /* one */]);", kinds, [0], 1, "flatten()")!.source).toBe(
      "const net = sequential([dense(1), /* one */ flatten()]);",
    );
  });

  it("refuses text that is not a block, and a path that does not exist", () => {
    const source = "const net = sequential([dense(1), shared]);";
    expect([
      insertBlock(source, kinds, [0], 0, "dense(1"),
      insertBlock(source, kinds, [0], 0, "dense(1), dense(2)"),
      insertBlock(source, kinds, [0, 0], 0, "dense(1)"),
      insertBlock(source, kinds, [0, 1], 0, "dense(1)"),
      insertBlock(source, kinds, [3], 0, "dense(1)"),
      insertBlock("const net = sequential([dense(1), ", kinds, [0], 0, "dense(1)"),
    ]).toEqual(Array(6).fill(null));
  });
});

describe("removing", () => {
  it("removes a block from one line", () => {
    const source = "const net = sequential([dense(1), dense(2), dense(3)]);";
    expect([0, 1, 2].map((index) => removeBlock(source, kinds, [0, index]))).toEqual([
      { source: "const net = sequential([dense(2), dense(3)]);", path: [0, 0] },
      { source: "const net = sequential([dense(1), dense(3)]);", path: [0, 1] },
      { source: "const net = sequential([dense(1), dense(2)]);", path: [0, 1] },
    ]);
    expect(removeBlock("const net = sequential([\n  dense(1),\n]);", kinds, [0, 0])).toEqual({
      source: "const net = sequential([]);",
      path: [0],
    });
  });

  it("removes a block with its own comments and keeps the others", () => {
    expect(removeBlock(commented, kinds, [0, 0])!.source).toBe(
      commented.replace("  flatten(), // [28, 28] to [784]\n", ""),
    );
    expect(removeBlock(commented, kinds, [0, 1])!.source).toBe(
      commented.replace('  // the hidden layer\n  dense(256,   { activation: "relu" }),\n', ""),
    );
    expect(removeBlock(commented, kinds, [0, 2])!.source).toBe(
      commented.replace('"relu" }),\n', '"relu" })\n').replace("  dense(10)\n", ""),
    );
  });

  it("keeps the line break that ends a comment", () => {
    expect(removeBlock("const net = sequential([dense(1), // one\n  dense(2)]);", kinds, [0, 1])!.source).toBe(
      "const net = sequential([dense(1) // one\n  ]);",
    );
  });

  it("refuses the outermost block", () => {
    expect(removeBlock(commented, kinds, [0])).toBeNull();
  });
});

describe("moving", () => {
  it("moves a block with its comments", () => {
    expect(moveBlock(commented, kinds, [0, 1], [0], 0)).toEqual({
      source: commented
        .replace('  // the hidden layer\n  dense(256,   { activation: "relu" }),\n', "")
        .replace("  flatten()", '  // the hidden layer\n  dense(256,   { activation: "relu" }),\n  flatten()'),
      path: [0, 0],
    });
    expect(moveBlock(commented, kinds, [0, 0], [0], 3)).toEqual({
      source: commented
        .replace("  flatten(), // [28, 28] to [784]\n", "")
        .replace("  dense(10)\n", "  dense(10),\n  flatten() // [28, 28] to [784]\n"),
      path: [0, 2],
    });
  });

  it("moves between containers and indents for the new place, except inside code", () => {
    const source = `const net = sequential([
  make(\`
  text\`,
  sequential([
    dense(1, {
      name: "a",
    }),
  ])),
  sequential([
    sequential([
      // one
      dense(1, {
        name: "a",
      }),
      make(
        2),
    ]),
  ]),
]);`;
    const first = moveBlock(source, kinds, [0, 1, 0], [0], 0)!;
    expect(first).toEqual({
      source: `const net = sequential([
  sequential([
    // one
    dense(1, {
      name: "a",
    }),
    make(
        2),
  ]),
  make(\`
  text\`,
  sequential([
    dense(1, {
      name: "a",
    }),
  ])),
  sequential([]),
]);`,
      path: [0, 0],
    });
    const second = moveBlock(first.source, kinds, [0, 1], [0, 2], 0)!;
    expect(second.source).toContain(
      'sequential([make(`\n  text`,\n  sequential([\n    dense(1, {\n      name: "a",\n    }),\n  ]))]),',
    );
  });

  it("breaks a one-line list for a block with a comment", () => {
    const source = "const net = sequential([\n  flatten(), // to a row\n  sequential([dense(1)]),\n]);";
    expect(moveBlock(source, kinds, [0, 0], [0, 1], 1)!.source).toBe(
      "const net = sequential([\n  sequential([\n    dense(1),\n    flatten(), // to a row\n  ]),\n]);",
    );
  });

  it("refuses to move a block into itself", () => {
    const source = "const net = sequential([sequential([dense(1)])]);";
    expect([moveBlock(source, kinds, [0, 0], [0, 0], 0), moveBlock(source, kinds, [0], [0], 0)]).toEqual([null, null]);
    expect(moveBlock(source, kinds, [0, 0, 0], [0], 0)!.source).toBe(
      "const net = sequential([dense(1), sequential([])]);",
    );
  });
});

describe("fields", () => {
  const set = (call: string, field: string, json: unknown): string =>
    setField(`const net = ${call};`, kinds, [0], field, json === undefined ? undefined : value(json))!.source.slice(
      12,
      -1,
    );

  it("changes, adds and removes options", () => {
    expect(set('dense(2, { activation: "relu" /* why */ })', "activation", "tanh")).toBe(
      'dense(2, { activation: "tanh" /* why */ })',
    );
    expect(set("dense(2)", "activation", "relu")).toBe('dense(2, { activation: "relu" })');
    expect(set("dense(2, {})", "useBias", false)).toBe("dense(2, { useBias: false })");
    expect(set('dense(2, { activation: "relu" })', "useBias", false)).toBe(
      'dense(2, { activation: "relu", useBias: false })',
    );
    expect(set("dense(2, {\n  useBias: false,\n})", "name", "a")).toBe(
      'dense(2, {\n  useBias: false,\n  name: "a",\n})',
    );
    expect(set("dense(2, { name })", "name", "a")).toBe('dense(2, { name: "a" })');
    expect(set('dense(2, { activation: "relu", useBias: false })', "activation", undefined)).toBe(
      "dense(2, { useBias: false })",
    );
    expect(set('dense(2, { activation: "relu" })', "activation", undefined)).toBe("dense(2)");
    expect(set("dense(2)", "activation", undefined)).toBe("dense(2)");
    expect(set("sequential([dense(1)])", "name", "a")).toBe('sequential([dense(1)], { name: "a" })');
  });

  it("changes positional arguments and fills in omitted ones before them", () => {
    expect(set("dense( 2 )", "units", 3)).toBe("dense( 3 )");
    expect(set("pool()", "stride", 3)).toBe("pool(2, 3)");
    expect(set("pool(5)", "stride", 3)).toBe("pool(5, 3)");
    expect(set("pool(5, 3)", "stride", undefined)).toBe("pool(5, 2)");
    expect(set("pool(5, 3)", "size", undefined)).toBe("pool(2, 3)");
    expect(set("activation({ name: 'a' })", "activation", "tanh")).toBe(`activation("tanh", { name: 'a' })`);
    expect(set("activation({ activation: 'relu' })", "activation", "tanh")).toBe('activation({ activation: "tanh" })');
  });

  it("writes an initializer with its options", () => {
    const call = { type: "call" as const, kind: "randomNormal", fields: { stddev: value(0.01) } };
    expect(setField("const net = dense(2);", kinds, [0], "kernelInitializer", call)!.source).toBe(
      "const net = dense(2, { kernelInitializer: initializers.randomNormal({ stddev: 0.01 }) });",
    );
  });

  it("gives a copy a name that differs from its siblings", () => {
    const source = 'const net = sequential([dense(1, { name: "a" }), dense(2, { name: "a-2" }), flatten()]);';
    expect(duplicateBlock(source, kinds, [0, 0])).toEqual({
      source: `const net = sequential([
  dense(1, { name: "a" }),
  dense(1, { name: "a-3" }),
  dense(2, { name: "a-2" }),
  flatten(),
]);`,
      path: [0, 1],
    });
    expect(duplicateBlock(source, kinds, [0])).toBeNull();
  });
});

describe("wrapping, replacing, naming", () => {
  it("puts a container around a block", () => {
    expect(wrapBlock("const net = sequential([dense(1), flatten()]);", kinds, [0, 0], "sequential")!.source).toBe(
      "const net = sequential([sequential([dense(1)]), flatten()]);",
    );
    expect(
      wrapBlock("const net = sequential([\n  dense(1, {\n    name: 'a',\n  }),\n]);", kinds, [0, 0], "sequential")!
        .source,
    ).toBe("const net = sequential([\n  sequential([\n    dense(1, {\n      name: 'a',\n    }),\n  ]),\n]);");
  });

  it("wraps a block in a container of one block, and edits nothing but that block in it", () => {
    const source = "const net = sequential([dense(1)]);";
    const wrapped = wrapBlock(source, kinds, [0, 0], "residual")!.source;
    expect(wrapped).toBe("const net = sequential([residual(dense(1))]);");
    expect(wrapBlock(source, kinds, [0, 0], "repeat")!.source).toBe(
      "const net = sequential([repeat(() => dense(1))]);",
    );
    expect(replaceBlock(wrapped, kinds, [0, 0, 0], "flatten()")!.source).toBe(
      "const net = sequential([residual(flatten())]);",
    );
    expect(insertBlock(wrapped, kinds, [0, 0], 1, "flatten()")).toBeNull();
    expect(removeBlock(wrapped, kinds, [0, 0, 0])).toBeNull();
    expect(setField("const net = repeat(() => dense(1), 2);", kinds, [0], "times", value(3))!.source).toBe(
      "const net = repeat(() => dense(1), 3);",
    );
  });

  it("replaces code with other code", () => {
    const source = "const net = sequential([shared, dense(2)]);";
    expect(replaceBlock(source, kinds, [0, 0], "new MyBlock(3)")!.source).toBe(
      "const net = sequential([new MyBlock(3), dense(2)]);",
    );
    expect(replaceBlock(source, kinds, [0, 0], "new MyBlock(")).toBeNull();
  });

  it("renames a variable wherever the cell names it, and nothing else", () => {
    const source =
      "const net = sequential([]); const o = { net, a: net, net: 1 }; o.net; `${net}`; function f({ net }) { return net; }";
    expect(renameVariable(source, "net", "mlp")).toBe(
      "const mlp = sequential([]); const o = { net: mlp, a: mlp, net: 1 }; o.net; `${mlp}`; function f({ net: mlp }) { return mlp; }",
    );
    expect([
      renameVariable(source, "net", "o"),
      renameVariable(source, "net", "1x"),
      renameVariable(source, "net", "let"),
    ]).toEqual([null, null, null]);
  });

  it("adds a composition under a free name", () => {
    expect(addComposition("", kinds, "sequential")).toEqual({ source: "const net = sequential([]);", path: [0] });
    expect(addComposition("const net = dense(1);\n\n", kinds, "sequential")).toEqual({
      source: "const net = dense(1);\n\nconst net2 = sequential([]);\n",
      path: [1],
    });
  });
});

// ------------------------------------------------------------------- properties

interface Plain {
  text?: string;
  kind?: string;
  fields?: unknown;
  children?: Plain[];
}

function plainOf(node: CompositionNode): Plain {
  if (node.type === "code") return { text: node.text };
  const { kind, fields, children } = node;
  return children ? { kind, fields, children: children.map(plainOf) } : { kind, fields };
}

function read(source: string): Plain[] {
  return compositionsIn(source).map(({ root }) => plainOf(root));
}

function compositionsIn(source: string): Composition[] {
  const parsed = parseCell(source, kinds);
  if (!parsed.ok) throw new Error(`line ${parsed.line} is no TypeScript:\n${source}`);
  return parsed.compositions;
}

function childrenAt(roots: Plain[], path: readonly number[]): Plain[] {
  let node: Plain = roots[path[0]!]!;
  for (const index of path.slice(1)) node = node.children![index]!;
  return node.children!;
}

/** Sources in any formatting: comments and line breaks wherever they are allowed. */
const space = fc.constantFrom(
  "",
  " ",
  "\n",
  "\n  ",
  "\n\n    ",
  " /* c */ ",
  " // x, y]\n",
  "\n  // above\n  ",
  "\r\n  ",
  "\t",
);
const leaf = fc.constantFrom(
  "dense(1)",
  'dense( 2, {\n    activation : "relu", // r\n  })',
  "flatten()",
  "shared",
  "...blocks",
  "new MyBlock(\n`\n  a`, [1,\n  2])",
  "make({\n      a: 1,\n  })",
);
const box: fc.Arbitrary<string> = fc.letrec<{ node: string; box: string }>((tie) => ({
  node: fc.oneof({ depthSize: "small", maxDepth: 3 }, leaf, tie("box")),
  box: fc
    .tuple(
      fc.array(fc.tuple(space, tie("node"), space), { maxLength: 4 }),
      space,
      fc.boolean(),
      fc.constantFrom("", ", { name: 'n' }"),
    )
    .map(([items, end, trailing, options]) => {
      const text = items.map(([before, node, after]) => `${before}${node}${after}`).join(",");
      return `sequential([${text}${trailing && items.length ? "," : ""}${end}]${options})`;
    }),
})).box;

const step = fc.record({
  operation: fc.constantFrom("insert", "remove", "move", "duplicate", "set", "unset", "wrap"),
  at: fc.nat(),
  to: fc.nat(),
  index: fc.nat({ max: 5 }),
});

describe("any edit of any formatting", () => {
  const before = "// keep, [this]\nconst a = 1;\nconst net = ";
  const after = ";\n/* and this */ net.call(a);\n";

  it("has the named effect on the tree and keeps code and everything around the model byte for byte", () => {
    const run = (
      source: string,
      { operation, at, to, index }: typeof step extends fc.Arbitrary<infer S> ? S : never,
    ): string => {
      const all = walkCompositions(compositionsIn(source));
      const containers = all.filter(({ node }) => node.type === "block" && node.children);
      const { path, node } = all[at % all.length]!;
      const target = containers[to % containers.length]!.path;
      const parent = path.slice(0, -1);
      const expected = read(source);
      let edit: { source: string; path: number[] } | null = null;
      if (operation === "insert") {
        edit = insertBlock(source, kinds, target, index, "dropout(0.25)");
        childrenAt(expected, target).splice(index, 0, { kind: "dropout", fields: { rate: value(0.25) } });
      } else if (operation === "wrap") {
        edit = wrapBlock(source, kinds, path, "sequential");
        const wrapped = { kind: "sequential", fields: {}, children: [plainOf(node)] };
        if (parent.length) childrenAt(expected, parent)[path.at(-1)!] = wrapped;
        else expected[0] = wrapped;
      } else if (parent.length === 0) {
        return source;
      } else if (operation === "remove") {
        edit = removeBlock(source, kinds, path);
        childrenAt(expected, parent).splice(path.at(-1)!, 1);
      } else if (operation === "duplicate") {
        edit = duplicateBlock(source, kinds, path);
        const copy = structuredClone(plainOf(node));
        if (node.type === "block" && node.fields.name) return edit!.source;
        childrenAt(expected, parent).splice(path.at(-1)! + 1, 0, copy);
      } else if (operation === "move") {
        edit = moveBlock(source, kinds, path, target, index);
        if (startsWithPath(target, path)) {
          expect(edit).toBeNull();
          return source;
        }
        const list = childrenAt(expected, target);
        const [moved] = childrenAt(expected, parent).splice(path.at(-1)!, 1, { text: "gone" });
        list.splice(index, 0, moved!);
        const drop = (nodes: Plain[]): Plain[] =>
          nodes
            .filter(({ text }) => text !== "gone")
            .map((each) => (each.children ? { ...each, children: drop(each.children) } : each));
        expect(read(edit!.source)).toEqual(drop(expected));
        return edit!.source;
      } else {
        if (node.type !== "block") return source;
        edit = setField(source, kinds, path, "name", operation === "set" ? value("x") : undefined);
        const fields = { ...node.fields };
        if (operation === "set") fields.name = value("x");
        else delete fields.name;
        childrenAt(expected, parent)[path.at(-1)!] = { ...plainOf(node), fields };
      }
      expect(read(edit!.source)).toEqual(expected);
      return edit!.source;
    };
    fc.assert(
      fc.property(box, fc.array(step, { maxLength: 4 }), (root, steps) => {
        const source = steps.reduce(run, before + root + after);
        expect(source.startsWith(before) && source.endsWith(after)).toBe(true);
        for (const { path, node } of walkCompositions(compositionsIn(source))) {
          if (node.type === "code") expect(blockText(source, kinds, path)).toBe(node.text);
        }
      }),
      { numRuns: 200 },
    );
  });
});

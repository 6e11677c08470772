import { describe, expect, it } from "vitest";
import type { FieldInfo } from "../../base/info";
import { parseCell } from "../../notebook/composition/composition";
import { walkCompositions } from "../../notebook/composition/compositionTree";
import { testKinds } from "../../notebook/composition/testKinds";
import type { BlockDescription } from "../../protocol/protocol";
import { blockStates, findDescribed, pathKey } from "./blockStates";

function described(kind: string, path: string, rest: Partial<BlockDescription> = {}): BlockDescription {
  const base = {
    inputShape: [null, 4],
    outputShape: [null, 4],
    count: 0,
    trainable: true,
    weights: [],
    madeBy: null,
    children: [],
  };
  return { kind, path, name: path, fields: {}, built: true, ...base, ...rest };
}

const ran = {
  variable: "net",
  root: described("sequential", "", {
    count: 30,
    outputShape: [null, 2],
    children: [
      described("flatten", "0"),
      described("dense", "1", { fields: { units: 3, activation: "relu", name: null } }),
      described("sequential", "block", { children: [described("dense", "block/0", { fields: { units: 2 } })] }),
      described("dense", "3", { fields: { units: 2 } }),
    ],
  }),
};

/** The described path of each node, or null, by the node's own path. */
function matched(source: string, edited: boolean, model = ran) {
  const parsed = parseCell(source, testKinds);
  if (!parsed.ok) throw new Error(source);
  const states = blockStates(parsed.compositions, [model], edited);
  return walkCompositions(parsed.compositions).map(({ path }) => states.get(pathKey(path))!.description?.path ?? null);
}

const source =
  'const net = sequential([flatten(), dense(3, { activation: "relu" }), sequential([dense(2)], { name: "block" }), dense(2)]);';

describe("blockStates", () => {
  it("finds blocks by index and by name", () => {
    expect(matched(source, false)).toEqual(["", "0", "1", "block", "block/0", "3"]);
    expect(matched(source, true)).toEqual(["", "0", "1", "block", "block/0", "3"]);
  });

  it("reports unknown from the first edited block on", () => {
    expect(matched(source.replace("dense(3", "dense(5"), true)).toEqual(["", "0", null, null, null, null]);
    expect(matched(source.replace("flatten(), ", ""), true)).toEqual(["", null, null, null, null]);
    expect(matched(source.replace('"relu"', '"tanh"'), true)).toEqual(["", "0", null, null, null, null]);
  });

  it("leaves a container's output unknown if a block in it was edited or removed", () => {
    for (const edit of [source.replace("[dense(2)]", "[dense(9)]"), source.replace(", dense(2)]);", "]);")]) {
      const parsed = parseCell(edit, testKinds);
      if (!parsed.ok) throw new Error(edit);
      const root = blockStates(parsed.compositions, [ran], true).get("0")!.description!;
      expect([root.inputShape, root.outputShape, root.built, root.count]).toEqual([[null, 4], null, false, 0]);
    }
  });

  it("trusts what ran: blocks added by code change nothing", () => {
    expect(matched(source.replace(", dense(2)]);", "]); net.add(dense(2));"), false)).toEqual([
      "",
      "0",
      "1",
      "block",
      "block/0",
    ]);
  });

  it("counts a spread as the blocks that are left for it", () => {
    expect(
      matched('const net = sequential([...two, sequential([dense(2)], { name: "block" }), dense(2)]);', false),
    ).toEqual(["", null, "block", "block/0", "3"]);
  });

  it("shows a reused block as the one at its first place", () => {
    const shared = { variable: "net", root: described("sequential", "", { children: [described("Dense", "0")] }) };
    expect(matched("const net = sequential([shared, shared])", false, shared)).toEqual(["", "0", "0"]);
  });

  it("does not confuse a sibling with a reused block, and counts named ones after it correctly", () => {
    const root = described("sequential", "", {
      fields: { name: null },
      children: [described("dense", "0"), described("dense", "named"), described("dense", "3")],
    });
    expect(
      matched("const net = sequential([shared, shared, make('named'), dense(1)]);", false, { variable: "net", root }),
    ).toEqual(["", "0", "0", "named", "3"]);
  });

  it("finds blocks by the code that made them, wherever they are in the model", () => {
    const text = "const net = sequential([...few, dense(1), more, dense(2)]);";
    const madeBy = (code: string) => {
      const from = text.indexOf(code);
      return { cell: "a", run: 1, from, to: from + code.length, index: 0 };
    };
    const root = described("sequential", "", {
      madeBy: madeBy("sequential([...few, dense(1), more, dense(2)])"),
      children: [
        // Another cell made it, by code at the same offsets.
        described("dense", "0", { madeBy: { ...madeBy("dense(1)"), cell: "b" } }),
        described("dense", "1", { madeBy: madeBy("dense(1)") }),
        described("dense", "2"),
        described("dense", "3"),
        described("dense", "4", { madeBy: madeBy("dense(2)") }),
      ],
    });
    const model = { variable: "net", root };
    const found = matched(text, false, model);
    expect([found[2], found[4]]).toEqual(["1", "4"]);
    const ran1 = parseCell(text, testKinds);
    const edited = parseCell(text.replace("const", "// A net.\nconst"), testKinds);
    if (!ran1.ok || !edited.ok) throw new Error(text);
    const states = blockStates(edited.compositions, [model], true, ran1.compositions);
    expect(["0/1", "0/3"].map((key) => states.get(key)!.description?.path)).toEqual(["1", "4"]);
  });

  it("reports no block of a model that is not in the session", () => {
    expect(matched(source.replace("net", "other"), false)).toEqual([null, null, null, null, null, null]);
  });

  it("compares the arguments of a custom block with the source that ran", () => {
    const own = { kind: "MyDense", title: { en: "", zh: "" }, description: { en: "", zh: "" }, constructed: true };
    const units: FieldInfo = { name: "units", title: own.title, type: "number", positional: true };
    const kinds = { ...testKinds, blocks: [...testKinds.blocks, { ...own, fields: [units] }] };
    const read = (text: string) => {
      const parsed = parseCell(text, kinds);
      if (!parsed.ok) throw new Error(text);
      return parsed.compositions;
    };
    const root = described("sequential", "", {
      fields: { name: null },
      children: [described("MyDense", "0"), described("MyDense", "named")],
    });
    const found = (text: string) => {
      const before = read("const net = sequential([new MyDense(8), new MyDense(4)]);");
      const states = blockStates(read(text), [{ variable: "net", root }], true, before);
      return ["0/0", "0/1"].map((key) => states.get(key)!.description?.path ?? null);
    };
    expect(found("const net = sequential([new MyDense(8), new MyDense(4)], { name: 'x' });")).toEqual(["0", "named"]);
    expect(found("const net = sequential([new MyDense(8), new MyDense(5)]);")).toEqual(["0", null]);
    expect(found("const net = sequential([new MyDense(9), new MyDense(4)]);")).toEqual([null, null]);
  });

  it("maps a described block back to its node", () => {
    const parsed = parseCell(source, testKinds);
    if (!parsed.ok) throw new Error(source);
    const states = blockStates(parsed.compositions, [ran], false);
    expect([findDescribed(states, "net", "block/0"), findDescribed(states, "net", "9")]).toEqual([[0, 2, 0], null]);
  });
});

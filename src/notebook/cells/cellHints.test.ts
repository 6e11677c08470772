import { expect, test } from "vitest";
import type { CellApi, CellName } from "./cellApi";
import { namesDeclaredIn, hintAt, hintsFor, positionOfHint } from "./cellHints";

const member = (name: string, returns?: string): CellName => ({ name, kind: "function", detail: `${name}()`, returns });
const api: CellApi = {
  names: [
    member("ones", "Tensor"),
    member("dense", "Block"),
    { name: "random", kind: "namespace", detail: "random", members: [member("normal", "Tensor")] },
  ],
  members: {
    Tensor: [member("relu", "Tensor"), member("to", "Tensor")],
    Block: [member("call"), member("to", "Block")],
  },
};
const namesAt = (text: string, ...sources: string[]) => {
  const place = positionOfHint(text);
  return place && hintsFor(api, place, [...sources, text]).map(({ name }) => name);
};

test("the place of a word includes the object before its dot", () => {
  expect(["on", "random.no", "f(x).", "a?.b", "1.", "...x", "x . y", ""].map(positionOfHint)).toEqual([
    { object: null, word: "on" },
    { object: "random", word: "no" },
    { object: "", word: "" },
    { object: "a", word: "b" },
    null,
    null,
    { object: "x", word: "y" },
    { object: null, word: "" },
  ]);
});

test("hints are names, members of a namespace, or members of a value's class, which its declaration shows", () => {
  expect([
    namesAt("o"),
    namesAt("random."),
    namesAt("x.", "const x = ones([2]);"),
    namesAt("y.", "const y = await random.normal([2]);"),
    namesAt("z.", "const z = y.relu();"),
    namesAt("net.", "let net = dense(2);"),
    namesAt("mine.", "const mine = new Mine(2);"),
    namesAt("this."),
  ]).toEqual([
    ["ones", "dense", "random"],
    ["normal"],
    ["relu", "to"],
    ["relu", "to"],
    ["relu", "to"],
    ["call", "to"],
    ["call", "to"],
    ["call", "to"],
  ]);
});

test("a value of unknown class has the members of all classes, each once", () => {
  expect([namesAt("unknown."), namesAt("f(x)."), namesAt("q.", "const q = p.to('CPU:0');")]).toEqual(
    [1, 2, 3].map(() => ["relu", "to", "call"]),
  );
});

test("a word is explained at every position in it, except a name that the notebook declares", () => {
  const explained = (text: string, position: number, ...sources: string[]) => {
    const found = hintAt(api, text, position, sources);
    return found && [found.name.detail, found.from, found.to];
  };
  expect([
    explained("ones([2])", 2),
    explained("random.normal(2)", 9),
    explained("x.relu()", 3),
    explained("ones(2)", 1, "const ones = 3;"),
    explained("nothing", 3),
    explained("1 + 2", 2),
  ]).toEqual([["ones()", 0, 4], ["normal()", 7, 13], ["relu()", 2, 6], null, null, null]);
});

test("the declared names of a notebook are those at the top level of its cells", () => {
  const source =
    "const a = 1;\nlet { b, c: d } = x;\nvar [e, f] = y;\nasync function g() {\n  const inner = 1;\n}\nclass H {}";
  expect(namesDeclaredIn([source, "const a = 2;"])).toEqual(["a", "b", "d", "e", "f", "g", "H"]);
});

import { expect, it } from "vitest";
import { testKinds } from "../../notebook/composition/testKinds";
import { createDocumentStore } from "../document/documentStore";
import { createRunStore } from "../runs/runStore";
import { createSessionStore } from "../session/sessionStore";
import { createKindsStore } from "./kindsStore";

const myDense = "class MyDense extends Block { constructor(units: number) { super(); } }";
function setUp(...sources: string[]) {
  const documents = createDocumentStore(() => 0);
  const sessions = createSessionStore();
  const never = () => new Promise<never>(() => undefined);
  const runs = createRunStore({ request: never, stop: never, restart: never }, documents, () => undefined);
  const cells = sources.map((source, index) => ({ id: `c${index}`, type: "code" as const, source }));
  documents.getState().open({ title: "", cells }, { kind: "new" });
  const kinds = createKindsStore(testKinds, sessions, documents, runs);
  return {
    documents,
    sessions,
    runs,
    kinds,
    own: () => kinds.getState().own.map(({ kind, fields }) => [kind, ...fields.map(({ name }) => name)]),
  };
}

it("includes the classes of a notebook that has never run, in addition to built-in kinds", () => {
  const { kinds, own } = setUp("const x = 1;", myDense);
  expect(own()).toEqual([["MyDense", "units"]]);
  expect(kinds.getState().kinds.blocks.map(({ kind }) => kind)).toEqual([
    ...testKinds.blocks.map(({ kind }) => kind),
    "MyDense",
  ]);
});

it("follows the source: a changed class, a half-typed one, a deleted one", () => {
  const { documents, own } = setUp(myDense);
  const write = (source: string) => {
    documents.getState().setSource("c0", source);
    return own();
  };
  expect([
    write(myDense.replace("units: number", "units: number, rate = 0.5")),
    write("class MyDense extends Block { constructor("),
    write("class Other extends Block {}"),
    write("const x = 1;"),
  ]).toEqual([[["MyDense", "units", "rate"]], [["MyDense", "units", "rate"]], [["Other", "name"]], []]);
});

it("returns the same object while something else is typed", () => {
  const { documents, kinds } = setUp(myDense, "");
  const before = kinds.getState();
  documents.getState().setSource("c1", "const y = 2;");
  documents.getState().setSource("c0", `${myDense} // and a word`);
  expect(kinds.getState()).toBe(before);
});

it("lets a custom class replace a built-in kind of the same name", () => {
  const { kinds } = setUp("class flatten extends Block {}");
  const named = kinds.getState().kinds.blocks.filter(({ kind }) => kind === "flatten");
  expect(named.map(({ constructed }) => constructed)).toEqual([true]);
});

it("takes classes known only at run time from the session, as long as a cell of the notebook declared them", () => {
  const { documents, sessions, runs, own } = setUp("const Made = make(3);", "class Mixed extends mixin(Block) {}");
  expect(own()).toEqual([]);
  const run = { status: "ok" as const, outputs: [], run: 1, source: "", declared: ["Made"] };
  runs.getState().replace({ c0: run });
  const texts = ["class extends Base {}", "class Base extends Block { constructor(width, depth = 2) { super(); } }"];
  const classes = [
    { variable: "Made", texts },
    { variable: "Mixed", texts: ["class Mixed extends mixin(Block) {}"] },
    { variable: "FromElsewhere", texts },
  ];
  sessions.setState({ classes });
  expect(own()).toEqual([
    ["Mixed", "name"],
    ["Made", "width", "depth"],
  ]);
  documents.getState().setSource("c0", "const Other = 3;");
  expect(own()).toEqual([["Mixed", "name"]]);
  documents.getState().setSource("c0", "const Made = make(4);");
  expect(own()).toHaveLength(2);
  documents.getState().removeCell("c0");
  expect(own()).toEqual([["Mixed", "name"]]);
});

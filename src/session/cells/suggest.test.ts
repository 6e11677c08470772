import { expect, test } from "vitest";
import * as library from "../../index";
import { OutputQueue } from "../show/outputQueue";
import { CellEvaluator } from "./cellEvaluator";
import { Runner } from "./runner";
import { suggestionFor } from "./suggest";

function createSession() {
  const runner = new Runner(new OutputQueue(() => {}));
  const evaluator = new CellEvaluator({ ...library, ...runner.functions });
  let run = 0;
  const errorOf = async (source: string) =>
    (await runner.run({ kind: "run", cell: "a", run: ++run, source }, evaluator)).error;
  return { evaluator, errorOf, remedyOf: async (source: string) => (await errorOf(source))?.remedy };
}

test("a name close to one of the library, the notebook or the language is suggested", async () => {
  const { errorOf, remedyOf } = createSession();
  await errorOf("const hiddenUnits = 3; class MyDense extends Block {}");
  expect(await errorOf("1;\ndenze(3)")).toEqual({
    name: "ReferenceError",
    message: "denze is not defined. Did you mean `dense`?",
    remedy: "Did you mean `dense`?",
    place: { cell: "a", line: 2, column: 1 },
  });
  const names = [
    "Dense(3)",
    "sequental([])",
    "hidenUnits",
    "new MyDens()",
    "Maht.log(2)",
    "Aray.from([])",
    "zreos([2])",
  ];
  expect(await Promise.all(names.map(remedyOf))).toEqual([
    "Did you mean `dense`?",
    "Did you mean `sequential`?",
    "Did you mean `hiddenUnits`?",
    "Did you mean `MyDense`?",
    "Did you mean `Math`?",
    "Did you mean `Array`?",
    "Did you mean `zeros`?",
  ]);
});

test("a tensor method called as a function is identified as a method", async () => {
  const { remedyOf } = createSession();
  expect(await remedyOf("relu(ones([2]))")).toBe("Tensors have it as a method: `x.relu()`.");
});

test("a method is looked up on the value it was called on", async () => {
  const { errorOf, remedyOf } = createSession();
  await errorOf("const x = ones([2, 2]); const net = sequential([dense(2)]); const lists = { a: [1] };");
  const calls = [
    "x.sofmax()",
    "x.add(1).sofmax()",
    "net.sumary()",
    "net.call(x).rehsape([4])",
    "initializers.zeroes()",
    "losses.meanSqaredError(x, x)",
    "lists.a.mpa((v) => v)",
    "(() => { const inner = x; return inner.transpse(); })()",
  ];
  expect(await Promise.all(calls.map(remedyOf))).toEqual([
    "Did you mean `softmax`?",
    "Did you mean `softmax`?",
    "Did you mean `summary`?",
    "Did you mean `reshape`?",
    "Did you mean `zeros`?",
    "Did you mean `meanSquaredError`?",
    "Did you mean `map`?",
    "Did you mean `transpose`?",
  ]);
});

test("nothing is suggested if no name is close, or the error has another cause", async () => {
  const { evaluator, errorOf, remedyOf } = createSession();
  await errorOf("const x = ones([2]);");
  const sources = ["nowhere", "q", "x.photograph()", "undefined.foo", "x.shape()", "throw new TypeError('a.b')"];
  expect(await Promise.all(sources.map(remedyOf))).toEqual(sources.map(() => undefined));
  expect([suggestionFor("denze is not defined", evaluator), suggestionFor(undefined, evaluator)]).toEqual([
    undefined,
    undefined,
  ]);
});

test("getters on the way are not run", async () => {
  const { errorOf } = createSession();
  await errorOf("let reads = 0; const trap = { get deep() { reads++; return { value: 1 }; } };");
  await errorOf("trap.deep.softmaxx()");
  expect(await errorOf("check(reads === 1, 'only the cell itself has read it')")).toBeUndefined();
});

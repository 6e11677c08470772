import { expect, test } from "vitest";
import * as library from "../../index";
import type { Request, Responses } from "../../protocol/protocol";
import { checkMessage, checkResponse } from "../../protocol/validate";
import { CellEvaluator } from "../cells/cellEvaluator";
import { Runner } from "../cells/runner";
import { OutputQueue } from "../show/outputQueue";
import { builtInCatalogue } from "./catalogue";
import { answer, createHandlers } from "./handlers";
import { RunMonitor } from "./runMonitor";

type RequestOf<Kind extends Request["kind"]> = Extract<Request, { kind: Kind }>;

/** A session without a port: every answer has to pass the page's validation. */
function createSession() {
  const runner = new Runner(new OutputQueue(() => {}));
  const released: (() => void)[] = [];
  const wait = () => new Promise<void>((resolve) => released.push(resolve));
  const evaluator = new CellEvaluator({ ...library, ...runner.functions, wait });
  const handlers = createHandlers(evaluator, runner, new RunMonitor());
  async function ask<Kind extends Request["kind"]>(request: RequestOf<Kind>): Promise<Responses[Kind]> {
    const { value } = await answer(handlers, request);
    const checked = checkResponse(request.kind, value);
    expect(checked).toEqual(value);
    return checked!;
  }
  let run = 0;
  return {
    ask,
    released,
    async run(source: string) {
      const result = await ask<"run">({ kind: "run", cell: "a", run: ++run, source });
      if (result.error) throw new Error(result.error.message);
    },
  };
}

const mlp = `
class Head extends Block { inner = dense(2); forward(x) { return this.inner.call(x); } }
const net = sequential([dense(3, { activation: "relu" }), new Head()]);
net.call(ones([4, 5]));`;

test("models are the blocks among the names in scope, in declaration order", async () => {
  const { ask, run } = createSession();
  await run("const unbuilt = sequential([flatten()]); const x = 1; const none = null;");
  await run(mlp);
  const models = await ask<"models">({ kind: "models" });
  expect(models.map(({ variable, root }) => [variable, root.built, root.count])).toEqual([
    ["unbuilt", false, 0],
    ["net", true, 26],
  ]);
});

test("block classes among the names in scope are listed with their code, other classes are not", async () => {
  const { ask, run } = createSession();
  await run(`class Plain {}
abstract class Base extends Block { constructor(public units: number) { super(); } }
class MyDense extends Base {}
const made = ((width) => class extends Block { width = width; static toString() { return "a lie"; } })(3);
const layer = new MyDense(8);`);
  expect(await ask<"classes">({ kind: "classes" })).toEqual([
    { variable: "Base", texts: [expect.stringMatching(/^ *class Base extends Block \{ constructor\( *units\)/)] },
    { variable: "MyDense", texts: ["class MyDense extends Base {}", expect.stringContaining("class Base")] },
    { variable: "made", texts: [expect.stringMatching(/^class extends Block/)] },
  ]);
});

test("a model is described with paths, shapes, counts, and the class name for a block from a cell", async () => {
  const { ask, run } = createSession();
  await run(mlp);
  const [{ root }] = (await ask<"models">({ kind: "models" })) as [Responses["models"][0]];
  const weight = (path: string, shape: number[]) => ({
    path,
    name: path.split("/").at(-1),
    shape,
    dtype: "float32",
    device: "CPU:0",
    trainable: true,
    state: false,
    aliases: [],
  });
  const fields = {
    units: 3,
    activation: "relu",
    useBias: true,
    kernelInitializer: "glorotUniform",
    biasInitializer: "zeros",
    name: null,
  };
  const common = { built: true, trainable: true };
  const madeBy = (code: string) => {
    const from = mlp.indexOf(code);
    return { cell: "a", run: 1, from, to: from + code.length, index: 0 };
  };
  expect(root).toEqual({
    ...common,
    kind: "sequential",
    path: "",
    name: "",
    fields: { name: null },
    inputShape: [null, 5],
    outputShape: [null, 2],
    count: 26,
    madeBy: madeBy('sequential([dense(3, { activation: "relu" }), new Head()])'),
    weights: [],
    children: [
      {
        ...common,
        kind: "dense",
        path: "0",
        name: "0",
        fields,
        inputShape: [null, 5],
        outputShape: [null, 3],
        count: 18,
        madeBy: madeBy('dense(3, { activation: "relu" })'),
        weights: [weight("0/kernel", [5, 3]), weight("0/bias", [3])],
        children: [],
      },
      {
        ...common,
        kind: "Head",
        path: "1",
        name: "1",
        fields: {},
        inputShape: [null, 3],
        outputShape: [null, 2],
        count: 8,
        madeBy: madeBy("new Head()"),
        weights: [],
        children: [
          {
            ...common,
            kind: "dense",
            path: "1/inner",
            name: "inner",
            fields: { ...fields, units: 2, activation: "linear" },
            inputShape: [null, 3],
            outputShape: [null, 2],
            count: 8,
            madeBy: madeBy("dense(2)"),
            weights: [weight("1/inner/kernel", [3, 2]), weight("1/inner/bias", [2])],
            children: [],
          },
        ],
      },
    ],
  });
});

test("a block used twice is described once, its weights with both paths", async () => {
  const { ask, run } = createSession();
  await run("const shared = dense(5); const net = sequential([shared, shared]); net.call(ones([1, 5]));");
  const models = await ask<"models">({ kind: "models" });
  const { root } = models.find(({ variable }) => variable === "net")!;
  expect([
    root.count,
    root.children.length,
    root.children[0]!.weights.map(({ path, aliases }) => [path, aliases]),
  ]).toEqual([
    30,
    1,
    [
      ["0/kernel", ["1/kernel"]],
      ["0/bias", ["1/bias"]],
    ],
  ]);
});

test("a weight is read, one element is written, and it is drawn again as before", async () => {
  const { ask, run } = createSession();
  await run(mlp);
  const kernel = { model: "net", path: "0/kernel" };
  const before = await ask<"weight">({ kind: "weight", ...kernel });
  expect(before).toMatchObject({
    weight: { path: "0/kernel", shape: [5, 3] },
    statistics: { size: 15, nan: 0 },
    initializer: { kind: "glorotUniform", fields: {} },
    edited: false,
  });
  const after = await ask<"setWeight">({ kind: "setWeight", ...kernel, index: [1, -1], value: 42 });
  const expected = [...before.values];
  expected[5] = 42;
  expect([[...after.values], after.statistics.max]).toEqual([expected, 42]);
  expect([after.initializer?.kind, after.edited]).toEqual(["glorotUniform", true]);
  await ask<"initialize">({ kind: "initialize", model: "net" });
  expect((await ask<"weight">({ kind: "weight", ...kernel })).values).toEqual(before.values);
});

test("another seed draws different weights, the same seed the same", async () => {
  const { ask, run } = createSession();
  await run(mlp);
  const draw = async (seed: number) => {
    await ask<"initialize">({ kind: "initialize", model: "net", seed });
    return [...(await ask<"weight">({ kind: "weight", model: "net", path: "0/kernel" })).values];
  };
  const [one, two, again] = [await draw(1), await draw(2), await draw(1)];
  expect(one).toEqual(again);
  expect(one).not.toEqual(two);
});

test("weights are saved as a file and loaded again, with a report first and a strict check", async () => {
  const { ask, run } = createSession();
  await run(mlp);
  const bytes = await ask<"saveWeights">({ kind: "saveWeights", model: "net" });
  const before = await ask<"weight">({ kind: "weight", model: "net", path: "0/kernel" });
  await ask<"initialize">({ kind: "initialize", model: "net", seed: 9 });
  const rows = await ask<"compareWeights">({ kind: "compareWeights", model: "net", bytes });
  expect(rows.map(({ file, path, status }) => [file, path, status])).toEqual(
    ["0/kernel", "0/bias", "1/inner/kernel", "1/inner/bias"].map((path) => [path, path, "match"]),
  );
  expect(await ask<"loadWeights">({ kind: "loadWeights", model: "net", bytes })).toEqual(rows);
  expect((await ask<"weight">({ kind: "weight", model: "net", path: "0/kernel" })).values).toEqual(before.values);

  await run("const other = sequential([dense(7)]); other.call(ones([1, 5]));");
  const held = await ask<"weight">({ kind: "weight", model: "other", path: "0/kernel" });
  await expect(ask<"loadWeights">({ kind: "loadWeights", model: "other", bytes })).rejects.toMatchObject({
    name: "WeightsError",
  });
  expect((await ask<"weight">({ kind: "weight", model: "other", path: "0/kernel" })).values).toEqual(held.values);
});

test("a name that is not a model and a path that is not a weight are reported as errors", async () => {
  const { ask, run } = createSession();
  await run(`${mlp} const x = 1;`);
  await expect(ask<"saveWeights">({ kind: "saveWeights", model: "gone" })).rejects.toThrow(
    "gone: expected a model in the session, got no such variable. Run the cell that creates it.",
  );
  await expect(ask<"weight">({ kind: "weight", model: "x", path: "w" })).rejects.toThrow("got something else");
  await expect(ask<"weight">({ kind: "weight", model: "net", path: "w" })).rejects.toThrow(
    'Sequential: expected the path of one of its weights, got "w".',
  );
});

test("a file is inspected without changing anything that cells see", async () => {
  const { ask, run } = createSession();
  await run(mlp);
  const bytes = await ask<"saveWeights">({ kind: "saveWeights", model: "net" });
  const file = { path: "mlp.params", bytes };
  const report = await ask<"inspectFile">({ kind: "inspectFile", ...file });
  const names = ["0/bias", "0/kernel", "1/inner/bias", "1/inner/kernel"];
  expect(report.kind === "tensors" && report.tensors.map(({ name }) => name)).toEqual(names);
  const kernel = await ask<"weight">({ kind: "weight", model: "net", path: "0/kernel" });
  const { shape, values } = await ask<"fileTensor">({ kind: "fileTensor", ...file, index: 1 });
  expect([shape, values]).toEqual([[5, 3], Float64Array.from(kernel.values)]);
  await expect(ask<"inspectFile">({ kind: "inspectFile", path: "x.npy", bytes })).rejects.toMatchObject({
    name: "FormatError",
  });
});

test("a request while a closure is open does not affect the closure's tensors or its own", async () => {
  const { ask, released, run } = createSession();
  await run(mlp);
  const running = run("const kept = await tidy(async () => { const y = ones([2]); await wait(); return y.add(1); });");
  await expect.poll(() => released.length).toBe(1);
  await ask<"initialize">({ kind: "initialize", model: "net", seed: 3 });
  await ask<"setWeight">({ kind: "setWeight", model: "net", path: "0/bias", index: [0], value: 5 });
  released[0]!();
  await running;
  expect([...(await ask<"weight">({ kind: "weight", model: "net", path: "0/bias" })).values]).toEqual([5, 0, 0]);
  await run("check(allClose(kept, full([2], 2)));");
});

test("the catalogue and the devices pass the page's validation", async () => {
  const { ask } = createSession();
  const devices = await ask<"deviceInfo">({ kind: "deviceInfo" });
  expect(devices.map(({ device }) => device)).toEqual(library.devices());
  const ready = { type: "ready", catalogue: builtInCatalogue(), devices, gpu: "noApi" };
  expect(checkMessage(ready)).toEqual(ready);
  const kinds = Object.entries(builtInCatalogue()).map(([list, infos]) => [list, infos.length > 0]);
  expect(kinds).toEqual(
    ["blocks", "initializers", "optimizers", "schedules", "losses", "metrics", "datasets", "ops"].map((list) => [
      list,
      true,
    ]),
  );
});

// The last one, because it creates a second device.
test("the page selects the default device, and an absent device is rejected", async () => {
  const { ask, run } = createSession();
  const before = library.configureLogicalDevices("CPU", 2);
  try {
    expect(await ask<"useDevice">({ kind: "useDevice", device: "CPU:1" })).toBeNull();
    await run('check(ones([2]).device === "CPU:1");');
    await expect(ask<"useDevice">({ kind: "useDevice", device: "GPU:7" })).rejects.toThrow("GPU:7");
  } finally {
    await ask<"useDevice">({ kind: "useDevice", device: "CPU:0" });
  }
  expect(before).toEqual(["CPU:0", "CPU:1"]);
});

import { expect, test } from "vitest";
import * as library from "../../index";
import type { Request, Responses } from "../../protocol/protocol";
import { checkResponse } from "../../protocol/validate";
import { CellEvaluator } from "../cells/cellEvaluator";
import { Runner } from "../cells/runner";
import { OutputQueue } from "../show/outputQueue";
import { answer, createHandlers } from "./handlers";
import { RunMonitor } from "./runMonitor";

/** A session without a port: every answer has to pass the page's validation. */
function createSession() {
  const runner = new Runner(new OutputQueue(() => {}));
  const evaluator = new CellEvaluator({ ...library, ...runner.functions });
  const handlers = createHandlers(evaluator, runner, new RunMonitor());
  let run = 0;
  async function ask<Kind extends Request["kind"]>(
    request: Extract<Request, { kind: Kind }>,
  ): Promise<Responses[Kind]> {
    const { value } = await answer(handlers, request);
    expect(checkResponse(request.kind, value)).toEqual(value);
    return value as Responses[Kind];
  }
  return { ask, run: (source: string) => ask<"run">({ kind: "run", cell: "a", run: ++run, source }) };
}

const training = `
setSeed(1);
class Net extends Block {
  hidden = dense(3, { activation: "tanh", name: "hidden" });
  out = dense(2, { name: "out" });
  forward(x) { return this.out.call(this.hidden.call(x)); }
}
const net = new Net();
const other = sequential([dense(2)]);
const x = random.normal([4, 5], 0, 1, { device: "CPU:0" });
const y = zeros([4, 2], { device: "CPU:0" });
const optimizer = optimizers.sgd({ learningRate: 0.1 });
for (let i = 0; i < 3; i++) await optimizer.minimize(() => losses.meanSquaredError(y, net.call(x)), net);`;

test("a run reports which plans it used, and how often", async () => {
  const { run } = createSession();
  const first = await run(training);
  const use = { id: expect.any(Number), closure: "minimize()", device: "CPU:0", dispatches: expect.any(Number) };
  expect(first).toMatchObject({ status: "ok", plans: [{ ...use, steps: 3 }] });
  const again = await run("await optimizer.minimize(() => losses.meanSquaredError(y, net.call(x)), net); 1");
  expect(again.plans).toEqual([{ ...first.plans![0], steps: 1 }]);
  expect(await run("1 + 1")).not.toHaveProperty("plans");
});

test("a run reports which closures were computed in parts, and where the first value was awaited", async () => {
  const { run } = createSession();
  await run(training);
  const { splits } = await run(`for (let i = 0; i < 3; i++)
  await optimizer.minimize(async () => {
    const loss = losses.meanSquaredError(y, net.call(x));
    if ((await loss.item()) > 1e9) throw new Error("diverged");
    return loss.mul(2);
  }, net);`);
  const place = { cell: "a", line: 4, column: expect.any(Number) };
  expect(splits).toEqual([{ closure: "minimize()", parts: 2, place }]);
  expect(await run("await optimizer.minimize(() => net.call(x).mean(), net); 1")).not.toHaveProperty("splits");
});

test("the plans of a block are those it took part in, with its own dispatches marked", async () => {
  const { ask, run } = createSession();
  const { plans } = await run(training);
  const of = (path: string) => ask<"plans">({ kind: "plans", of: { model: "net", path } });
  const [plan] = await of("hidden");
  expect(plan).toMatchObject({ id: plans![0]!.id, closure: "minimize()", device: "CPU:0", steps: 3, live: true });
  const own = plan!.dispatches.filter((dispatch) => dispatch.own);
  const owners = own.flatMap(({ work }) => work.map(({ owner }) => owner));
  expect(owners).toContainEqual({ type: "block", kind: "dense", path: "hidden" });
  expect(owners).toContainEqual({ type: "weight", path: "hidden/kernel" });
  expect(own.length).toBeLessThan(plan!.dispatches.length);
  // All of the model's dispatches belong to its blocks.
  const [whole] = await of("");
  expect(whole!.dispatches.filter((dispatch) => dispatch.own).length).toBeGreaterThan(own.length);
  expect(await ask<"plans">({ kind: "plans", of: { model: "other", path: "" } })).toEqual([]);
  const byId = await ask<"plans">({ kind: "plans", of: { ids: [plan!.id] } });
  expect(byId).toEqual([{ ...plan, dispatches: plan!.dispatches.map((one) => ({ ...one, own: false })) }]);
});

test("a dispatch is read, timed and checked without changing anything", async () => {
  const { ask, run } = createSession();
  const { plans } = await run(training);
  const kernel = () => ask<"weight">({ kind: "weight", model: "net", path: "hidden/kernel" });
  const before = await kernel();
  const place = { plan: plans![0]!.id, dispatch: 0 };
  expect(await ask<"dispatchText">({ kind: "dispatchText", ...place })).toMatch(/^\((func|views)/);
  expect(await ask<"timeDispatch">({ kind: "timeDispatch", ...place })).toMatchObject({ method: "clock" });
  const check = await ask<"checkDispatch">({ kind: "checkDispatch", ...place });
  expect(check).toMatchObject({ against: "CPU float64" });
  expect(["same", "close"]).toContain(check.verdict);
  expect((await kernel()).values).toEqual(before.values);
});

test("a dispatch that does not exist is an error with a remedy", async () => {
  const { ask, run } = createSession();
  await run(training);
  await expect(ask({ kind: "dispatchText", plan: 1e9, dispatch: 0 })).rejects.toThrow(
    "a dispatch: expected a plan that still exists, got one that newer plans have replaced. Run the cell again.",
  );
  await expect(ask({ kind: "plans", of: { model: "net", path: "no" } })).rejects.toThrow(
    'Net: expected the path of one of its blocks, got "no".',
  );
});

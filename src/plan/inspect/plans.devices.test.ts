/** Tests of `plans()` on one device: what plans report about their dispatches. */
import { beforeAll, expect } from "vitest";
import {
  type Block,
  compileFunction,
  deviceInfo,
  losses,
  optimizers,
  plans,
  random,
  sequential,
  dense,
  setSeed,
  type Tensor,
  tensor,
} from "../../index";
import { openTestDevices, testDevice as device } from "../../testing/eachDevice";
import { Mlp, onDevice } from "../../testing/onDevice";
import { recordClosure } from "../closures/closure";
import type { Computation } from "../run/computation";
import type { Recording } from "../run/recording";
import { retainFreedPlans } from "./planLog";

async function trained(net: Block, x: Tensor, y: Tensor, steps: number): Promise<void> {
  const optimizer = optimizers.adam();
  const loss = () => losses.sparseCategoricalCrossentropy(y, net.call(x), { fromLogits: true });
  for (let step = 0; step < steps; step++) await optimizer.minimize(loss, net);
}

/** Returns a trained net whose step is several dispatches on every device. */
async function trainedMlp(): Promise<Mlp> {
  setSeed(5);
  const net = new Mlp();
  const y = tensor(
    Array.from({ length: 64 }, (_, row) => row % 3),
    { dtype: "int32" },
  );
  await trained(net, random.normal([64, 300]), y, 4);
  return net;
}

async function valuesOf(net: Block): Promise<number[][]> {
  return Promise.all(net.weights.map(async (weight) => Array.from(await weight.data(), Number)));
}

/** Counters of live memory. */
function held() {
  const { buffers, bytesInUse } = deviceInfo(device);
  return { buffers, bytesInUse };
}

beforeAll(openTestDevices);

const on = (name: string, body: () => Promise<void>) => onDevice(device, name, body);

on("a plan reports its closure, its device and its number of steps", async () => {
  await trainedMlp();
  const [plan] = plans();
  const { closure, steps, isLive } = plan!;
  // On a GPU the first step runs op by op.
  const compiled = device.startsWith("GPU") ? 3 : 4;
  expect([closure, plan!.device, steps, isLive]).toEqual(["minimize()", device, compiled, true]);
});

on("every op of a step is attributed to its block, gradient or update", async () => {
  const net = await trainedMlp();
  const work = plans()[0]!.dispatches.flatMap((dispatch) => dispatch.work);
  const opsOf = (owner: unknown, phase: string) => [
    ...new Set(work.filter((one) => one.owner === owner && one.phase === phase).flatMap(({ ops }) => ops)),
  ];
  expect(opsOf(net.hidden, "forward")).toEqual(expect.arrayContaining(["matmul", "add", "relu"]));
  expect(opsOf(net.out, "forward")).toEqual(expect.arrayContaining(["matmul", "add"]));
  expect(opsOf(net.out, "forward")).not.toContain("relu");
  expect(opsOf(net.hidden, "gradient")).toContain("matmul");
  expect(opsOf(net.hidden.weights[0], "update").length).toBeGreaterThan(0);
  expect(
    plans()[0]!
      .dispatches.map(({ title }) => title)
      .join(),
  ).toContain('Dense "hidden": matmul, add, relu');
});

on("a dispatch reports the parameters that it reads or replaces", async () => {
  const net = await trainedMlp();
  const parameters = new Set(plans()[0]!.dispatches.flatMap((dispatch) => dispatch.parameters));
  for (const weight of net.weights) expect(parameters).toContain(weight);
});

on("each dispatch has its source in its language", async () => {
  await trainedMlp();
  const { dispatches } = plans()[0]!;
  expect(dispatches.length).toBeGreaterThan(1);
  for (const { text, language, workgroups } of dispatches) {
    const isGpu = device.startsWith("GPU");
    const form = {
      wgsl: /@compute @workgroup_size\(/,
      javascript: /for \(|call\(/,
      webassembly: /f32x4\.|panels\.wat/,
    };
    expect(text).toMatch(form[language]);
    expect(language === "wgsl").toBe(isGpu);
    expect(workgroups === null).toBe(!isGpu);
  }
});

on("each dispatch of a step agrees with the CPU, and checking it changes nothing", async () => {
  const net = await trainedMlp();
  const plan = plans()[0]!;
  const before = await valuesOf(net);
  const memory = held();
  for (const dispatch of plan.dispatches) {
    const check = await dispatch.check();
    expect(check, dispatch.title).toMatchObject({
      against: device.startsWith("GPU") ? "CPU float32" : "CPU float64",
    });
    expect(check.compared, dispatch.title).toBeGreaterThan(0);
    expect(check.verdict, `${dispatch.title}: ${JSON.stringify(check)}`).not.toBe("different");
  }
  expect(await valuesOf(net)).toEqual(before);
  expect(plan.steps).toBe(plans()[0]!.steps);
  // The counters may shrink when the garbage collector frees earlier tensors.
  expect(held().buffers).toBeLessThanOrEqual(memory.buffers);
  expect(held().bytesInUse).toBeLessThanOrEqual(memory.bytesInUse);
});

on("a whole small step agrees with the CPU", async () => {
  setSeed(6);
  const net = sequential([dense(4, { activation: "tanh" }), dense(2)]);
  await trained(net, random.normal([8, 3]), tensor([0, 1, 0, 1, 0, 1, 0, 1], { dtype: "int32" }), 3);
  for (const dispatch of plans()[0]!.dispatches) expect((await dispatch.check()).verdict).not.toBe("different");
});

on("a dispatch is timed on copies of its memory", async () => {
  const net = await trainedMlp();
  const before = await valuesOf(net);
  const time = await plans()[0]!.dispatches[0]!.time();
  expect(time.milliseconds).toBeGreaterThanOrEqual(0);
  expect(Number.isFinite(time.milliseconds)).toBe(true);
  expect(time.runs).toBeGreaterThanOrEqual(1);
  expect(device.startsWith("GPU") ? ["timestamps", "queue"] : ["clock"]).toContain(time.method);
  expect(await valuesOf(net)).toEqual(before);
});

on("random draws and integers are checked like any other value", async () => {
  const drawn = compileFunction((x: Tensor) => [
    x
      .add(random.normal([64, 64]))
      .greater(0)
      .sum(0),
    x.argmax(1),
  ]);
  const x = random.normal([64, 64]);
  for (let again = 0; again < 3; again++) await drawn(x);
  const [plan] = plans();
  expect(plan!.closure).toBe("compileFunction()");
  for (const dispatch of plan!.dispatches) {
    const check = await dispatch.check();
    expect(check.verdict, `${dispatch.title}: ${JSON.stringify(check)}`).not.toBe("different");
  }
});

on("the plans of a training can be checked and timed after it, on snapshots of bounded size", async () => {
  retainFreedPlans(2 ** 24);
  try {
    const earlier = new Set(plans().map(({ id }) => id));
    const net = new Mlp();
    net.compile({ optimizer: optimizers.adam(), loss: losses.meanSquaredError, metrics: [] });
    const x = random.normal([80, 300]);
    await net.fit(x, random.normal([80, 3]), { epochs: 2, batchSize: 32 });
    const fits = () => plans().filter(({ id, closure, isLive }) => closure === "fit()" && isLive && !earlier.has(id));
    const [plan] = fits();
    const before = await valuesOf(net);
    for (let again = 0; again < 2; again++) {
      const check = await plan!.dispatches[0]!.check();
      expect(check.compared).toBeGreaterThan(0);
      expect(check.verdict, JSON.stringify(check)).not.toBe("different");
    }
    expect((await plan!.dispatches[0]!.time()).runs).toBeGreaterThanOrEqual(1);
    expect(await valuesOf(net)).toEqual(before);
    retainFreedPlans(1000);
    expect(fits()).toEqual([]);
    expect(plans().some(({ id }) => id === plan!.id)).toBe(true);
  } finally {
    retainFreedPlans(0);
  }
});

on("a plan whose parameters were freed first still leaves a snapshot, and no later work fails", async () => {
  retainFreedPlans(2 ** 24);
  try {
    const x = random.normal([16, 12]);
    const y = tensor(Array.from({ length: 16 }, (_, row) => row % 3));
    // Twice as many as there are snapshots, so that old ones are freed while new ones are taken.
    for (let model = 0; model < 16; model++) {
      const net = sequential([dense(24 + (model % 3)), dense(3)]);
      await trained(net, x, y.cast("int32"), 3);
      for (const weight of net.weights) weight.dispose();
      expect(await x.sum().item()).not.toBeNaN();
    }
    const checked = plans().find(({ closure, isLive }) => closure === "minimize()" && isLive)!;
    expect((await checked.dispatches[0]!.check()).verdict).not.toBe("different");
  } finally {
    retainFreedPlans(0);
  }
});

on("results are bit-identical whether freed plans leave snapshots or not", async () => {
  const x = random.normal([40, 12]);
  const y = random.normal([40, 2]);
  const run = async (mostBytes: number) => {
    retainFreedPlans(mostBytes);
    setSeed(7);
    const seen: number[][] = [];
    for (let model = 0; model < 6; model++) {
      const net = sequential([dense(20 + (model % 2), { activation: "tanh" }), dense(2)]);
      net.compile({ optimizer: optimizers.adam(), loss: losses.meanSquaredError, metrics: [] });
      const { loss } = await net.fit(x, y, { epochs: 3, batchSize: 16 });
      seen.push(loss!, ...(await valuesOf(net)));
      if (model % 3 === 0) for (const weight of net.weights) weight.dispose();
    }
    return seen;
  };
  try {
    expect(await run(2 ** 24)).toEqual(await run(0));
  } finally {
    retainFreedPlans(0);
  }
});

on("a plan whose memory was freed keeps its source, and explains why it cannot be checked", async () => {
  const step = await recordTestStep();
  step.run(2, () => []);
  const plan = plans()[0]!;
  const { text } = plan.dispatches[0]!;
  expect([plan.closure, plan.steps]).toEqual(["a test", 2]);
  step.dispose();
  const freed = plans().find(({ id }) => id === plan.id)!;
  expect([freed.isLive, freed.dispatches[0]!.text]).toEqual([false, text]);
  await expect(freed.dispatches[0]!.check()).rejects.toThrow(
    "check() of a dispatch of a test: expected a live plan, got one whose memory was freed. " +
      "Run the step again, then take its dispatch from plans().",
  );
});

on("a recorded step is not current after its plan was freed, even if a snapshot is retained", async () => {
  retainFreedPlans(2 ** 20);
  try {
    const step = await recordTestStep();
    step.run(1, () => []);
    const { id } = plans()[0]!;
    expect(step.isCurrent()).toBe(true);
    step.dispose();
    expect([plans().find((plan) => plan.id === id)!.isLive, step.isCurrent()]).toEqual([true, false]);
  } finally {
    retainFreedPlans(0);
  }
});

/** Records a step that assigns to a parameter. */
function recordTestStep(): Promise<Recording> {
  const net = sequential([dense(3)]);
  const x = random.normal([4, 2]);
  net.call(x);
  return recordClosure(
    "a test",
    false,
    () => {
      net.weights[1]!.assign(net.call(x).mean(0));
      return net.call(x).mean();
    },
    (loss): Computation => ({
      roots: [loss],
      key: "a test",
      targets: [],
      variables: [],
      numbers: [],
      extend: () => ({ outputs: [], updates: [] }),
    }),
  );
}

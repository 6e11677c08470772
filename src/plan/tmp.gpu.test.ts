import { test } from "vitest";
import { dense, gru, losses, open, optimizers, plans, random, sequential, type Tensor } from "../index";

test("x", { timeout: 400000 }, async () => {
  await open();
  const net = sequential([gru(64), dense(1)]);
  const x = random.normal([32, 64, 8]),
    y = random.normal([32, 1]);
  net.call(x);
  const t0 = performance.now();
  const step = await optimizers.adam().recorded(() => losses.meanSquaredError(y, net.call(x) as Tensor), net);
  console.log("recorded", performance.now() - t0);
  for (let i = 0; i < 6; i++) {
    const t = performance.now();
    step.run(1, () => undefined as never);
    await net.weights[0]!.data();
    console.log("step", performance.now() - t);
  }
  await new Promise((r) => setTimeout(r, 3000));
  for (let i = 0; i < 4; i++) {
    const t = performance.now();
    step.run(1, () => undefined as never);
    await net.weights[0]!.data();
    console.log("step", performance.now() - t);
  }
  const plan = plans()[0]!;
  const sums = new Map<string, { n: number; ms: number; text: string; title: string; groups: string }>();
  const timed = new Map<string, number>();
  for (const d of plan.dispatches) {
    const key = d.text + d.workgroups;
    if (!timed.has(key)) timed.set(key, (await d.time()).milliseconds);
    const s = sums.get(key) ?? { n: 0, ms: 0, text: d.text, title: d.title, groups: String(d.workgroups) };
    s.n++;
    s.ms += timed.get(key)!;
    sums.set(key, s);
  }
  const all = [...sums.values()].sort((a, b) => b.ms - a.ms);
  console.log(
    "total",
    plan.dispatchCount,
    all.reduce((s, o) => s + o.ms, 0),
  );
  for (const o of all.slice(0, 14)) console.log(o.ms.toFixed(2), o.n, o.groups, o.title.slice(0, 200));
  for (const o of all.slice(0, 4)) console.log(o.text.slice(o.text.indexOf("fn job0")));
});
import { joinedWorkgroups } from "../device/webgpu/program/joinTimer";
test("probe", async () => {
  for (let i = 0; i < 4; i++) {
    const gpu = await (await navigator.gpu.requestAdapter())!.requestDevice();
    const t = performance.now();
    console.log("W", await joinedWorkgroups(gpu), performance.now() - t);
  }
});

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  firstsTable,
  floorsTable,
  formatNumber,
  formatTable,
  mediansTable,
  ratiosTable,
  toJson,
} from "./driver/report.mjs";
import { type Answer, calibrate, grew, limits, type Realm, type Row, runRow } from "./driver/runRow.mjs";
import { median, oddOnes, rotate } from "./driver/statistics.mjs";
import * as realm from "./realm";
import type { Layer, Net } from "./workloads/net";
import { forwardFlops, outputShape, startingWeights } from "./workloads/netShapes";

const row: Row = { id: "tiny", title: "a step", unit: "ms", flops: 4e6, checkSteps: 2 };
const [a, b, c] = ["a", "b", "c"].map((id) => ({ id, own: id === "a" }));
const systems = [a!, b!, c!];
const right = { milliseconds: 1, fingerprint: [1, 0.5] };

describe("statistics", () => {
  test("the median is the middle value, or the mean of the two middle ones", () => {
    expect([median([3]), median([5, 1, 9]), median([10, 1, 2, 4])]).toEqual([3, 5, 3]);
    expect(() => median([])).toThrow("Expected at least one value");
  });

  test("a system with different results is detected", () => {
    const results = new Map([
      ["a", [1, 2]],
      ["b", [1.0001, 2]],
      ["c", [1, 1.99]],
    ]);
    expect(oddOnes(results)).toEqual(["c"]);
    expect(oddOnes(results, 0.1)).toEqual([]);
  });

  test("results that are not finite or too few are detected", () => {
    const results = new Map([
      ["a", [1, 2]],
      ["b", [1, Number.NaN]],
      ["c", [1]],
      ["d", [1, 2]],
    ]);
    expect(oddOnes(results)).toEqual(["b", "c"]);
    expect(oddOnes(new Map([["a", [Number.POSITIVE_INFINITY]]]))).toEqual(["a"]);
  });

  test("of two that differ both are reported, because either may be wrong", () => {
    const pair = new Map([
      ["a", [1]],
      ["b", [2]],
    ]);
    expect(oddOnes(pair)).toEqual(["a", "b"]);
  });

  test("turns rotate by one each round", () => {
    expect([0, 1, 2, 3].map((round) => rotate(["a", "b", "c"], round).join(""))).toEqual(["abc", "bca", "cab", "abc"]);
  });
});

describe("a row", () => {
  let calls: string[];
  let closed: number;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["performance"] });
    calls = [];
    closed = 0;
  });
  afterEach(() => vi.useRealTimers());

  /** Returns a realm whose systems need `msPerStep` milliseconds per step. */
  function openRealm(
    msPerStep: Record<string, number>,
    answers: Record<string, Answer | Error | Promise<Answer>> = {},
  ) {
    const run = async (system: string, steps: number) => {
      const milliseconds = steps * msPerStep[system]!;
      vi.advanceTimersByTime(milliseconds);
      return { milliseconds, fingerprint: [1, 0.5], held: { bytes: 10, tensors: 1 } };
    };
    return async (fresh: boolean): Promise<Realm> => {
      if (fresh) calls.push("fresh");
      return {
        async prepare(_, system) {
          calls.push(system);
          const answer = answers[system];
          if (answer instanceof Error) throw answer;
          return answer ?? run(system, row.checkSteps);
        },
        async run(system, steps) {
          calls.push(`${system}${steps}`);
          return run(system, steps);
        },
        close: async () => void closed++,
      };
    };
  }

  test("is measured in turns, after the number of steps is calibrated per system", async () => {
    const { medians, notes, failures } = await runRow(row, systems, openRealm({ a: 100, b: 400, c: 1000 }));
    expect([...medians]).toEqual([
      ["a", 100],
      ["b", 400],
      ["c", 1000],
    ]);
    expect([notes, failures, closed]).toEqual([[], [], 1]);
    expect(calls.slice(0, 7)).toEqual(["a", "a1", "a3", "b", "b1", "c", "c1"]);
    expect(calls.slice(7).join(" ")).toBe("a3 b1 c1 b1 c1 a3 c1 a3 b1 a3 b1 c1 b1 c1 a3");
  });

  test("uses the number of compared steps for a slow system", async () => {
    const { medians } = await runRow(row, [a!], openRealm({ a: 400 }, { a: { ...right, later: 400 } }));
    expect([[...medians], calls.join(" ")]).toEqual([[["a", 400]], "a a1 a1 a1 a1 a1"]);
  });

  test("stops a system after a minute with the repeats so far", async () => {
    const { medians, notes } = await runRow(row, systems, openRealm({ a: 1, b: 14_000, c: 90_000 }));
    expect([...medians.keys()]).toEqual(["a", "b", "c"]);
    expect(notes).toEqual(["tiny: b stopped after 2 repeats of 1 steps", "tiny: c stopped after 1 repeats of 1 steps"]);
  });

  test("reports absent and failed systems with reasons, and measures the others", async () => {
    const answers = { b: { absent: "no neurons" }, c: new Error("lost device\nat x") };
    const { medians, notes, failures, failed } = await runRow(row, systems, openRealm({ a: 10, b: 1, c: 1 }, answers));
    expect([...medians]).toEqual([["a", 10]]);
    expect(notes).toEqual(["tiny: b is absent: no neurons"]);
    expect(failures).toEqual(["tiny: c failed: lost device at x"]);
    expect([...failed]).toEqual(["c"]);
  });

  test("continues in a new realm without a system that hangs", async () => {
    vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] });
    const answers = { b: new Promise<Answer>(() => {}) };
    const running = runRow(row, systems, openRealm({ a: 100, b: 1, c: 100 }, answers));
    await vi.advanceTimersByTimeAsync(limits.callMs);
    const { medians, failures } = await running;
    expect([...medians]).toEqual([
      ["a", 100],
      ["c", 100],
    ]);
    expect(failures).toEqual(["tiny: b failed: no answer in 180 s"]);
    expect(calls.filter((call) => call.length === 1).join(" ")).toBe("a b a c");
    expect(closed).toBe(2);
  });

  test("keeps the time to the first result of systems with correct results", async () => {
    const answers = { b: { ...right, first: 30 }, c: { ...right, fingerprint: [1, 0.9], first: 20 } };
    const d = { id: "d", own: false };
    const { firsts } = await runRow(row, [...systems, d], openRealm({ a: 10, b: 10, c: 10, d: 10 }, answers));
    expect([...firsts]).toEqual([["b", 30]]);
  });

  test("has no median of a system with different results", async () => {
    const wrong = { milliseconds: 1, fingerprint: [1, 0.9] };
    const open = openRealm({ a: 10, b: 10, c: 10 }, { b: wrong });
    const { medians, failures, failed } = await runRow(row, systems, open);
    expect([[...medians.keys()], [...failed]]).toEqual([["a", "c"], ["b"]]);
    expect(failures).toEqual(["tiny: b differs from the other systems: 1, 0.9"]);
  });

  test("compares every repeat of a stateless workload", async () => {
    const other = { milliseconds: 1, fingerprint: [1, 0.9] };
    const { failures } = await runRow({ ...row, stateless: true }, [a!], openRealm({ a: 10 }, { a: other }));
    expect(failures).toEqual(["tiny: a failed: wrong results in a repeat: 1, 0.5 ..."]);
  });

  test("opens a new realm for each first step", async () => {
    const { medians } = await runRow({ ...row, fresh: true }, [a!, b!], openRealm({ a: 50, b: 70 }));
    expect([...medians]).toEqual([
      ["a", 100],
      ["b", 140],
    ]);
    expect(calls.join(" ")).toBe("fresh a fresh b fresh b fresh a fresh a fresh b fresh b fresh a fresh a fresh b");
    expect(closed).toBe(10);
  });

  test("can set its repeats and steps, and reports memory", async () => {
    const { notes } = await runRow({ ...row, repeats: 3, steps: 500 }, [a!], openRealm({ a: 1 }));
    expect(calls.join(" ")).toBe("a a500 a500 a500");
    expect(notes).toEqual(["tiny: a held 1 buffers, 10 bytes after 500 steps, 1 buffers, 10 bytes after 1500"]);
  });

  test("reports growth as a leak, even if stopped early", async () => {
    let tensors = 10;
    const open = openRealm({ a: 10 });
    const leaking = async (fresh: boolean): Promise<Realm> => {
      const sound = await open(fresh);
      const run = async (system: string, steps: number) => ({
        ...(await sound.run(system, steps)),
        held: { bytes: 4 * tensors, tensors: (tensors += steps) },
      });
      return { ...sound, run };
    };
    const { failures } = await runRow({ ...row, repeats: 50, steps: 500 }, [a!], leaking);
    expect(failures).toEqual([
      "tiny: a leaks: 510 buffers, 40 bytes after 500 steps, 6010 buffers, 22040 bytes after 6000",
    ]);
  });

  test("tolerates a little growth, but not more", () => {
    const before = { bytes: 1e6, tensors: 20 };
    expect(grew(before, { bytes: 1.1e6, tensors: 60 })).toBe(false);
    expect(grew(before, { bytes: 9e6, tensors: 20 })).toBe(true);
    expect(grew(before, { bytes: 1e6, tensors: 9500 })).toBe(true);
  });
});

describe("the number of steps in a repeat", () => {
  const stepsAt = (ms: number) => calibrate(async (steps) => ({ milliseconds: steps * ms, fingerprint: [] }));

  test("fills the target duration, however long a step is", async () => {
    const steps = await Promise.all([0.001, 0.5, 40, 5000].map(stepsAt));
    expect(steps).toEqual([limits.steps, limits.repeatMs / 0.5, Math.ceil(limits.repeatMs / 40), 1]);
  });
});

describe("the report", () => {
  const gflops: Row = { ...row, id: "matmul-1024", unit: "GFLOP/s" };
  const results = [
    {
      row: { ...row, details: true },
      firsts: new Map([["a", 1500]]),
      failed: new Set(["c"]),
      medians: new Map([
        ["a", 0.5],
        ["b", 20],
      ]),
    },
    {
      row: gflops,
      firsts: new Map([["a", 20]]),
      failed: new Set<string>(),
      medians: new Map([
        ["a", 12],
        ["c", 3],
      ]),
    },
  ];

  test("formats numbers with three digits", () => {
    const numbers = [0, 0.00123456, 0.5, 1.23456, 12.3456, 123.456, 123456];
    expect(numbers.map(formatNumber)).toEqual(["0", "0.00123", "0.500", "1.23", "12.3", "123", "123456"]);
  });

  test("has aligned columns", () => {
    expect(
      formatTable(
        ["name", "ms"],
        [
          ["a", "1.5"],
          ["longer", "20"],
        ],
      ),
    ).toBe(["| name   |  ms |", "| ------ | --: |", "| a      | 1.5 |", "| longer |  20 |"].join("\n"));
  });

  test("shows medians, failures, and a dash for absent systems", () => {
    expect(mediansTable(results, ["a", "b", "c"]).split("\n").slice(2)).toEqual([
      "| tiny        |      ms | 0.500 | 20.0 | failed |",
      "| matmul-1024 | GFLOP/s |  12.0 |    - |   3.00 |",
    ]);
  });

  test("shows the time to the first result of rows reported in full", () => {
    expect(firstsTable(results, ["a", "b"])?.split("\n").slice(2)).toEqual(["| tiny       |   ms | 1500 |   - |"]);
    expect(firstsTable([results[1]!], ["a", "b"])).toBeUndefined();
  });

  test("shows the time of all operations at the speed of products", () => {
    expect(floorsTable(results, ["a", "b", "c"])?.split("\n").slice(2)).toEqual([
      `| tiny  |   ms | ${formatNumber(4e6 / 12e6)} |   - | ${formatNumber(4e6 / 3e6)} |`,
    ]);
    expect([floorsTable([results[0]!], ["a"]), floorsTable([results[1]!], ["a"])]).toEqual([undefined, undefined]);
  });

  test("shows ratios, of times or of speeds", () => {
    expect(ratiosTable(results, "a", ["b", "c"]).split("\n").slice(2)).toEqual([
      "| tiny        | 40.0x |     - |",
      "| matmul-1024 |     - | 4.00x |",
    ]);
  });

  test("is JSON of workload, system, median and unit", () => {
    expect(toJson(results, ["a", "b", "c"])).toEqual([
      { workload: "tiny", system: "a", median: 0.5, unit: "ms", first: 1500 },
      { workload: "tiny", system: "b", median: 20, unit: "ms", first: undefined },
      { workload: "matmul-1024", system: "a", median: 12, unit: "GFLOP/s" },
      { workload: "matmul-1024", system: "c", median: 3, unit: "GFLOP/s" },
    ]);
  });
});

describe("systems without packages", () => {
  test("are listed, with every workload", () => {
    const { systems: known, workloads } = realm.describe();
    expect(known.map(({ id }) => id)).toEqual(
      "weightroom-gpu weightroom-cpu tfjs-webgpu tfjs-wasm jaxjs-webgpu jaxjs-wasm plain-js".split(" "),
    );
    expect(workloads.map(({ id }) => id)).toEqual(
      "tiny mlp lenet convnet gru gpt matmul-256 matmul-512 matmul-1024 matmul-2048 forward chain cold memory".split(
        " ",
      ),
    );
  });

  test.each(["tiny", "forward"])("agree in %s, by tensors and by neurons", async (workload) => {
    const answers = await Promise.all(["weightroom-cpu", "plain-js"].map((id) => realm.prepare(workload, id)));
    const [ours = [], plain = []] = answers.map((answer) => ("absent" in answer ? [] : answer.fingerprint));
    expect(ours.length).toBeGreaterThan(9);
    expect(
      oddOnes(
        new Map([
          ["ours", ours],
          ["plain", plain],
        ]),
        1e-5,
      ),
    ).toEqual([]);
    // Ten equal losses would agree as well, without any training.
    expect(new Set(ours).size).toBe(ours.length);
  });

  /** Results of jax-js 0.1.25. */
  const losses = {
    convnet: [2.3142567, 2.269778],
    gru: [1.480225, 1.4254686],
    gpt: [4.169661, 3.7601888],
  };

  test.each(Object.entries(losses))("train %s like a peer", { timeout: 60_000 }, async (workload, theirs) => {
    const answer = await realm.prepare(workload, "weightroom-cpu");
    const ours = "absent" in answer ? [] : answer.fingerprint;
    const results = new Map([
      ["ours", ours],
      ["theirs", theirs],
    ]);
    expect(oddOnes(results, 1e-5)).toEqual([]);
    expect("first" in answer && answer.first).toBeGreaterThan(0);
  });

  test("give a reason for workloads that they do not support", async () => {
    expect(await realm.prepare("matmul-256", "plain-js")).toEqual({ absent: "plain-js has neurons, not arrays" });
    expect(await realm.prepare("gpt", "plain-js")).toEqual({ absent: "plain-js has only dense layers" });
  });
});

describe("a net's description", () => {
  const net = {
    inputShape: [6, 6, 1],
    layers: [
      { kind: "conv2d", filters: 2, kernelSize: 3, padding: "valid", activation: "relu" },
      { kind: "maxPool2d", poolSize: 2 },
      { kind: "flatten" },
      { kind: "dense", units: 3, activation: "linear" },
    ] as const,
  };

  test("determines the shapes of weights and the number of operations", () => {
    const given = { ...net, layers: [...net.layers] };
    expect(startingWeights(given).map(({ shape }) => shape)).toEqual([[3, 3, 1, 2], [2], [8, 3], [3]]);
    expect(forwardFlops(given)).toBe(2 * 4 * 4 * 2 * 9 + 4 * 4 * 2 + 2 * 8 * 3);
  });

  test("covers a GRU, and attention inside a residual, with weights in order", () => {
    const sequence = { inputShape: [5, 3], layers: [{ kind: "gru" as const, units: 2 }] };
    expect(startingWeights(sequence).map(({ shape }) => shape)).toEqual([
      [3, 6],
      [2, 6],
      [2, 6],
    ]);
    expect([outputShape(sequence), forwardFlops(sequence)]).toEqual([[2], 2 * 5 * (3 + 2) * 6]);
    const inner: Layer[] = [{ kind: "layerNorm" }, { kind: "causalAttention", heads: 2, size: 3 }];
    const attention: Net = {
      inputShape: [5],
      layers: [
        { kind: "embedding", count: 7, width: 4 },
        { kind: "positions" },
        { kind: "residual", layers: inner },
        { kind: "dense", units: 7, activation: "gelu" },
      ],
    };
    const shapes = startingWeights(attention).map(({ shape }) => shape.join("x"));
    expect(shapes.join(" ")).toBe("7x4 5x4 4 4 4x6 6 4x6 6 4x6 6 6x4 4 4x7 7");
    expect(outputShape(attention)).toEqual([5, 7]);
    expect(forwardFlops(attention)).toBe(2 * 5 * (3 * 4 * 6 + 6 * 4 + 2 * 5 * 6) + 2 * 5 * 4 * 7);
    expect(startingWeights(attention)[2]!.values.every((value) => Math.abs(value - 1) <= 0.1)).toBe(true);
  });
});

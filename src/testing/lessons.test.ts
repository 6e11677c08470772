/** Tests the rows of the chapter, by number, in the lessons that readers run, and the questions of the lessons. */
import { beforeAll, describe, expect, test } from "vitest";
import { getHost } from "../base/host";
import type { DeviceDescription } from "../device/backend";
import type { WeightRow } from "../formats/weights";
import { Block, type Parameter, type Tensor } from "../index";
import type { Summary } from "../nn/block/summary";
import { parseNotebook } from "../notebook/file/parseNotebook";
import type { Plot } from "../session/show/plot";
import * as pickles from "./pickles";
import { readShipped, runNotebook } from "./runNotebook";

type Lesson = Awaited<ReturnType<typeof runNotebook>>;

function lessonOf(name: string): () => Lesson {
  let lesson: Lesson;
  beforeAll(async () => {
    lesson = await runNotebook(readShipped(`lessons/${name}.en.ipynb`));
  }, 60_000);
  return () => lesson;
}

function describeTensor({ shape, dtype, device }: Tensor | Parameter) {
  return { shape, dtype, device };
}

describe("layers and blocks", () => {
  const lesson = lessonOf("1-layers-and-blocks");

  test("(1) two dense layers compute outputs of two examples", () => {
    const y = lesson().values.get("call") as Tensor;
    expect(describeTensor(y)).toEqual({ shape: [2, 10], dtype: "float32", device: "CPU:0" });
  });

  test("(2) a class with two layers in its fields is a model", async () => {
    const mlp = await lesson().evaluate("mlp");
    expect(mlp).toBeInstanceOf(Block);
    expect([...(mlp as Block).parameters().keys()]).toEqual(["hidden/kernel", "hidden/bias", "out/kernel", "out/bias"]);
  });

  test("(3) a custom sequential appends blocks and chains them", async () => {
    const y = await lesson().evaluate("chain.append(dense(3)); chain.call(X)");
    expect((y as Tensor).shape).toEqual([2, 3]);
  });

  test("(4) constant, shared layer and a loop on the norm give one number", async () => {
    const { values, evaluate } = lesson();
    const scalar = values.get("code") as Tensor;
    expect([scalar.shape, Math.abs(await scalar.item()) <= 1]).toEqual([[], true]);
    expect(await evaluate("[...fixed.parameters().keys()]")).toEqual(["dense/kernel", "dense/bias"]);
    // A constant is neither trained nor saved, and the same at every call.
    expect(await evaluate("fixed.weights.length")).toBe(2);
    expect(await evaluate("allClose(await fixed.call(X), scalar, { rtol: 0, atol: 0 })")).toBe(true);
  });

  test("(5) blocks in blocks: a nested model ends in the one with the loop", () => {
    const { rows } = lesson().values.get("chimera-call") as Summary;
    expect(rows.filter(({ depth }) => depth === 0).map(({ kind, outputShape }) => [kind, outputShape])).toEqual([
      ["NestMLP", [null, 16]],
      ["Dense", [null, 20]],
      ["FixedHiddenMLP", []],
    ]);
  });

  test("(6) a block provides its output, both gradients, its parameters and their initial values", async () => {
    const { evaluate } = lesson();
    expect(await evaluate("grads.map((gradient) => gradient.shape)")).toEqual([
      [2, 20],
      [20, 256],
      [256],
      [256, 10],
      [10],
    ]);
    // The gradient by the input, derived by hand: back through the second kernel, the first layer where it is above
    // zero, and the first kernel.
    const byHand = `
      const { grads: [byX] } = await valueAndGrad(() => net.call(X).sum(), [X]);
      const [A, a, B] = net.weights;
      const above = X.matmul(A).add(a).greater(0).cast("float32");
      allClose(byX, ones([2, 10]).matmul(B.value.transpose()).mul(above).matmul(A.value.transpose()), { atol: 1e-6 })`;
    expect(await evaluate(byHand)).toBe(true);
    expect([...((await evaluate("deep.grads")) as Map<string, Tensor>).keys()]).toEqual([
      ...((await evaluate("chimera.parameters()")) as Map<string, Parameter>).keys(),
    ]);
  });
});

describe("parameters", () => {
  const lesson = lessonOf("2-parameters");

  test("(7) a layer's weights have name, path, shape, dtype, device and values", async () => {
    const weights = lesson().values.get("layer") as Parameter[];
    expect(weights.map((weight) => ({ name: weight.name, path: weight.path, ...describeTensor(weight) }))).toEqual([
      { name: "kernel", path: "2/kernel", shape: [4, 1], dtype: "float32", device: "CPU:0" },
      { name: "bias", path: "2/bias", shape: [1], dtype: "float32", device: "CPU:0" },
    ]);
    expect(await weights[1]!.array()).toEqual([0]);
  });

  test("(8) a parameter is an object, and its value an immutable tensor", async () => {
    const { values, evaluate } = lesson();
    const taken = values.get("one") as Tensor;
    await evaluate("bias.assign([5])");
    expect([await taken.array(), await evaluate("bias.array()")]).toEqual([[0], [5]]);
  });

  test("(9) all parameters at once, as copies on the CPU", async () => {
    const weights = (await lesson().evaluate("net.getWeights()")) as Tensor[];
    expect(weights.map(({ shape }) => shape)).toEqual([[4, 4], [4], [4, 1], [1]]);
    expect(await lesson().evaluate("(await net.getWeights())[1].array()")).toEqual(
      [0, 0, 0, 0].map(() => expect.any(Number)),
    );
  });

  test("(10) the nested model has 85 parameters, accessible by path", () => {
    const { rows, totals } = lesson().values.get("nested") as Summary;
    expect(totals).toEqual({ total: 85, trainable: 85, frozen: 0 });
    expect(rows.filter(({ depth }) => depth === 1).map(({ path, count }) => [path, count])).toEqual(
      [0, 1, 2, 3].map((block) => [`0/block-${block}`, 20]),
    );
    expect((lesson().values.get("deep") as Parameter).path).toBe("0/block-1/1/bias");
  });

  test("(11) a normal kernel with zero bias", async () => {
    const [kernel, bias] = lesson().values.get("normal-look") as [Parameter, Parameter];
    expect(await bias.array()).toEqual([0, 0, 0, 0]);
    const data = Array.from(await kernel.data());
    expect(Math.max(...data.map(Math.abs))).toBeLessThan(0.07);
    expect(new Set(data).size).toBe(16);
  });

  test("(12) a constant kernel", async () => {
    expect(await lesson().evaluate("alike.weights[0].array()")).toEqual([0, 1, 2, 3].map(() => [1, 1, 1, 1]));
  });

  test("(13) one rule for one layer, another for the next", async () => {
    const [glorot, constant] = lesson().values.get("others") as [Parameter, Parameter];
    expect(Math.max(...Array.from(await glorot.data(), Math.abs))).toBeLessThanOrEqual(Math.sqrt(6 / 8));
    expect(await constant.array()).toEqual([[42], [42], [42], [42]]);
  });

  test("(14) a custom initializer draws zeros and both outer ranges, reproducibly", async () => {
    const W = lesson().values.get("custom") as Parameter;
    const data = Array.from(await W.data());
    const share = (holds: (value: number) => boolean) => data.filter(holds).length / data.length;
    expect(share((value) => value >= 5 && value < 10)).toBeCloseTo(1 / 4, 1);
    expect(share((value) => value === 0)).toBeCloseTo(1 / 2, 1);
    expect(share((value) => value <= -5 && value >= -10)).toBeCloseTo(1 / 4, 1);
    expect(data.every((value) => value === 0 || Math.abs(value) >= 5)).toBe(true);
    await lesson().evaluate("custom.initialize()");
    expect(Array.from(await W.data())).toEqual(data);
    const { cells } = parseNotebook(readShipped("lessons/2-parameters.en.ipynb")).document;
    expect(cells.find(({ id }) => id === "custom")!.view).toEqual({ tensor: "histogram" });
  });

  test("(15) all values incremented, and one set", async () => {
    const [kernel, before] = (await lesson().evaluate("[kernel, before]")) as [Parameter, Tensor];
    const [now, then] = [Array.from(await kernel.data()), Array.from(await before.data())];
    expect(now).toEqual(then.map((value, index) => (index === 0 ? 42 : Math.fround(value + 1))));
  });

  test("(16) a layer used twice is listed, counted, saved and updated once", async () => {
    const { evaluate, values, files } = lesson();
    expect(await evaluate("[tied.layers.length, tied.weights.length, tied.summary().totals.total]")).toEqual([
      3, 4, 25,
    ]);
    expect((values.get("tied-once") as { path: string }[]).map(({ path }) => path)).toEqual([
      "1/kernel",
      "1/bias",
      "3/kernel",
      "3/bias",
    ]);
    expect(files.map(({ path }) => path)).toEqual(["tied.safetensors"]);
    const { first, second, shared } = values.get("gradient") as Record<string, Tensor>;
    expect(await first!.equal(second!).cast("int32").min().item()).toBe(0);
    expect(Array.from(await first!.add(second!).sub(shared!).data(), Math.abs).every((error) => error < 1e-4)).toBe(
      true,
    );
  });
});

describe("deferred initialization", () => {
  const lesson = lessonOf("3-deferred-initialisation");

  test("(17) no weights before the first input, all shapes after, and an invalid input changes nothing", async () => {
    const { values, printed, evaluate } = lesson();
    expect(values.get("before")).toEqual([[], []]);
    expect(printed.slice(0, 3)).toEqual([
      expect.stringMatching(/Call it once on an input, or build\(\[null, 20\]\)\.$/),
      "20,256,256,256,10,10",
      expect.stringMatching(/^Dense "0": expected input \[batch, 20\], got \[2, 30\]\./),
    ]);
    expect(await evaluate("shapes")).toEqual([[20, 256], [256], [256, 10], [10]]);
    expect(await evaluate("same")).toEqual([true, true, true, true]);
    expect(await evaluate("later.weights[2].array()")).toEqual([
      [1, 0],
      [0, 1],
      [0, 0],
      [0, 0],
    ]);
  });
});

describe("custom layers", () => {
  const lesson = lessonOf("4-custom-layers");

  test("(18) a layer without parameters subtracts the mean, also of integers", async () => {
    const whole = lesson().values.get("centered") as Tensor;
    expect(describeTensor(whole)).toEqual({ shape: [5], dtype: "int32", device: "CPU:0" });
    expect(await whole.array()).toEqual([-2, -1, 0, 1, 2]);
    expect(Math.abs(await (lesson().values.get("inside-call") as Tensor).item())).toBeLessThan(1e-6);
  });

  test("(19) a custom dense layer is built, computes, stacks and learns", async () => {
    const { values, evaluate } = lesson();
    expect((values.get("dense") as Parameter[]).map(({ path, shape }) => [path, shape])).toEqual([
      ["weight", [5, 8]],
      ["bias", [8]],
    ]);
    expect((values.get("stack-call") as Tensor).shape).toEqual([2, 1]);
    expect(await evaluate("stacked.weights.map(({ shape }) => shape)")).toEqual([[64, 8], [8], [8, 1], [1]]);
    const [losses, answers] = [(await evaluate("history")) as number[], values.get("train") as Tensor];
    expect(losses.at(-1)!).toBeLessThan(losses[0]! / 10);
    expect((await answers.data()).every((value, index) => Math.abs(value - [0.7, 0.5][index]!) < 0.15)).toBe(true);
  });
});

describe("files", () => {
  const lesson = lessonOf("5-files");

  test("(20) one tensor is saved and loaded, int32 staying int32", async () => {
    const x = lesson().values.get("one") as Tensor;
    expect(describeTensor(x)).toEqual({ shape: [4], dtype: "int32", device: "CPU:0" });
    expect(await x.array()).toEqual([0, 1, 2, 3]);
    expect((await lesson().evaluate("x2")) !== (await lesson().evaluate("x"))).toBe(true);
  });

  test("(21) a list of tensors is loaded as a list, each with its dtype; .npy rejects it", async () => {
    const list = lesson().values.get("list") as Tensor[];
    expect(list.map(describeTensor)).toEqual([
      { shape: [4], dtype: "int32", device: "CPU:0" },
      { shape: [4], dtype: "float32", device: "CPU:0" },
    ]);
    expect(await Promise.all(list.map((tensor) => tensor.array()))).toEqual([
      [0, 1, 2, 3],
      [0, 0, 0, 0],
    ]);
    expect(lesson().printed[0]).toMatch(/^save\("xy-files\.npy"\): expected one Tensor, got a list\. .*\.npz/);
    expect(lesson().files.map(({ path }) => path)).not.toContain("xy-files.npy");
  });

  test("(22) a dictionary of tensors is loaded by name, from .npz and from .safetensors", async () => {
    for (const name of ["mydict2", "mydict3"]) {
      const loaded = (await lesson().evaluate(name)) as Record<string, Tensor>;
      expect(Object.keys(loaded).sort()).toEqual(["x", "y"]);
      expect([loaded.x!.dtype, loaded.y!.dtype]).toEqual(["int32", "float32"]);
      expect(await loaded.x!.array()).toEqual([0, 1, 2, 3]);
    }
  });

  test("(22) a dictionary that NumPy pickled is loaded, and a malicious one is rejected", async () => {
    const { values, evaluate, printed } = lesson();
    expect(values.get("pickle")).toMatch(/^Drop mydict\.npy/);
    const cell = parseNotebook(readShipped("lessons/5-files.en.ipynb")).document.cells.find(
      ({ id }) => id === "pickle",
    )!;
    await getHost().writeFile("mydict.npy", pickles.dictionary);
    const read = (await evaluate(cell.source)) as Record<string, Tensor>;
    expect(Object.keys(read)).toEqual(["x", "__proto__"]);
    expect([read.x!.dtype, await read.x!.array()]).toEqual(["int32", [1, 2]]);
    await getHost().writeFile("mydict.npy", pickles.attack);
    expect(await evaluate(cell.source)).toBe(values.get("pickle"));
    expect(printed.at(-1)).toMatch(/names "os\.system", which Python would run/);
  });

  test("(23) a clone gives bit-identical outputs, whether loaded before or after it is built", async () => {
    const { values, evaluate } = lesson();
    const bits = async (name: string) =>
      new Uint32Array(Float32Array.from(await ((await evaluate(name)) as Tensor).data()).buffer);
    const expected = await bits("Y");
    expect(expected.length).toBe(20);
    for (const name of ["Y_clone", "clone.call(X)", "built.call(X)"]) expect(await bits(name)).toEqual(expected);
    expect(((await evaluate("waiting")) as WeightRow[]).map(({ file, status }) => [file, status])).toEqual(
      ["hidden/bias", "hidden/kernel", "out/bias", "out/kernel"].map((path) => [path, "waiting"]),
    );
    expect(values.get("built")).toEqual([
      row("hidden/kernel", [20, 256]),
      row("hidden/bias", [256]),
      row("out/kernel", [256, 10]),
      row("out/bias", [10]),
    ]);
  });

  test("(24) another structure is rejected with its mismatches, and changes nothing", async () => {
    const { printed, evaluate } = lesson();
    const message =
      'MLP.loadWeights(): expected all 4 rows to match, got 2 that do not: "out/kernel" is [256, 5], in the file [256, 10]; ' +
      '"out/bias" is [5], in the file [10]. Load it into a model of the same layers. Nothing was changed.';
    expect(printed).toContain(message);
    expect(await evaluate("same")).toEqual([true, true, true, true]);
    expect(((await evaluate("told")) as Error).message).toContain('"out/kernel" is [128, 10], in the file [256, 10]');
  });

  test("(25) the folder contains what the cells saved", async () => {
    expect(
      lesson()
        .files.map(({ path }) => path)
        .sort(),
    ).toEqual(["mlp.params", "mydict.npz", "mydict.safetensors", "tied.params", "x-file.npy", "xy-files.npz"]);
    const again = lesson().values.get("again") as Tensor;
    expect([again.dtype, await again.array()]).toEqual(["int32", [0, 1, 2, 3]]);
  });
});

function row(path: string, shape: number[]): WeightRow {
  return { file: path, path, fileShape: shape, shape, status: "match" };
}

describe("devices", () => {
  const lesson = lessonOf("6-devices");

  test("(26) information of the device", () => {
    const info = lesson().values.get("info") as DeviceDescription;
    expect(Object.keys(info)).toEqual([
      "device",
      "vendor",
      "architecture",
      "description",
      "software",
      "limits",
      "features",
      "bytesInUse",
      "peakBytes",
      "buffers",
      "dispatches",
    ]);
    expect([info.device, info.limits]).toEqual(["CPU:0", { maxTensorBytes: 2 ** 31 }]);
  });

  test("(27) names of devices, how many there are, and an error for one that is absent", () => {
    expect(lesson().printed.slice(0, 4)).toEqual([
      "CPU:0 is here",
      expect.stringMatching(/^DeviceError: device: expected one of CPU:0.*, got "GPU:0"\. tryGpu\(\) falls back/),
      expect.stringMatching(/^DeviceError: .*"GPU:1"/),
      expect.stringMatching(/^all devices: CPU:0.* GPUs: 0$/),
    ]);
  });

  test("(28) tryGpu, tryGpu(10) and tryAllGpus run on every machine", () => {
    expect(lesson().values.get("try")).toEqual(["CPU:0", "CPU:0", ["CPU:0"]]);
  });

  test("(29) tensors by default and on a device; bytes allocated and freed; too many are rejected", async () => {
    const { values, printed, checks, evaluate } = lesson();
    expect((values.get("place") as Tensor[]).map(describeTensor)).toEqual([
      { shape: [3], dtype: "float32", device: "CPU:0" },
      { shape: [2, 3], dtype: "float32", device: "CPU:0" },
      { shape: [2, 3], dtype: "float32", device: "CPU:1" },
    ]);
    expect(printed).toContain("2000000 bytes more on CPU:0");
    expect(await evaluate("[large.disposed, size]")).toEqual([true, 2_000_000]);
    expect(checks).toContainEqual(["dispose() frees them at once", true]);
    expect(await evaluate("[refused.name, refused.needed, refused.available]")).toEqual([
      "DeviceMemoryError",
      2 ** 31 + 4,
      2 ** 31,
    ]);
  });

  test("(30) tensors on different devices cannot be added; the error explains how, and then it works", async () => {
    const { values, printed, evaluate } = lesson();
    expect(printed).toContain(
      'DeviceError: add: expected tensors of one device, got CPU:0 and CPU:1. Copy one of them first: .to("CPU:1").',
    );
    expect(describeTensor(values.get("copy") as Tensor)).toEqual({ shape: [2, 3], dtype: "float32", device: "CPU:1" });
    expect(await evaluate("allClose(Y.add(Z).sub(1), Y, { atol: 1e-6 })")).toBe(true);
  });

  test("(31) a tensor moved to its own device is the same object", async () => {
    expect(await lesson().evaluate('[Z.to("CPU:1") === Z, X.to("CPU:0") === X, Z === X]')).toEqual([true, true, false]);
  });

  test("(32) plots of copies against arithmetic, and of one op against many", async () => {
    const shown = await Promise.all(
      ["transfer", "pieces"].map((cell) => (lesson().values.get(cell) as Plot).snapshot()),
    );
    expect(
      shown.map(({ kind, x, categories, series }) => [kind, x, categories, series.map(({ name }) => name)]),
    ).toEqual([
      ["line", [2 ** 12, 2 ** 14, 2 ** 16, 2 ** 18], [], ["copy to CPU:1", "add 1"]],
      ["bar", [0, 1, 2, 3, 4], ["1", "4", "16", "64", "256"], ["65,536 additions"]],
    ]);
    expect(shown.flatMap(({ series }) => series).flatMap(({ y }) => y.filter((time) => !(time > 0)))).toEqual([]);
  });

  test("(33) parameters on both devices, and the same training as on one", async () => {
    const { values, evaluate } = lesson();
    expect(values.get("mirror")).toEqual([
      ["CPU:0", "CPU:0"],
      ["CPU:1", "CPU:1"],
    ]);
    const { series } = await (values.get("train") as Plot).snapshot();
    const [two, one] = series.map(({ y }) => y) as [number[], number[]];
    expect(two.length).toBe(40);
    expect(two.every((loss, step) => Math.abs(loss - one[step]!) <= 1e-4 * one[0]!)).toBe(true);
    expect(two.at(-1)!).toBeLessThan(two[0]! / 100);
    expect(await evaluate("allClose(own, truth, { rtol: 0.05, atol: 0.05 })")).toBe(true);
  });
});

/** Correct answers, which the reader enters in place of null, by lesson and cell. */
const answers: Record<string, Record<string, number>> = {
  "1-layers-and-blocks": { count: 420, bias: 5 },
  "2-parameters": { wider: 265, thrice: 25 },
  "3-deferred-initialisation": { images: 19210 },
  "4-custom-layers": { whole: -1, count: 529 },
  "5-files": { tied: 6, misfits: 3 },
  "6-devices": { bytes: 100_000 },
};

describe.each(Object.entries(answers))("the questions of lesson %s", (name, right) => {
  const texts = readShipped(`lessons/${name}.en.ipynb`);

  /** Returns the results of the questions' checks, with each answer changed by `by`. */
  async function answered(by: number): Promise<boolean[]> {
    const asked = new Set<string>();
    const { checks } = await runNotebook(texts, (source, cell) => {
      const answer = right[cell];
      if (answer === undefined) return source;
      const [line, ...others] = source.split("\n");
      expect(line).toMatch(/: number \| null = null;$/);
      asked.add(/check\([^"]*"([^"]*)"/.exec(source)![1]!);
      return [line!.replace("= null;", `= ${answer + by};`), ...others].join("\n");
    });
    expect(asked.size).toBe(Object.keys(right).length);
    return checks.filter(([message]) => asked.has(message)).map(([, passed]) => passed);
  }

  test("accept the right answers and no others", async () => {
    const questions = Object.keys(right);
    expect(await answered(0)).toEqual(questions.map(() => true));
    expect(await answered(1)).toEqual(questions.map(() => false));
  }, 60_000);

  test("are all answered here", () => {
    const cells = parseNotebook(texts).document.cells.filter(({ source }) => source.includes("number | null = null"));
    expect(cells.map(({ id }) => id)).toEqual(Object.keys(right));
  });
});

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { setHost } from "../base/host";
import { dense, load, ones, type Parameter, save, sequential, Tensor, tensor, tidy } from "../index";
import { hasNumpy, ifNoNumpy, runNumpy } from "../testing/numpy";
import type { Loaded } from "./saveAndLoad";
import { npy } from "./npy";
import { readWeightFile } from "./weightFiles";

const folder = new Map<string, Uint8Array>();

beforeEach(() => {
  folder.clear();
  setHost({
    readAsset: () => Promise.reject(new Error("no assets here")),
    readFile: async (path) => folder.get(path) ?? Promise.reject(new Error(`no file ${path}`)),
    writeFile: async (path, bytes) => void folder.set(path, bytes),
    listFiles: async () => [],
    deleteFile: async () => undefined,
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Converts a loaded value: each tensor becomes its dtype, shape and values. */
async function plain(value: Loaded): Promise<unknown> {
  if (value instanceof Tensor) return [value.dtype, value.shape, await value.array()];
  if (Array.isArray(value)) return Promise.all(value.map(plain));
  const entries = Object.entries(value).map(async ([name, item]) => [name, await plain(item)] as const);
  return new Map(await Promise.all(entries));
}

const x = () => tensor(Int32Array.of(0, 1, 2, 3));
const y = () =>
  tensor([
    [0, 0.5],
    [-1, 3e38],
  ]);
const mask = () => tensor([true, false]);
const [xPlain, yPlain] = [
  ["int32", [4], [0, 1, 2, 3]],
  [
    "float32",
    [2, 2],
    [
      [0, 0.5],
      [-1, Math.fround(3e38)],
    ],
  ],
];
const maskPlain = ["bool", [2], [1, 0]];

describe("save and load", () => {
  test("row (20): one tensor as .npy, int32 staying int32", async () => {
    await save("x-file.npy", x());
    expect(await plain(await load("x-file.npy"))).toEqual(xPlain);
  });

  test.each(["npz", "safetensors", "params"])("row (21): a list of tensors as .%s", async (ending) => {
    await save(`xy-files.${ending}`, [x(), y(), mask()]);
    const loaded = await load<Tensor[]>(`xy-files.${ending}`);
    expect(Array.isArray(loaded)).toBe(true);
    expect(await plain(loaded)).toEqual([xPlain, yPlain, maskPlain]);
  });

  test("a list of more than ten tensors keeps its order although its names sort differently", async () => {
    await save(
      "many.safetensors",
      Array.from({ length: 12 }, (_, i) => tensor(i)),
    );
    const loaded = await load<Tensor[]>("many.safetensors");
    expect(await Promise.all(loaded.map((item) => item.item()))).toEqual([...Array(12).keys()]);
  });

  test.each(["npz", "safetensors"])("row (22): a dictionary of tensors as .%s", async (ending) => {
    const prototypeless = Object.assign(Object.create(null) as { x: Tensor }, { x: x() });
    for (const dictionary of [{ x: x() }, new Map([["x", x()]]), prototypeless]) {
      await save(`mydict.${ending}`, dictionary);
      const loaded = await load<{ x: Tensor }>(`mydict.${ending}`);
      expect(Object.getPrototypeOf(loaded)).toBe(null);
      expect(await plain(loaded)).toEqual(new Map([["x", xPlain]]));
    }
  });

  test.each(["npz", "safetensors"])("the name __proto__ is allowed in .%s", async (ending) => {
    await save(
      `names.${ending}`,
      new Map([
        ["__proto__", x()],
        ["a/b", y()],
        ["\u6743\u91cd", mask()],
      ]),
    );
    const loaded = await load<Record<string, Tensor>>(`names.${ending}`);
    expect(await plain(loaded)).toEqual(
      new Map([
        ["__proto__", xPlain],
        ["a/b", yPlain],
        ["\u6743\u91cd", maskPlain],
      ]),
    );
    expect(({} as { dtype?: unknown }).dtype).toBeUndefined();
  });

  test("a file is a list only if it has exactly the names of a list", async () => {
    await save("a.npz", { arr_0: x(), arr_2: x() });
    await save("b.npz", { arr_0: x(), other: x() });
    await save("c.npz", { arr_1: x(), arr_0: y() });
    await save("d.npz", {});
    expect(await plain(await load("a.npz"))).toEqual(
      new Map([
        ["arr_0", xPlain],
        ["arr_2", xPlain],
      ]),
    );
    expect(await plain(await load("b.npz"))).toEqual(
      new Map([
        ["arr_0", xPlain],
        ["other", xPlain],
      ]),
    );
    expect(await plain(await load("c.npz"))).toEqual([yPlain, xPlain]);
    expect(await plain(await load("d.npz"))).toEqual(new Map());
  });

  test("a Parameter is saved as its value", async () => {
    const layer = dense(3);
    layer.call(ones([1, 2]));
    const [kernel, bias] = layer.weights as [Parameter, Parameter];
    await save("layer.npz", { kernel, bias });
    await save("bias.npy", bias);
    expect(await plain(await load("bias.npy"))).toEqual(["float32", [3], [0, 0, 0]]);
    expect(await (await load<{ kernel: Tensor }>("layer.npz")).kernel.array()).toEqual(await kernel.array());
  });

  test("tensors loaded within tidy survive if they are returned", async () => {
    await save("xy.npz", [x(), y()]);
    await save("dictionary.npz", { x: x() });
    expect(await plain(await tidy(() => load<Tensor[]>("xy.npz")))).toEqual([xPlain, yPlain]);
    const loaded = await tidy(() => load<Record<string, Tensor>>("dictionary.npz"));
    expect(await plain(loaded)).toEqual(new Map([["x", xPlain]]));
  });

  test("load creates tensors on the requested device", async () => {
    await save("x.npy", x());
    expect((await load<Tensor>("x.npy", { device: "CPU:0" })).device).toBe("CPU:0");
    await expect(load("x.npy", { device: "GPU:7" })).rejects.toThrow("GPU:7");
  });
});

describe("an error with a remedy, and no file, for", () => {
  class Own {
    readonly field = x();
  }
  test.each<[string, string, unknown, string]>([
    [
      "a list in .npy",
      "x.npy",
      [x()],
      'save("x.npy"): expected one Tensor, got a list. A list or a dictionary goes into a file that ends in .npz or .safetensors.',
    ],
    [
      "a dictionary in .npy",
      "x.npy",
      { x: x() },
      "expected one Tensor, got a dictionary. A list or a dictionary goes into",
    ],
    ["a number in .npy", "x.npy", 1, 'save("x.npy"): expected one Tensor, got 1.'],
    [
      "one tensor in .npz",
      "x.npz",
      x(),
      'save("x.npz"): expected a list or a dictionary of tensors for .npz, got a Tensor. Use .npy, or put it in a list: [x].',
    ],
    ["nothing", "x.npz", undefined, "expected a list or a dictionary of tensors for .npz, got undefined."],
    ["an object of a class", "x.npz", new Own(), "expected a list or a dictionary of tensors for .npz, got Own."],
    ["a list in a list", "x.npz", [[x()]], 'expected only tensors, with strings as names, got a list as "arr_0".'],
    ["a number in a dictionary", "x.npz", { a: 1 }, 'expected only tensors, with strings as names, got 1 as "a".'],
    ["a name that is not a string", "x.npz", new Map([[1, x()]]), "got a Tensor as 1."],
    ["a name that escapes the archive", "x.npz", { "../x": x() }, "expected a name for a file"],
    [
      "an unknown extension",
      "x.txt",
      x(),
      'save("x.txt"): expected a path that ends in one of .idx -ubyte .npy .npz .safetensors .params, got "x.txt".',
    ],
    [
      "a format that is only read",
      "x.idx",
      x(),
      "expected a format that can be written, got idx. Use .npy, .npz or .safetensors.",
    ],
  ])("%s", async (_, path, value, message) => {
    await expect(save(path, value as Tensor)).rejects.toThrow(message);
    expect([...folder]).toEqual([]);
  });

  test("a disposed tensor", async () => {
    const freed = x();
    freed.dispose();
    await expect(save("x.npz", [y(), freed])).rejects.toThrow("dispose()");
    expect([...folder]).toEqual([]);
  });

  test("an unknown extension in load", async () => {
    await expect(load("x")).rejects.toThrow('load("x"): expected a path that ends in one of');
  });
});

describe("a dtype that devices do not support", () => {
  const put = (path: string, dtype: string, data: Float64Array | BigInt64Array) =>
    folder.set(path, npy.write!(new Map([["x", { dtype, shape: [data.length], data }]])));

  test("is converted with a note", async () => {
    put("wide.npy", "F64", Float64Array.of(0.1, 1e300));
    put("long.npy", "I64", BigInt64Array.of(-5n));
    const notes: string[] = [];
    const onNote = (sentence: string) => void notes.push(sentence);
    expect(await plain(await load("wide.npy", { onNote }))).toEqual(["float32", [2], [Math.fround(0.1), Infinity]]);
    expect(await plain(await load("long.npy", { onNote }))).toEqual(["int32", [1], [-5]]);
    expect(notes).toEqual([
      "wide.npy: F64 was rounded to float32, 1 beyond its range became infinite; contains 0 NaN and 1 infinite values.",
      "long.npy: I64 was converted to int32.",
    ]);
  });

  test("is reported to the console without onNote", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue(undefined);
    put("long.npy", "I64", BigInt64Array.of(-5n));
    await load("long.npy");
    expect(warn.mock.calls).toEqual([["long.npy: I64 was converted to int32."]]);
  });

  test("is refused if its values do not fit", async () => {
    put("long.npy", "I64", BigInt64Array.of(2n ** 40n));
    await expect(load("long.npy")).rejects.toThrow(
      "long.npy: expected integers from -2147483648 to 2147483647, got 1099511627776 at index 0 (I64).",
    );
  });
});

describe.skipIf(!hasNumpy)(`with real NumPy${ifNoNumpy}`, () => {
  const script = `
x = np.arange(4, dtype="i4")
y = np.array([[0, 0.5], [-1, 3e38]], dtype="f4")
def save(value):
    file = io.BytesIO()
    np.save(file, value)
    send(file.getvalue())
both = np.empty(2, dtype=object)
both[:] = [x, y]
save(both)
save({"x": x, "y": y})
class Attack:
    def __reduce__(self):
        return __import__("os").system, ("echo attacked >&2",)
save([Attack()])
`;

  test("row (22): a pickled list and a pickled dictionary are loaded as such", async () => {
    const [list, dictionary] = runNumpy(script);
    folder.set("xy-files.npy", list!).set("mydict.npy", dictionary!);
    expect(await plain(await load("xy-files.npy"))).toEqual([xPlain, yPlain]);
    const loaded = await load<Record<string, Tensor>>("mydict.npy");
    expect(Object.getPrototypeOf(loaded)).toBe(null);
    expect(await plain(loaded)).toEqual(
      new Map([
        ["x", xPlain],
        ["y", yPlain],
      ]),
    );
  });

  test("row (22): a pickle that would run os.system is refused with an alternative", async () => {
    folder.set("attack.npy", runNumpy(script)[2]!);
    await expect(load("attack.npy")).rejects.toThrow(
      /^The pickle in the file names "posix\.system", which Python would run\..* Save with np\.savez or safetensors\.$/,
    );
  });

  test("rows (20), (21), (22): NumPy reads our files with the same dtypes and values", async () => {
    await save("x.npy", x());
    await save("list.npz", [x(), y()]);
    await save("dictionary.npz", { x: x(), y: y() });
    const [said] = runNumpy(
      `
x = np.load(io.BytesIO(received[0]))
archives = [np.load(io.BytesIO(file)) for file in received[1:]]
found = [(x.dtype.str, x.tolist())] + [[(k, v.dtype.str, v.tolist()) for k, v in a.items()] for a in archives]
send(json.dumps(found).encode())
`.replace("x = ", "import json\nx = "),
      ["x.npy", "list.npz", "dictionary.npz"].map((path) => folder.get(path)!),
    );
    const values = [
      ["<i4", xPlain[2]],
      ["<f4", yPlain[2]],
    ] as const;
    const named = (...names: string[]) => names.map((name, i) => [name, ...values[i]!]);
    expect(JSON.parse(Buffer.from(said!).toString())).toEqual([values[0], named("arr_0", "arr_1"), named("x", "y")]);
  });
});

describe("a weight file without a path", () => {
  test.each(["npz", "safetensors"])("is recognized as .%s by its first bytes", async (ending) => {
    await save(`x.${ending}`, { x: x() });
    const tensors = await readWeightFile(folder.get(`x.${ending}`)!);
    expect([...tensors]).toEqual([["x", { dtype: "I32", shape: [4], data: Int32Array.of(0, 1, 2, 3) }]]);
  });

  test("is recognized as .npy or as an empty .npz", async () => {
    await save("x.npy", x());
    await save("none.npz", {});
    expect([...(await readWeightFile(folder.get("x.npy")!)).keys()]).toEqual(["data"]);
    expect([...(await readWeightFile(folder.get("none.npz")!)).keys()]).toEqual([]);
  });

  test("is read as safetensors otherwise, and refused as such", async () => {
    await expect(readWeightFile(new Uint8Array(4))).rejects.toMatchObject({ name: "FormatError", code: "E_TRUNC" });
  });
});

describe("weights in .npz", () => {
  const makeNet = () => sequential([dense(3, { activation: "relu" }), dense(2)]);

  test("row (23): a clone returns the same bits, whether loaded before or after it is built", async () => {
    const net = makeNet();
    const input = tensor([[1, -2, 0.5]]);
    const expected = await net.call(input).data();
    await net.saveWeights("mlp.npz");
    expect(Object.keys(await load("mlp.npz"))).toEqual(["0/kernel", "0/bias", "1/kernel", "1/bias"]);
    const [unbuilt, built] = [makeNet(), makeNet()];
    expect((await unbuilt.loadWeights("mlp.npz")).map(({ status }) => status)).toEqual(Array(4).fill("waiting"));
    built.call(input);
    expect((await built.loadWeights("mlp.npz")).map(({ status }) => status)).toEqual(Array(4).fill("match"));
    expect(await unbuilt.call(input).data()).toEqual(expected);
    expect(await built.call(input).data()).toEqual(expected);
  });

  test("row (24): a file for another structure is refused with the rows that do not match, and nothing changes", async () => {
    const net = makeNet();
    net.call(ones([1, 3]));
    await net.saveWeights("mlp.npz");
    const other = sequential([dense(4), dense(2)]);
    other.call(ones([1, 3]));
    const before = await Promise.all(other.weights.map((weight) => weight.array()));
    await expect(other.loadWeights("mlp.npz")).rejects.toThrow('"0/kernel" is [3, 4], in the file [3, 3]');
    expect(await Promise.all(other.weights.map((weight) => weight.array()))).toEqual(before);
  });

  test("are refused in .npy, naming the formats for several tensors, and in .idx, which is only read", async () => {
    const net = makeNet();
    net.call(ones([1, 3]));
    await expect(net.saveWeights("mlp.npy")).rejects.toThrow("Use .npz or .safetensors for several.");
    await expect(net.saveWeights("mlp.idx")).rejects.toThrow("reads this format but does not write it");
  });
});

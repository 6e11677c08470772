import { describe, expect, test } from "vitest";
import type { FileTensor } from "../../formats/fileFormat";
import { npy, npz, safetensors } from "../../formats/index";
import { maxFileTensors, maxFileValues } from "../../protocol/sizes";
import { checkResponse } from "../../protocol/validate";
import { hasNumpy, ifNoNumpy, runNumpy } from "../../testing/numpy";
import { inspectFile, readFileTensor } from "./inspectFile";

const x: FileTensor = { dtype: "I32", shape: [4], data: Int32Array.of(0, 1, 2, 3) };
const y: FileTensor = { dtype: "F32", shape: [2, 2], data: Float32Array.of(0, 0.5, NaN, -1) };
const both = new Map([
  ["x", x],
  ["y", y],
]);
const xEntry = { name: "x", shape: [4], dtype: "int32", bytes: 16, first: [0, 1, 2, 3] };
const yEntry = { name: "y", shape: [2, 2], dtype: "float32", bytes: 16, first: [0, 0.5, NaN, -1] };

/** Every report has to pass the page's validation. */
async function inspect(path: string, bytes: Uint8Array) {
  const report = await inspectFile(path, bytes);
  expect(checkResponse("inspectFile", report)).toEqual(report);
  return report;
}

async function valuesOf(path: string, bytes: Uint8Array, index: number) {
  const values = await readFileTensor(path, bytes, index);
  expect(checkResponse("fileTensor", values)).toEqual(values);
  return values;
}

test("a single tensor has no name, a list has indices, a dictionary has names", async () => {
  expect(await inspect("x.npy", npy.write!(new Map([["data", x]])))).toEqual({
    kind: "tensors",
    format: npy.title,
    holds: "tensor",
    count: 1,
    tensors: [{ ...xEntry, name: "" }],
  });
  const list = new Map([
    ["arr_0", x],
    ["arr_1", y],
  ]);
  expect(await inspect("xy.npz", npz.write!(list))).toMatchObject({
    format: npz.title,
    holds: "list",
    tensors: [{ name: "arr_0" }, { name: "arr_1" }],
  });
  // A weight file with its extension, and one that was saved without any.
  for (const path of ["mlp.params", "checkpoint"]) {
    const report = { kind: "tensors", format: safetensors.title, holds: "dictionary", count: 2 };
    expect(await inspect(path, safetensors.write!(both))).toEqual({
      ...report,
      tensors: [yEntry, xEntry].toReversed(),
    });
  }
});

test("a name without a known extension is read by its first bytes", async () => {
  expect(await inspect("x.bak", npz.write!(both))).toMatchObject({ format: npz.title, tensors: [xEntry, yEntry] });
});

test("a tensor comes with its values, their statistics, and the dtype that load converts it to", async () => {
  const file = npz.write!(both);
  expect(await valuesOf("xy.npz", file, 1)).toMatchObject({
    ...yEntry,
    values: Float64Array.of(0, 0.5, NaN, -1),
    statistics: { size: 4, min: -1, max: 0.5, nan: 1, zeros: 1 },
    loads: { dtype: "float32" },
  });
  await expect(readFileTensor("xy.npz", file, 2)).rejects.toThrow("xy.npz: expected one of 2 tensors, got 2.");
});

test("values are those in the file, and reasons for rejection by load are reported", async () => {
  const whole: FileTensor = { dtype: "I64", shape: [2], data: BigInt64Array.of(5n, 2n ** 40n) };
  const file = npy.write!(new Map([["data", whole]]));
  const { dtype, values, loads } = await valuesOf("i.npy", file, 0);
  expect([dtype, [...values]]).toEqual(["int64", [5, 2 ** 40]]);
  expect(loads).toEqual({ problem: expect.stringContaining("got 1099511627776 at index 1 (I64)") });
  const wide: FileTensor = { dtype: "F64", shape: [1], data: Float64Array.of(0.1) };
  expect(await valuesOf("f.npy", npy.write!(new Map([["data", wide]])), 0)).toMatchObject({
    dtype: "float64",
    values: Float64Array.of(0.1),
    loads: { dtype: "float32" },
  });
  const complex: FileTensor = { dtype: "C64", shape: [1], data: Float32Array.of(1, 2) };
  expect(await valuesOf("c.safetensors", safetensors.write!(new Map([["c", complex]])), 0)).toMatchObject({
    first: [],
    values: new Float64Array(),
    loads: { problem: expect.stringContaining("got C64") },
  });
});

test("of a large tensor, the first values and the statistics of all are sent", async () => {
  const size = maxFileValues + 1;
  const data = new Float32Array(size).fill(1);
  data[size - 1] = 7;
  const file = npy.write!(new Map([["data", { dtype: "F32", shape: [size], data }]]));
  const { values, statistics } = await readFileTensor("large.npy", file, 0);
  expect([values.length, statistics.size, statistics.max]).toEqual([maxFileValues, size, 7]);
});

test("of very many tensors, the first are listed and all are counted", async () => {
  const many = Array.from({ length: maxFileTensors + 1 }, (_, at): [string, FileTensor] => [`t${at}`, x]);
  const report = await inspect("many.safetensors", safetensors.write!(new Map(many)));
  expect(report).toMatchObject({ count: maxFileTensors + 1 });
  expect(report.kind === "tensors" && report.tensors.length).toBe(maxFileTensors);
});

test("a text file is shown as text, truncated between characters", async () => {
  const encode = (text: string) => new TextEncoder().encode(text);
  expect(await inspect("notes.txt", encode("你好\n"))).toEqual({ kind: "text", text: "你好\n", truncated: false });
  // The cut at 20,000 bytes splits a three-byte character.
  expect(await inspect("long.txt", encode("字".repeat(10_000)))).toEqual({
    kind: "text",
    text: "字".repeat(6_666),
    truncated: true,
  });
});

describe("a file that cannot be read", () => {
  test("gets its reader's error", async () => {
    const file = npz.write!(both);
    file[60]! ^= 1;
    await expect(inspectFile("xy.npz", file)).rejects.toMatchObject({ name: "FormatError" });
    await expect(inspectFile("x.safetensors", new TextEncoder().encode("no such thing"))).rejects.toThrow(
      "This is no safetensors file",
    );
  });

  test("of unknown format is reported with the known formats", async () => {
    await expect(inspectFile("photo.jpg", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0))).rejects.toThrow(
      "photo.jpg: expected a text, or tensors in a file with one of the extensions .idx -ubyte .npy .npz .safetensors .params, " +
        "got unknown content.",
    );
  });
});

describe.skipIf(!hasNumpy)(`files of real NumPy${ifNoNumpy}`, () => {
  const script = `
x = np.arange(4, dtype="i4")
y = np.array([[0, 0.5], [np.nan, -1]], dtype="f4")
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

  test("a pickled list and a pickled dictionary are listed; one that would run a program is rejected by its name", async () => {
    const [list, dictionary, attack] = runNumpy(script);
    const common = { kind: "tensors", format: npy.title, count: 2 };
    expect(await inspect("xy-files.npy", list!)).toEqual({
      ...common,
      holds: "list",
      tensors: [
        { ...xEntry, name: "arr_0" },
        { ...yEntry, name: "arr_1" },
      ],
    });
    expect(await inspect("mydict.npy", dictionary!)).toEqual({
      ...common,
      holds: "dictionary",
      tensors: [xEntry, yEntry],
    });
    await expect(inspectFile("attack.npy", attack!)).rejects.toThrow(
      /names "(posix|nt)\.system", which Python would run/,
    );
  });
});

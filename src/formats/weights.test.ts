import { expect, test } from "vitest";
import { setHost } from "../base/host";
import { dense, initializers, ones, sequential } from "../index";
import { readSafetensors } from "./safetensors";
import { compareWeights } from "./weights";

const folder = new Map<string, Uint8Array>();

setHost({
  readAsset: () => Promise.reject(new Error("no assets here")),
  readFile: async (path) => folder.get(path)!,
  writeFile: async (path, bytes) => void folder.set(path, bytes),
  listFiles: async () => [],
  deleteFile: async () => undefined,
});

const makeNet = () => sequential([dense(3, { activation: "relu" }), dense(2)]);
const bitsOf = async (net: ReturnType<typeof makeNet>) => {
  return new Uint32Array(((await net.call(ones([4, 5])).data()) as Float32Array).buffer.slice(0));
};

test("a clone returns the same bits after loading saved weights, built or not", async () => {
  const net = makeNet();
  const expected = await bitsOf(net);
  await net.saveWeights("mlp.params");
  const names = [...readSafetensors(folder.get("mlp.params")!).tensors.keys()].toSorted();
  expect(names).toEqual(["0/bias", "0/kernel", "1/bias", "1/kernel"]);

  const unbuilt = makeNet();
  const waiting = await unbuilt.loadWeights("mlp.params");
  expect(new Set(waiting.map(({ status }) => status))).toEqual(new Set(["waiting"]));
  expect(await bitsOf(unbuilt)).toEqual(expected);

  const built = makeNet();
  expect(await bitsOf(built)).not.toEqual(expected);
  const rows = await built.loadWeights("mlp.params");
  expect(rows[0]).toEqual({ file: "0/kernel", path: "0/kernel", fileShape: [5, 3], shape: [5, 3], status: "match" });
  expect(await bitsOf(built)).toEqual(expected);
});

test("a file that does not match is refused with its rows, and nothing changes", async () => {
  const net = makeNet();
  await bitsOf(net);
  await net.saveWeights("small.safetensors");
  const other = sequential([dense(4), dense(2), dense(2, { name: "more" })]);
  other.call(ones([1, 5]));
  const before = await Promise.all(other.weights.map((weight) => weight.array()));
  const rows = compareWeights(other, readSafetensors(folder.get("small.safetensors")!).tensors);
  expect(rows.map(({ path, status }) => [path, status])).toEqual([
    ["0/kernel", "shape"],
    ["0/bias", "shape"],
    ["1/kernel", "shape"],
    ["1/bias", "match"],
    ["more/kernel", "missing"],
    ["more/bias", "missing"],
  ]);
  await expect(other.loadWeights("small.safetensors")).rejects.toThrow(
    'Sequential.loadWeights(): expected all 6 rows to match, got 5 that do not: "0/kernel" is [5, 4], in the file [5, 3]',
  );
  expect(await Promise.all(other.weights.map((weight) => weight.array()))).toEqual(before);
});

test("waiting weights that do not match fail the first call and no later one", async () => {
  const net = makeNet();
  await bitsOf(net);
  await net.saveWeights("waits.params");
  const other = sequential([dense(4, { kernelInitializer: initializers.ones() })]);
  await other.loadWeights("waits.params");
  expect(() => other.call(ones([1, 5]))).toThrow("expected all");
  expect(other.built).toBe(false);
  expect(await other.call(ones([1, 5])).array()).toEqual([[5, 5, 5, 5]]);
});

test("a shared layer is saved once, and a file with its other path still matches", async () => {
  const shared = dense(5);
  const net = sequential([shared, shared]);
  net.call(ones([1, 5]));
  await net.saveWeights("shared.params");
  const { tensors } = readSafetensors(folder.get("shared.params")!);
  expect([...tensors.keys()].toSorted()).toEqual(["0/bias", "0/kernel"]);
  const renamed = new Map([...tensors].map(([name, tensor]) => [name.replace("0", "1"), tensor]));
  expect(compareWeights(net, renamed).map(({ file, path, status }) => [file, path, status])).toEqual([
    ["1/kernel", "0/kernel", "match"],
    ["1/bias", "0/bias", "match"],
  ]);
});

/** Saves tensors to the notebook's folder and loads them. */
import { ArgumentError } from "../base/errors";
import { getHost } from "../base/host";
import { fromElements } from "../tensor/creation";
import { Operand, type Tensor } from "../tensor/tensor";
import type { FileContents, FileFormat } from "./fileFormat";
import { findFormat } from "./findFormat";
import * as formats from "./index";
import { listName, structureOf } from "./listNames";
import { convertToDType } from "./values/convertToDType";
import { toFileTensor } from "./values/fileTensors";

/** Argument of `save`: one tensor, or a list or dictionary of tensors. A Parameter is saved as its value. */
export type Saveable =
  | Operand
  | readonly Operand[]
  | ReadonlyMap<string, Operand>
  | { readonly [name: string]: Operand };

/** Result of `load`. A dictionary has no prototype, so that any name is allowed. */
export type Loaded = Tensor | Tensor[] | { [name: string]: Tensor };

/** Options of `load`. */
export interface LoadOptions {
  /** Device of the tensors. Defaults to the default device. */
  device?: string;
  /** Called with one sentence per converted tensor. Defaults to `console.warn`. */
  onNote?: (sentence: string) => void;
}

/**
 * Saves a tensor, or a list or dictionary of tensors, as a file in the notebook's folder. The extension selects the
 * format; values, shapes and dtypes are stored unchanged.
 *
 * `.npy` stores one tensor. `.npz` and `.safetensors` (also `.params`) store a dictionary under its names, or a list
 * under the names `arr_0`, `arr_1`, and so on. NumPy reads and writes the same files.
 *
 * @param path name of the file, with its extension. An existing file is replaced.
 * @param value one tensor, an array, a Map or an object of tensors. A Parameter is saved as its value.
 * @throws ArgumentError for an unknown extension, and for a value that the format cannot store.
 * @see load
 * @example
 * await save("pair.npz", { x: tensor([1, 2]), y: tensor([[3]]) });
 * const { x, y } = await load("pair.npz");
 * x.array(); // => [1, 2]
 * y.shape; // => [1, 1]
 */
export async function save(path: string, value: Saveable): Promise<void> {
  const at = `save(${JSON.stringify(path)})`;
  const format = formatOf(path, at);
  if (!format.write)
    throw new ArgumentError({
      at,
      expected: "a format that can be written",
      got: format.kind,
      remedy: "Use .npy, .npz or .safetensors.",
    });
  const named = namedTensors(value, format, at);
  const entries = named.map(async ([name, tensor]) => [name, await toFileTensor(tensor)] as const);
  await getHost().writeFile(path, format.write(new Map(await Promise.all(entries))));
}

/**
 * Loads the tensors of a file in the notebook's folder: a Tensor from a file with one, an array from a list, else a
 * dictionary by name.
 *
 * Reads `.npy`, `.npz`, `.safetensors` (also `.params`) and `.idx`. A file is a list if its names are exactly `arr_0`,
 * `arr_1`, and so on. In TypeScript, name the result: `load<Tensor[]>("xy-files.npz")`.
 *
 * float32, int32 and bool stay as they are. Other dtypes are converted, float16 and float64 to float32 and integers to
 * int32, with a remark to `onNote`. Pickled lists and dictionaries of NumPy arrays are read without running code.
 *
 * @param options `device` defaults to the default device, `onNote` to `console.warn`
 * @throws ArgumentError for an unknown extension.
 * @throws FormatError for a file that violates its format.
 * @throws DTypeError for values that no device dtype can represent.
 * @see save
 * @example
 * await save("list.safetensors", [tensor([1, 2]), tensor([true, false])]);
 * const [first, second] = await load("list.safetensors", { device: "CPU:0" });
 * first.array(); // => [1, 2]
 * second.dtype; // => "bool"
 */
// oxlint-disable-next-line typescript/no-explicit-any -- only the caller knows what the file contains, and cells rarely name types
export async function load<Contents extends Loaded = any>(path: string, options: LoadOptions = {}): Promise<Contents> {
  const format = formatOf(path, `load(${JSON.stringify(path)})`);
  const contents = await format.read(await getHost().readFile(path));
  const made = makeTensors(path, contents.tensors, options);
  return structured(made, structureOf(contents)) as Contents;
}

function formatOf(path: string, at: string): FileFormat {
  const format = findFormat(path);
  if (format) return format;
  const endings = Object.values(formats).flatMap(({ extensions }) => extensions);
  throw new ArgumentError({
    at,
    expected: `a path that ends in one of ${endings.join(" ")}`,
    got: JSON.stringify(path),
  });
}

function namedTensors(value: unknown, { holds, extensions }: FileFormat, at: string): [string, Operand][] {
  const entries = value instanceof Operand ? undefined : entriesOf(value);
  if (holds === "one tensor") {
    if (value instanceof Operand) return [["data", value]];
    const remedy = entries && "A list or a dictionary goes into a file that ends in .npz or .safetensors.";
    throw new ArgumentError({ at, expected: "one Tensor", got: describe(value), remedy });
  }
  if (!entries) {
    const remedy = value instanceof Operand ? "Use .npy, or put it in a list: [x]." : undefined;
    const expected = `a list or a dictionary of tensors for ${extensions[0]}`;
    throw new ArgumentError({ at, expected, got: describe(value), remedy });
  }
  for (const [name, item] of entries) {
    if (typeof name === "string" && item instanceof Operand) continue;
    throw new ArgumentError({
      at,
      expected: "only tensors, with strings as names",
      got: `${describe(item)} as ${JSON.stringify(name)}`,
    });
  }
  return entries as [string, Operand][];
}

/** Returns the items of a list, a Map or a plain object by name; undefined for anything else. */
function entriesOf(value: unknown): [unknown, unknown][] | undefined {
  if (Array.isArray(value)) return value.map((item, index) => [listName(index), item]);
  if (value instanceof Map) return [...value];
  if (typeof value !== "object" || value === null) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype ? Object.entries(value) : undefined;
}

function describe(value: unknown): string {
  if (value instanceof Operand) return "a Tensor";
  if (Array.isArray(value)) return "a list";
  if (typeof value !== "object" || value === null) return String(value).slice(0, 40);
  return entriesOf(value) ? "a dictionary" : value.constructor.name;
}

/** Creates the tensors. All are converted before the first is created, so that an error allocates nothing. */
function makeTensors(path: string, tensors: FileContents["tensors"], options: LoadOptions): Map<string, Tensor> {
  const { device, onNote = (sentence: string) => console.warn(sentence) } = options;
  const converted = [...tensors].map(([name, tensor]) => {
    const at = tensors.size > 1 ? `${path}, ${JSON.stringify(name)}` : path;
    const { data, dtype, note } = convertToDType(tensor, at);
    if (note) onNote(`${at}: ${note}.`);
    return { name, data, dtype, shape: tensor.shape };
  });
  return new Map(converted.map(({ name, data, dtype, shape }) => [name, fromElements(data, shape, { dtype, device })]));
}

function structured(tensors: ReadonlyMap<string, Tensor>, structure: ReturnType<typeof structureOf>): Loaded {
  const [first] = tensors.values();
  if (structure === "tensor" && first) return first;
  if (structure === "list") return Array.from({ length: tensors.size }, (_, index) => tensors.get(listName(index))!);
  return Object.assign(Object.create(null) as { [name: string]: Tensor }, Object.fromEntries(tensors));
}
